// What is proof against a token, and what proves nothing. docs/design.md, "Verdicts".
import { describe, expect, test } from "vitest";
import type { TokenKind } from "../../../src/servers/token-kind.ts";
import type { CheckSubject } from "../../../src/servers/check-subject.ts";
import type { Token } from "../../simulator/records.ts";
import { always, type Answer } from "./local-api.ts";
import { ada, denial, validateHarness } from "./validate-harness.ts";

const bitbucket = validateHarness();

describe("rejected", () => {
  const dead: [string, (token: Token) => void][] = [
    ["revoked", (token) => bitbucket.site.revoke(token)],
    ["expired", () => (bitbucket.now += 400 * 86_400_000)],
  ];

  test.each(dead)("an API token that is %s, asked twice", async (_what, kill) => {
    const token = bitbucket.site.apiToken("ada");
    kill(token);
    expect(await bitbucket.check("api-token", token, ada)).toMatchObject({ outcome: "rejected" });
    expect(bitbucket.asked).toEqual(["/2.0/user Basic", "/2.0/user Basic", "/2.0/user Bearer"]);
  });

  test.each(dead)("an OAuth token that is %s", async (_what, kill) => {
    const token = bitbucket.site.oauthToken("ada");
    kill(token);
    expect(await bitbucket.check("oauth-token", token)).toMatchObject({ outcome: "rejected" });
    expect(bitbucket.asked).toEqual(["/2.0/user Bearer", "/2.0/user Bearer"]);
  });

  test("an API token without scopes", async () => {
    const verdict = await bitbucket.check("api-token", bitbucket.site.unscopedApiToken("ada"), ada);
    expect(verdict).toMatchObject({ outcome: "rejected" });
  });

  test("an access token that is revoked", async () => {
    const token = bitbucket.site.accessToken({ workspace: "acme" });
    bitbucket.site.revoke(token);
    expect(await bitbucket.check("access-token", token)).toMatchObject({ outcome: "rejected" });
  });

  test("trouble with the second way takes nothing from the proof", async () => {
    const token = bitbucket.site.unscopedApiToken("ada");
    bitbucket.faults = [undefined, undefined, always(503)];
    expect(await bitbucket.check("api-token", token, ada)).toMatchObject({ outcome: "rejected" });
  });
});

describe("a good token that gets a 401 by mistake (BCLOUD-24107)", () => {
  test("is asked about again", async () => {
    bitbucket.faults = [denial];
    expect(await bitbucket.check("api-token", bitbucket.site.apiToken("ada"), ada)).toMatchObject({
      outcome: "valid",
    });
    expect(bitbucket.asked.slice(0, 2)).toEqual(["/2.0/user Basic", "/2.0/user Basic"]);
  });

  test.each([
    [
      "a fault",
      always(500),
      "bitbucket answered 401 once, then: bitbucket has a fault of its own (500)",
    ],
    [
      "a limit",
      always(429),
      "bitbucket answered 401 once, then: bitbucket takes no more requests for now (429)",
    ],
    ["silence", () => {}, "bitbucket answered 401 once, then: bitbucket did not answer within 3 s"],
  ] satisfies [string, Answer, string][])(
    "and %s the second time is no proof",
    async (_what, second, because) => {
      bitbucket.faults = [denial, second];
      const token = bitbucket.site.accessToken({ workspace: "acme" });
      expect(await bitbucket.check("access-token", token, {}, 3_000)).toMatchObject({
        outcome: "unknown",
        because,
      });
    },
  );
});

