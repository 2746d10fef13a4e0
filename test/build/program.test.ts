// What `npm run build` leaves in its folder, built over and over, also while the program runs from there.
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
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

async function build(folder = "dist"): Promise<readonly string[]> {
  const args = ["build/program.mjs", "--outdir", folder];
  const { stderr, exitCode } = await sandbox.run(process.execPath, args, { cwd: clone });
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return (await readdir(join(clone, folder))).toSorted();
}

/** A later version, in which one command is another. */
async function change(): Promise<void> {
  const path = join(clone, "src/commands/help.ts");
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
