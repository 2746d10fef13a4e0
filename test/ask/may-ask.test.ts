import { expect, test } from "vitest";
import { mayAsk } from "../../src/ask/may-ask.ts";

const yes = { interactive: true };

test.each([
  [{}, yes, "get", true],
  [{}, yes, "command", true],
  [{}, { interactive: false }, "get", false],
  [{}, { interactive: false }, "command", false],
  [{ CI: "true" }, yes, "get", false],
  [{ CI: "1" }, yes, "command", false],
  [{ CI: "" }, yes, "get", true],
  [{ CI: "False" }, yes, "get", true],
  [{ CI: "0" }, yes, "get", true],
  [{ GIT_ASKPASS: "/usr/bin/askpass" }, yes, "get", false],
  [{ GIT_ASKPASS: "/usr/bin/askpass" }, yes, "command", true],
  [{ GIT_ASKPASS: "" }, yes, "get", true],
] as const)("with %j and %j, for %s: %s", (env, settings, occasion, allowed) => {
  expect(mayAsk({ env }, settings, occasion)).toBe(allowed);
});
