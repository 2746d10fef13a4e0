import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { withHome } from "../../src/processes/windows-home.ts";

const profile = String.raw`C:\Users\ada`;

test.each([
  [{ HOME: "/c/ada", USERPROFILE: profile }, "/c/ada"],
  [{ USERPROFILE: profile }, profile],
  [{ HOME: "", USERPROFILE: profile }, profile],
  // As tests on any system can have it: a drive and a path that lead to a folder.
  [{ HOMEDRIVE: tmpdir(), HOMEPATH: "/", USERPROFILE: profile }, `${tmpdir()}/`],
  [{ HOMEDRIVE: "H:", HOMEPATH: String.raw`\away`, USERPROFILE: profile }, profile],
  [{}, undefined],
])("of %j is %j on Windows", (env, home) => {
  expect(withHome(env, "win32")["HOME"]).toBe(home);
});

test("is what it is elsewhere", () => {
  expect(withHome({ USERPROFILE: profile }, "linux")).toEqual({ USERPROFILE: profile });
});
