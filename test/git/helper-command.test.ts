// What sh makes of it: test/cli/commands/configure.test.ts, and on Windows test/wine/.
import { expect, test } from "vitest";
import { helperCommand, ownCommand, programOf } from "../../src/git/helper-command.ts";

test("refuses a path that would end the line", () => {
  expect(() => helperCommand("/opt/a\nb")).toThrow("control character");
});

const here = {
  program: "/opt/a b/git-credential-bitbucket",
  script: "/opt/lib/dist/main.js",
  node: "/usr/bin/node",
};

test("is the front, by its absolute path", () => {
  expect(ownCommand({ ...here, platform: "linux" })).toBe(
    String.raw`/opt/a\ b/git-credential-bitbucket`,
  );
});

test("is Node with the script on Windows", () => {
  const paths = {
    program: String.raw`C:\x\dist\main.js`,
    script: String.raw`C:\Müller & Co\git-credential-bitbucket\dist\main.js`,
    node: String.raw`C:\Program Files\nodejs\node.exe`,
  };
  expect(ownCommand({ ...paths, platform: "win32" })).toBe(
    String.raw`C:/Program\ Files/nodejs/node.exe C:/Müller\ \&\ Co/git-credential-bitbucket/dist/main.js`,
  );
});

test.each([
  [String.raw`/opt/a\ b/git-credential-bitbucket`, "/opt/a b/git-credential-bitbucket"],
  ["/opt/git-credential-bitbucket --x", "/opt/git-credential-bitbucket"],
  [
    String.raw`C:/Program\ Files/nodejs/node.exe C:/x/git-credential-bitbucket/dist/main.js`,
    "C:/x/git-credential-bitbucket/dist/main.js",
  ],
  [
    "C:/y/git-credential-bitbucket-0.1.0-win-x64/node.exe C:/y/git-credential-bitbucket-0.1.0-win-x64/dist/main.js",
    "C:/y/git-credential-bitbucket-0.1.0-win-x64/dist/main.js",
  ],
  ["C:/Program Files/git-credential-bitbucket", undefined],
  ["/usr/bin/node /opt/other/dist/main.js", undefined],
  ["/usr/bin/node", undefined],
  ["git-credential-bitbucket", undefined],
  ["manager", undefined],
  ["!f() { git-credential-bitbucket; }; f", undefined],
  ["", undefined],
])("%j names %j", (value, program) => {
  expect(programOf(value)).toBe(program);
});
