import { describe, expect, it } from "vitest";
import { tokenFromEnvironment } from "../../src/settings/environment-token.ts";

const token = `ATATT3xFfGF0${"q".repeat(171)}=1A2B3C4D`;

describe("tokenFromEnvironment", () => {
  it.each([{}, { BITBUCKET_TOKEN: "" }, { BITBUCKET_EMAIL: "ada@example.com" }])(
    "is nothing without a token: %j",
    (env) => {
      expect(tokenFromEnvironment(env)).toBeUndefined();
    },
  );

  it("brings the token and who it belongs to", () => {
    const found = tokenFromEnvironment({
      BITBUCKET_TOKEN: token,
      BITBUCKET_EMAIL: "ada@example.com",
      BITBUCKET_USERNAME: "ada",
    });
    expect(found?.secret.reveal()).toBe(token);
    expect(found).toMatchObject({ email: "ada@example.com", username: "ada" });
    expect(JSON.stringify(found)).not.toContain("ATATT");
  });

  it("takes empty companions as not set", () => {
    const env = { BITBUCKET_TOKEN: "x", BITBUCKET_EMAIL: "", BITBUCKET_USERNAME: "" };
    expect(tokenFromEnvironment(env)).toMatchObject({ email: undefined, username: undefined });
  });

  it.each(["\n", "\r", "\u0000", "\t", "\u0085", "\u007f"])(
    "refuses the control character %j, without quoting what it is in",
    (control) => {
      for (const name of ["BITBUCKET_TOKEN", "BITBUCKET_EMAIL", "BITBUCKET_USERNAME"]) {
        const env = { BITBUCKET_TOKEN: token, [name]: `hunter2${control}` };
        expect(() => tokenFromEnvironment(env)).toThrowError(
          expect.objectContaining({
            code: "bad-setting",
            message: `${name} contains a line break or another control character`,
            hint: `export ${name}="$(printf %s "$${name}" | tr -d '[:cntrl:]')"`,
          }),
        );
      }
    },
  );
});
