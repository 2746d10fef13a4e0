// What `npm run build` leaves in its folder, built over and over, also while the program runs from there.
import { copyFile, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeClone } from "../install/clone.ts";
import { openSandbox, type RunResult, type Sandbox } from "../support/sandbox.ts";

let sandbox: Sandbox;
let clone: string;
const inDist = (name: string) => join(clone, "dist", name);

beforeEach(async () => {
  sandbox = await openSandbox();
  clone = await makeClone(sandbox);
});
afterEach(() => sandbox.close());

const token = `ATCTT3xFfGF0${"a".repeat(60)}`;

async function build(folder = "dist", ...options: string[]): Promise<readonly string[]> {
  const args = ["build/program.mjs", "--outdir", folder, ...options];
  const { stderr, exitCode } = await sandbox.run(process.execPath, args, { cwd: clone });
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return (await readdir(join(clone, folder))).toSorted();
}

/** A later version, in which one command is another. */
async function change(): Promise<void> {
  const path = join(clone, "src/cli/commands/help.ts");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace("The manual:", "All there is to know:"));
}

const help = () => sandbox.run(process.execPath, [inDist("main.js"), "help"]);

test("files of the build before go, and what is nobody's stays", async () => {
  const before = await build();
  await change();
  const own = ["notes.txt", "program_1.0_amd64.deb", "hand-written.js"];
  for (const name of own) await writeFile(inDist(name), "");
  const after = await build();
  const fresh = await build("fresh");
  expect(after).toEqual([...fresh, ...own].toSorted());
  expect(before.some((name) => !after.includes(name))).toBe(true);
  expect((await help()).stdout).toContain("All there is to know:");
});

test("a build that changes nothing touches nothing", async () => {
  const times = async (names: readonly string[]) =>
    await Promise.all(
      names.map(async (name) => {
        const { mtimeNs, ino } = await stat(inDist(name), { bigint: true });
        return [name, mtimeNs, ino];
      }),
    );
  const before = await times(await build());
  expect(await times(await build())).toEqual(before);
  // What is missing or damaged is made whole.
  await rm(inDist("package.json"));
  await writeFile(inDist("main.js"), "");
  await build();
  expect((await help()).exitCode).toBe(0);
});

test("two builds at once, and a program that runs meanwhile", async () => {
  await build();
  await change();
  await build();
  const both = Promise.all([build(), build()]);
  const end = both.then(() => "built" as const);
  let result: RunResult | "built" = await help();
  while (result !== "built") {
    expect(result).toMatchObject({ stderr: "", exitCode: 0 });
    result = await Promise.race([end, help()]);
  }
  const [one, other] = await both;
  expect(one).toEqual(other);
});

describe("what V8 made of the program is kept", () => {
  const request = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n";
  const answer = `username=x-token-auth\npassword=${token}\n`;
  const env = {
    GIT_CREDENTIAL_BITBUCKET_STORE: "file",
    GIT_CREDENTIAL_BITBUCKET_DAEMON: "false",
  };
  let kept: readonly string[];

  beforeEach(async () => {
    const names = await build("dist", "--keep-code");
    kept = names.filter((name) => /\.code-\d/u.test(name));
    const login = ["login", "--with-token", "--no-validate", "--workspace", "acme"];
    await sandbox.run(process.execPath, [inDist("main.js"), ...login], { env, input: token });
  });

  /** @returns what the helper answers, and for each script with something kept whether V8 refused it. */
  async function get(node = process.execPath) {
    const spy = join(sandbox.work, "spy.cjs");
    await writeFile(spy, spyOnScripts);
    const args = ["--require", spy, inDist("main.js"), "get"];
    return await sandbox.run(node, args, { env, input: request });
  }

  test("and taken by the Node that made it", async () => {
    expect(kept).toEqual([
      expect.stringMatching(/^age-/u) as string,
      expect.stringMatching(/^git-/u) as string,
      expect.stringMatching(/^git-operation-/u) as string,
      expect.stringMatching(/^rest-/u) as string,
    ]);
    expect(await get()).toMatchObject({
      stdout: answer,
      stderr: "git-operation false\nage false\nrest false\n",
    });
  });

  test("and not given to another", async () => {
    const other = join(sandbox.work, "node");
    await copyFile(process.execPath, other);
    expect(await get(other)).toMatchObject({
      stdout: answer,
      stderr: "git-operation undefined\nage undefined\nrest undefined\n",
    });
  });

  test("and not needed, whole or not", async () => {
    for (const name of kept) await truncate(inDist(name), 5000);
    expect(await get()).toMatchObject({
      stdout: answer,
      stderr: "git-operation true\nage true\nrest true\n",
    });
    for (const name of kept) await rm(inDist(name));
    expect((await get()).stdout).toBe(answer);
  });

  test("and has nothing of where it was made", async () => {
    for (const name of kept) {
      const bytes = await readFile(inDist(name));
      expect(bytes.includes(sandbox.home) || bytes.includes("ATCTT3xFfGF0")).toBe(false);
    }
  });

  test("and goes with the build", async () => {
    expect(await build("dist")).toEqual(await build("fresh"));
  });
});

const spyOnScripts = `
const vm = require("node:vm");
const { basename } = require("node:path");
const { Script } = vm;
vm.Script = class extends Script {
  constructor(code, options) {
    super(code, options);
    process.stderr.write(basename(options.filename).replace(/-.{8}\\.code$/u, "") + " " + this.cachedDataRejected + "\\n");
  }
};
`;