describe("unknown", () => {
  const none: [string, Answer, string][] = [
    ["429 in JSON", always(429, { type: "error", error: { message: "Rate limit" } }), "busy"],
    ["429 as text", always(429, "Rate limit for this resource has been exceeded"), "busy"],
    ["500", always(500, "<html>"), "fault"],
    ["503", always(503), "fault"],
    ["a redirect", always(302, "", { location: "https://example.com/" }), "elsewhere"],
    ["410", always(410, { type: "error", error: { message: "CHANGE-2770" } }), "elsewhere"],
    ["404", always(404, { type: "error", error: { message: "Resource not found" } }), "elsewhere"],
    ["204", always(204), "elsewhere"],
    ["a page for people", always(200, "<html>Sign in to the network</html>"), "elsewhere"],
    ["an empty answer", always(200), "elsewhere"],
    ["JSON of somebody else", always(200, { ok: true }), "elsewhere"],
    ["a list", always(200, "[]"), "elsewhere"],
    ["null", always(200, "null"), "elsewhere"],
    ["a number as name", always(200, { username: 7, uuid: null, account_id: {} }), "elsewhere"],
    ["a prototype as user", always(200, '{"__proto__":{"username":"ada"}}'), "elsewhere"],
    ["a gateway's 403", always(403, "<html>blocked</html>"), "refused"],
    [
      "403 before the token was looked at",
      always(403, { type: "error", error: { message: "IP" } }),
      "refused",
    ],
    ["a gateway's 401", always(401, "", { "www-authenticate": "Basic realm=gate" }), "refused"],
    ["a bare 401", always(401), "refused"],
    ["403 of another path", always(403, { error: { message: "Forbidden" } }), "refused"],
    ["half an answer", (_request, response) => response.socket?.end("HTTP/1.1 2"), "network"],
    ["no HTTP", (_request, response) => response.socket?.end("hello\r\n\r\n"), "garbage"],
    ["silence", () => {}, "timeout"],
  ];
  test.each(none)("%s", async (_what, answer, doubt) => {
    bitbucket.faults = Array.from({ length: 9 }, () => answer);
    const token = bitbucket.site.accessToken({ workspace: "acme" });
    const verdict = await bitbucket.check(
      "access-token",
      token,
      {},
      doubt === "timeout" ? 1_500 : undefined,
    );
    expect(verdict).toMatchObject({ outcome: "unknown", doubt });
    expect(bitbucket.asked).toHaveLength(1);
  });

  test.each([
    [
      { email: "bob@example.com" },
      "with bob@example.com, which was never confirmed (401)",
      ["Basic", "Bearer"],
    ],
    [{}, "it is not known to whom the token belongs", ["Bearer"]],
    [{ email: "ada", emailCertain: true }, "what stands for the email is a username", ["Bearer"]],
    [
      { email: "ada:x@example.com", emailCertain: true },
      "what stands for the email is a username",
      ["Bearer"],
    ],
  ])("401 to an API token without a certain email: %j", async (identity, because, schemes) => {
    const verdict = await bitbucket.check("api-token", bitbucket.site.apiToken("ada"), identity);
    expect(verdict).toMatchObject({
      outcome: "unknown",
      doubt: "identity",
      because: expect.stringContaining(because) as string,
    });
    expect(verdict).toHaveProperty("because", expect.stringContaining("Atlassian account email"));
    expect(bitbucket.asked).toEqual(schemes.map((scheme) => `/2.0/user ${scheme}`));
  });

  test("401 to a token of unknown kind", async () => {
    const token = { secret: "0123456789abcdef" };
    expect(await bitbucket.check("unknown", token, { asked: true })).toMatchObject({
      outcome: "unknown",
      doubt: "identity",
    });
    expect(bitbucket.asked).toEqual(["/2.0/user Bearer"]);
  });

  test.each([
    ["app-password", { asked: true }],
    ["data-center-token", { asked: true }],
    ["unknown", {}],
  ] satisfies [TokenKind, Partial<CheckSubject>][])("%s: sent nowhere", async (kind, more) => {
    const verdict = await bitbucket.check(
      kind,
      { secret: "0123456789abcdef" },
      { ...ada, ...more },
    );
    expect(verdict).toMatchObject({ outcome: "unknown", doubt: "unsendable" });
    expect(bitbucket.asked).toEqual([]);
  });

  test.each(["a b", "pässword", "a\nb", ""])(
    "a password such as %j: sent nowhere",
    async (secret) => {
      for (const kind of ["unknown", "access-token", "oauth-token"] as const)
        expect(await bitbucket.check(kind, { secret }, { asked: true })).toMatchObject({
          outcome: "unknown",
          doubt: "unsendable",
        });
      expect(bitbucket.asked).toEqual([]);
    },
  );

  test.each([
    ["To access this repository, an admin must whitelist your IP.", "first allow the address"],
    ["To access this repository, enable two-step authentication.", "wants two-step verification"],
    ["\u001b[31mNo", "without saying why"],
  ])("the repository's 403 says %j", async (message, because) => {
    bitbucket.faults = [undefined, always(403, { type: "error", error: { message } })];
    const verdict = await bitbucket.check(
      "access-token",
      bitbucket.site.accessToken({ workspace: "acme" }),
    );
    expect(verdict).toMatchObject({
      outcome: "unknown",
      doubt: "refused",
      because: expect.stringContaining(because) as string,
    });
    expect(JSON.stringify(verdict)).not.toContain("[31m");
  });
});
