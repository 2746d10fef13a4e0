// Files that never end, never answer or never stop growing: nothing that a repository names is opened by the daemon, and
// what else it looks at cannot keep it from answering the others.
import { execFileSync } from "node:child_process";
import { mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerFor, type DaemonHome, openDaemonHome, token } from "./home.ts";

let home: DaemonHome;
let repository: string;
let pid: number;
const answered = answerFor(token("a"));

beforeEach(async () => {
  home = await openDaemonHome();
  repository = join(home.work, "repository");
  execFileSync("git", ["init", "-q", repository], { env: home.env });
  await home.seed("acme");
  await home.get();
  pid = await home.untilWarm();
});
afterEach(() => home.close());

const fifo = (path: string): string => {
  execFileSync("mkfifo", [path]);
  return path;
};

async function residentBytes(): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1]) * 1024;
}

/** Answered from memory, and by the same daemon as in the beginning. */
async function expectWarm(options: Parameters<DaemonHome["get"]>[1] = {}): Promise<void> {
  const before = (await home.status())?.hits ?? 0;
  expect(await home.get(undefined, options)).toEqual({ stdout: answered, stderr: "", exitCode: 0 });
  expect(await home.status()).toMatchObject({ pid, hits: before + 1 });
}

describe("a repository", () => {
  test("whose configuration is a FIFO", async () => {
    execFileSync("rm", [join(repository, ".git/config")]);
    fifo(join(repository, ".git/config"));
    await expectWarm({ cwd: repository });
    await expectWarm({ env: { GIT_DIR: join(repository, ".git") } });
  });

  test.each(["commondir", "config.worktree", "HEAD"])("whose %s is a FIFO", async (name) => {
    execFileSync("rm", ["-f", join(repository, ".git", name)]);
    fifo(join(repository, ".git", name));
    await expectWarm({ cwd: repository });
  });

  test("whose .git is a FIFO", async () => {
    const folder = join(home.work, "other");
    await mkdir(folder);
    fifo(join(folder, ".git"));
    await expectWarm({ cwd: folder });
  });

  test("that includes devices, and itself", async () => {
    const lines = ["/dev/zero", "/dev/random", "/proc/kmsg", "config"].map(
      (path) => `\tpath = ${path}\n`,
    );
    await writeFile(join(repository, ".git/config"), `[include]\n${lines.join("")}`);
    const before = await residentBytes();
    await expectWarm({ cwd: repository });
    expect((await residentBytes()) - before).toBeLessThan(20 << 20);
  });
});

/** The person's own files can be broken as well: then git cannot say anything, but the others are answered. */
async function expectOthersAnswered(env: Record<string, string>): Promise<void> {
  const before = await residentBytes();
  const broken = home.get(undefined, { env });
  await expectWarm({ env: { GIT_CONFIG_GLOBAL: "/dev/null" } });
  expect(await broken).toMatchObject({
    stdout: "",
    stderr: expect.stringContaining("error: git "),
  });
  await expectWarm({ env: { GIT_CONFIG_GLOBAL: "/dev/null" } });
  expect((await residentBytes()) - before).toBeLessThan(20 << 20);
}

describe("the person's configuration", () => {
  test("includes a FIFO", async () => {
    const path = fifo(join(home.home, "fifo"));
    await writeFile(join(home.home, ".gitconfig"), `[include]\n\tpath = ${path}\n`);
    await expectOthersAnswered({});
  });

  test("is a FIFO", async () => {
    await expectOthersAnswered({ GIT_CONFIG_GLOBAL: fifo(join(home.home, "fifo")) });
  });

  test("is a device", async () => {
    await expectOthersAnswered({ GIT_CONFIG_GLOBAL: "/dev/zero" });
  });

  test("is larger than any", async () => {
    const file = join(home.home, "sparse");
    await writeFile(file, "[a]\n");
    await truncate(file, 2 ** 33);
    await expectOthersAnswered({ GIT_CONFIG_GLOBAL: file });
  });

  test("includes itself many times", async () => {
    const file = join(home.home, "loop");
    await writeFile(file, `[include]\n${"\tpath = loop\n".repeat(50_000)}`);
    await expectOthersAnswered({ GIT_CONFIG_GLOBAL: file });
  });

  test("has a line of nothing but spaces", async () => {
    const file = join(home.home, "spaces");
    await writeFile(file, `[include]\n\tpath = ${" ".repeat(900_000)}x\n`);
    await expectWarm({ env: { GIT_CONFIG_GLOBAL: file } });
  });
});
