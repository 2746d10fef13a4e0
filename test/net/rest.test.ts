// The REST client against real servers on loopback: where it sends a token, and what it makes of an answer.
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { Secret } from "../../src/secret.ts";
import { always, type Answer } from "../servers/cloud/local-api.ts";
import { answered, bearer, restHarness } from "./rest-harness.ts";

const rest = restHarness();

describe("what is sent", () => {
  test("one GET with the token, to the API only", async () => {
    const api = await rest.serve(always(200, { username: "ada" }));
    const answer = answered(await rest.get({ apiUrl: api.url }));
    expect(answer.status).toBe(200);
    expect(answer.body).toBe('{"username":"ada"}');
    expect(api.requests).toEqual([{ line: "GET /2.0/user", authorization: bearer.reveal() }]);
  });

  test.each([
    ["POST", "application/x-www-form-urlencoded", "grant_type=refresh_token&refresh_token=xyzzy"],
    ["PUT", "application/json", '{"data":{"value":"ü"}}'],
  ] as const)("a body with %s, as %s", async (method, type, content) => {
    const received: string[] = [];
    const api = await rest.serve((request, response) => {
      request.setEncoding("utf8").on("data", (text: string) => received.push(text));
      request.on("end", () => response.end(request.headers["content-type"]));
    });
    const client = rest.open({ apiUrl: api.url });
    const body = { type, content: new Secret(content) };
    const answer = answered(
      await client.send({ method, path: "/token", authorization: bearer, body }),
    );
    expect(answer.body).toBe(type);
    expect(received.join("")).toBe(content);
    expect(api.requests).toEqual([{ line: `${method} /token`, authorization: bearer.reveal() }]);
  });

  test("DELETE without a body, and an answer without one", async () => {
    const api = await rest.serve(always(204));
    const client = rest.open({ apiUrl: api.url });
    const answer = answered(await client.send({ method: "DELETE", path: "/v1/secret/data/a" }));
    expect([answer.status, answer.body]).toEqual([204, ""]);
    expect(api.requests).toEqual([{ line: "DELETE /v1/secret/data/a", authorization: "" }]);
  });

  test("a path before /2.0, with or without the /2.0 in the setting", async () => {
    const api = await rest.serve(always(200, "{}"));
    for (const path of ["/api", "/api/", "/api/2.0", "/2.0/", ""])
      await rest.get({ apiUrl: `${api.url}${path}` });
    expect(api.requests.map(({ line }) => line)).toEqual([
      "GET /api/2.0/user",
      "GET /api/2.0/user",
      "GET /api/2.0/user",
      "GET /2.0/user",
      "GET /2.0/user",
    ]);
  });

  test("several requests share one connection", async () => {
    const api = await rest.serve(always(200, "{}"));
    const client = rest.open({ apiUrl: api.url });
    await client.get("/2.0/user", bearer);
    await client.get("/2.0/repositories/acme/api", bearer);
    expect(api.requests).toHaveLength(2);
    expect(api.connections()).toBe(1);
  });

  test.each([301, 302, 303, 307, 308])("a redirect (%i) is not followed", async (status) => {
    const other = await rest.serve(always(200, { username: "mallory" }));
    const api = await rest.serve(always(status, "", { location: `${other.url}/2.0/user` }));
    expect(answered(await rest.get({ apiUrl: api.url })).status).toBe(status);
    expect(api.requests).toHaveLength(1);
    expect(other.connections()).toBe(0);
  });

  test("plain http on this machine", async () => {
    const api = await rest.serve(always(200, "{}"), null);
    expect(answered(await rest.get({ apiUrl: api.url })).status).toBe(200);
    const named = await rest.get({ apiUrl: `http://localhost:${api.port}` });
    expect(answered(named).status).toBe(200);
  });

  test.each([
    "http://api.bitbucket.org",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://[::2]",
    "http://1.2.3.4",
    "ftp://api.bitbucket.org",
    "https://user:secret@api.bitbucket.org",
    "https://user@api.bitbucket.org",
    "https://api.bitbucket.org/?a=b",
    "https://api.bitbucket.org/#a",
    "api.bitbucket.org",
    "",
  ])("never to %j", (apiUrl) => {
    expect(() => rest.open({ apiUrl })).toThrow(
      expect.objectContaining({ code: "bad-setting" }) as Error,
    );
  });

  test.each(["a\nb", "a\r\nx-other: 1", "a\0b", "ü", "a\tb", ""])(
    "a header value %j is not tried",
    async (value) => {
      const api = await rest.serve(always(200, "{}"));
      const client = rest.open({ apiUrl: api.url });
      const result = await client.get("/2.0/user", new Secret(value));
      expect(result).toMatchObject({ failure: "secret" });
      expect(api.connections()).toBe(0);
    },
  );
});

describe("answers", () => {
  test("headers in lower case, also those named like a prototype's members", async () => {
    const api = await rest.serve((_request, response) => {
      const names = { "X-OAuth-Scopes": "repository", ["__proto__"]: "a", constructor: "b" };
      response.writeHead(403, Object.entries(names).flat());
      response.end();
    });
    const { headers } = answered(await rest.get({ apiUrl: api.url }));
    expect(headers.get("x-oauth-scopes")).toBe("repository");
    expect(headers.get("__proto__")).toBe("a");
    expect(headers.get("constructor")).toBe("b");
  });

  test("a repeated header is one", async () => {
    const api = await rest.serve((_request, response) => {
      response.writeHead(403, { "x-oauth-scopes": ["repository", "account"] });
      response.end();
    });
    const { headers } = answered(await rest.get({ apiUrl: api.url }));
    expect(headers.get("x-oauth-scopes")).toBe("repository, account");
  });

  test("gzip that nobody asked for is unpacked", async () => {
    const body = gzipSync('{"username":"ada"}');
    const api = await rest.serve(raw(200, { "content-encoding": "gzip" }, body));
    expect(answered(await rest.get({ apiUrl: api.url })).body).toBe('{"username":"ada"}');
  });

  test.each([
    ["a bomb", "gzip", gzipSync(Buffer.alloc(50_000_000))],
    ["not gzip at all", "gzip", Buffer.from("{}")],
    ["another coding", "br", Buffer.from("{}")],
  ])("%s as body is an answer without a body", async (_what, coding, body) => {
    const api = await rest.serve(raw(403, { "content-encoding": coding }, body));
    expect(answered(await rest.get({ apiUrl: api.url }))).toMatchObject({ status: 403, body: "" });
  });

  test("an endless body is cut and the connection ended", async () => {
    const chunk = Buffer.alloc(65_536, "a");
    let ended: Promise<unknown> = Promise.resolve();
    const api = await rest.serve((_request, response) => {
      ended = new Promise((resolve) => response.once("close", resolve));
      response.writeHead(200);
      const pump = () => {
        while (!response.destroyed && response.write(chunk));
        response.once("drain", pump);
      };
      pump();
    });
    const client = rest.open({ apiUrl: api.url });
    expect(answered(await client.get("/2.0/user", bearer)).body).toHaveLength(262_144);
    await ended;
  });

  test("a body that is no UTF-8 is text all the same", async () => {
    const api = await rest.serve(raw(200, {}, Buffer.from([0xff, 0xfe, 0x00])));
    expect(answered(await rest.get({ apiUrl: api.url })).body).toBe("\uFFFD\uFFFD\0");
  });
});

function raw(status: number, headers: Readonly<Record<string, string>>, body: Buffer): Answer {
  return (_request, response) => {
    response.writeHead(status, headers);
    response.end(body);
  };
}
