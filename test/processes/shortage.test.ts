// Where the system lets a program open few files, what fails is told by one sentence, whatever fails first.
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { installFront } from "../support/front.ts";
import { programScript } from "../support/project.ts";
import { openSandbox, type RunResult, type Sandbox } from "../support/sandbox.ts";

const input = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n";
const told = {
  exitCode: 1,
  stdout: "",
  stderr:
    "git-credential-bitbucket: error: the system lets this program open no more files\n" +
    "git-credential-bitbucket: hint: ulimit -n 256\n",
};
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await openSandbox();
  onTestFinished(() => sandbox.close());
});

async function within(limit: string, words: readonly string[]): Promise<RunResult> {
  const script = `ulimit ${limit} && exec "$@"`;
  return await sandbox.run("sh", ["-c", script, "sh", ...words], { input });
}

describe("the program", () => {
  test.each(["get", "status", "configure"])("%s", async (word) => {
    expect(await within("-n 22", [process.execPath, programScript, word])).toEqual(told);
  });

  test.each([22, 26, 30, 34])("doctor, with %d", async (limit) => {
    const { stderr } = await within(`-n ${limit}`, [process.execPath, programScript, "doctor"]);
    expect(stderr).toBe(told.stderr);
  });
});

describe("the front", () => {
  test.each([17, 22])("with %d", async (limit) => {
    const front = await installFront(join(sandbox.work, "bin"));
    expect(await within(`-n ${limit}`, [front, "get"])).toEqual(told);
  });

  test.each([17, 22])("takes more than %d where it may", async (limit) => {
    const front = await installFront(join(sandbox.work, "bin"));
    const words = [front, "doctor"];
    const { stdout, stderr } = await within(`-S -n ${limit}`, words);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^ok +git +\d/mu);
  });
});
