// The front under a hostile environment: what the shell, PATH and a missing printf could do with a password, and foreign code.
import { mkdir, readdir, readFile, symlink, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { projectRoot } from "../support/project.ts";
import { answerFor, type DaemonHome, openDaemonHome, requestFor, token } from "./home.ts";

const shells = ["dash", "bash", "bash --posix", "busybox sh", "mksh", "zsh --emulate sh"];
const bashes = ["bash", "bash --posix"];
const api = requestFor("acme/api.git");
const served = `${api}${answerFor(token("a"))}`;
let home: DaemonHome;
let traces: string;

beforeEach(async () => {
  home = await openDaemonHome();
  traces = join(home.work, "traces");
  await writeFile(traces, "");
});
afterEach(() => home.close());

/** An executable in a folder that says that it was run, and with what. */
async function plant(folder: string, names: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const script = `#!/bin/sh\nprintf '%s\\n' "\${0##*/} $*" >>'${traces}'\n`;
  for (const name of names) await writeFile(join(folder, name), script, { mode: 0o755 });
}

const traced = () => readFile(traces, "utf8");

async function warm(): Promise<void> {
  await home.seed("acme");
  await home.get(api);
  await home.untilWarm();
}

describe.each(shells)("%s", (shell) => {
  test("programs of the current folder are not run, whatever PATH says", async () => {
    await warm();
    const folder = join(home.work, "repository");
    const programs = ["git", "node", "ls", "sleep", "ps", "cat", "readlink", "printf", "timeout"];
    await plant(folder, programs);
    await plant(join(folder, "bin"), programs);
    const paths = [".:PATH", ":PATH", "PATH:", "bin:PATH", "./bin:PATH", ".:..:bin", ".", ""];
    const options = { shell: await pathOf(shell), cwd: folder };
    for (const path of paths) {
      const env = { PATH: path.replace("PATH", String(home.env["PATH"])) };
      expect((await home.get(api, { ...options, env })).stdout).toBe(answerFor(token("a")));
      await home.helper(["store"], { ...options, env, input: served });
    }
    await home.helper(["status"], { ...options, env: { PATH: `.:${home.env["PATH"]}` } });
    expect(await traced()).toBe("");
  });

  test("no password stands in arguments", async () => {
    await warm();
    const folder = join(home.work, "early");
    await plant(folder, ["printf", "echo"]);
    const log = join(home.work, "execs");
    const strace = ["-f", "-qq", "-s", "4096", "-e", "trace=execve", "-o", log];
    const words = [...shell.split(" "), home.front];
    const env = { PATH: `${folder}:${home.env["PATH"]}` };
    for (const operation of ["get", "store", "erase"])
      await home.run("strace", [...strace, ...words, operation], { input: served, env });
    expect(await readFile(log, "utf8")).toContain("execve(");
    expect(await readFile(log, "utf8")).not.toContain(token("a"));
    expect(await traced()).not.toContain(token("a"));
  });

  test("what the environment says of words, functions and folders is not heard", async () => {
    await warm();
    const before = await home.helperStarts();
    const env = { IFS: "=s", CDPATH: "/", FPATH: home.work, ENV: traces, LC_ALL: "C", LANG: "C" };
    const got = await home.get(api, { shell, env });
    expect(got).toEqual({ stdout: answerFor(token("a")), stderr: "", exitCode: 0 });
    // mksh has no printf, and asks the helper.
    expect(await home.helperStarts()).toBe(shell === "mksh" ? before + 1 : before);
  });
});

/** A shell is found before the front takes PATH apart. */
async function pathOf(shell: string): Promise<string> {
  const [name = "", ...args] = shell.split(" ");
  const { stdout } = await home.run("sh", ["-c", `command -v ${name}`]);
  return [stdout.trim(), ...args].join(" ");
}

describe.each([...bashes, "sh"])("bash as %s", (name) => {
  let shell = name;
  beforeEach(async () => {
    shell = name;
    if (name !== "sh") return;
    // Under this name it is what /bin/sh is where that is bash.
    await mkdir(join(home.work, "as"));
    await symlink(await pathOf("bash"), join(home.work, "as/sh"));
    shell = join(home.work, "as/sh");
  });

  test.each(["xtrace", "verbose", "allexport", "xtrace:verbose:allexport:noglob:nounset:errexit"])(
    "SHELLOPTS=%s shows no password",
    async (SHELLOPTS) => {
      await warm();
      for (const BASH_XTRACEFD of [undefined, "1", "2"]) {
        const env = { SHELLOPTS, BASH_XTRACEFD };
        const got = await home.get(api, { shell, env });
        expect(got.stdout).toBe(answerFor(token("a")));
        expect(got.stderr).not.toContain(token("a"));
        const stored = await home.helper(["store"], { shell, env, input: served });
        expect(stored.stdout + stored.stderr).not.toContain(token("a"));
      }
      await writeFile(home.script, "console.error(JSON.stringify(process.env))");
      const env = { SHELLOPTS };
      const { stderr } = await home.helper(["erase"], { shell, env, input: served });
      expect(stderr).toContain("XDG_RUNTIME_DIR");
      expect(stderr).not.toContain(token("a"));
    },
  );

  test("PS4 runs nothing while the front runs", async () => {
    await warm();
    // Not as root, for whom bash does not take PS4 from the environment.
    const env = { SHELLOPTS: "xtrace", PS4: `$(echo traced >>'${traces}')` };
    await home.run("chmod", ["-R", "a+rwX", dirname(home.home)]);
    const command = ["--reuid=65534", "--clear-groups", ...shell.split(" "), home.front, "get"];
    await home.run("setpriv", command, { input: api, env });
    expect(await traced()).toBe("");
  });

  test("functions of the environment do not stand in for the commands that the front uses", async () => {
    await warm();
    const front = await readFile(join(projectRoot, "dist/git-credential-bitbucket"), "utf8");
    const words = new Set([...(front.match(/[\w.-]+|\[|:/gu) ?? []), "node", "sh"]);
    // In posix mode from the beginning, bash itself ends when one of these is to be a function.
    if (name === "bash --posix") for (const word of specialBuiltins) words.delete(word);
    const called = join(home.work, "called");
    await mkdir(called);
    // Without a command, which could be such a function itself.
    const env = Object.fromEntries(
      [...words].map((word) => [`BASH_FUNC_${word}%%`, `() { >'${called}/${word}'; }`]),
    );
    // That they are heard where nobody prevents it.
    await home.run(await pathOf("bash"), ["-c", "git"], { env });
    expect(await readdir(called)).toContain("git");
    for (const word of await readdir(called)) await unlink(join(called, word));
    expect((await home.get(api, { shell, env })).stdout).toBe(answerFor(token("a")));
    for (const args of [["store"], ["erase"], ["status"]])
      await home.helper(args, { shell, env, input: served });
    expect(await readdir(called)).toEqual([]);
  });
});

const specialBuiltins =
  ". : break continue eval exec exit export readonly return set shift source times trap unset".split(
    " ",
  );

test.each([
  ["what git -c was given", (secret: string) => [api, parametersWith(secret)] as const],
  [
    "a token in the place of the username",
    (secret: string) => [`${api}username=${secret}\n`, {}] as const,
  ],
])("%s is in no file, where a shell keeps here-documents in files", async (_what, asking) => {
  await warm();
  const [input, env] = asking(token("h"));
  const log = join(home.work, "writes");
  const strace = ["-f", "-qq", "-s", "65536", "-e", "trace=openat,write,pwrite64", "-o", log];
  const words = ["zsh", "--emulate", "sh", home.front, "get"];
  const { stdout } = await home.run("strace", [...strace, ...words], { input, env });
  expect(stdout).toBe(answerFor(token("a")));
  const created = (await readFile(log, "utf8")).split("\n").filter((line) => /O_CREAT/u.test(line));
  // Those of the shell: the helper, where it is asked, has files of its own.
  expect(created.filter((line) => /"\/[^"]*\/zsh\w+"/u.test(line))).toEqual([]);
});

function parametersWith(secret: string) {
  const header = `http.extraHeader=Authorization: Bearer ${secret}`;
  return { GIT_CONFIG_PARAMETERS: `'${header.replace("=", "'='")}'` };
}
