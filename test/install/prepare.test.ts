// test/prepare.sh for somebody who may not install packages: the one command that does it.
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { projectRoot } from "../support/project.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";

let sandbox: Sandbox;
let bin: string;

beforeEach(async () => {
  sandbox = await openSandbox();
  bin = join(sandbox.work, "bin");
  await mkdir(bin);
  const wanted = ["sh", "awk", "dirname", "find", "grep", "node", "npm", "paste", "sort", "git"];
  const names = wanted.join(" ");
  const found = await sandbox.run("sh", ["-c", `for name in ${names}; do command -v $name; done`]);
  for (const path of found.stdout.trim().split("\n")) {
    await symlink(path, join(bin, path.replace(/.*\//u, "")));
  }
});
afterEach(async () => await sandbox.close());

async function pretend(name: string, text: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`);
  await chmod(join(bin, name), 0o755);
}

async function prepare(args: readonly string[] = []) {
  const script = join(projectRoot, "test", "prepare.sh");
  return await sandbox.run("sh", [script, ...args], { env: { PATH: bin } });
}

test("who is not root is told the one command that installs what is missing", async () => {
  await pretend("id", "echo 1000");
  await pretend("apt-get", "exit 1");
  const result = await prepare(["demo"]);
  expect(result).toMatchObject({ exitCode: 1, stdout: "" });
  expect(result.stderr).toBe(
    [
      "prepare.sh: error: programs are missing",
      "prepare.sh: hint: sudo apt-get update && sudo apt-get install -y --no-install-recommends openssl",
      "",
    ].join("\n"),
  );
  const all = await prepare();
  expect(all.stderr).toMatch(/apt-get install .* age .* gnome-keyring .* mandoc .* shellcheck /u);
});

test("elsewhere than on Debian, what is missing is named", async () => {
  await pretend("id", "echo 0");
  const result = await prepare(["demo"]);
  expect(result).toMatchObject({ exitCode: 1, stdout: "" });
  expect(result.stderr).toContain("hint: install these, by their Debian names: openssl");
});

test("root installs them, after fetching the lists when that fails at first", async () => {
  await pretend("id", "echo 0");
  await pretend(
    "apt-get",
    `echo "$*" >>"$TMPDIR/asked"
     case $1 in
       update) : >"$TMPDIR/lists" ;;
       install) [ -e "$TMPDIR/lists" ] && ln -s /bin/true "${bin}/openssl" ;;
     esac`,
  );
  await symlink("/bin/ln", join(bin, "ln"));
  const result = await prepare(["demo"]);
  expect(result).toMatchObject({ exitCode: 0, stderr: "", stdout: "installing openssl\n" });
  const asked = await sandbox.run("cat", [join(sandbox.env["TMPDIR"] ?? "", "asked")]);
  expect(asked.stdout.split("\n").map((line) => line.split(" ")[0])).toEqual([
    "install",
    "update",
    "install",
    "",
  ]);
});
