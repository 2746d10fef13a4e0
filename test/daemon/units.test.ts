// The files for service managers, as they are after an installation has put its paths in.
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { projectRoot, programScript } from "../support/project.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.close());

async function installed(name: string): Promise<string> {
  const text = await readFile(join(projectRoot, "install", name), "utf8");
  const names = await nodeVariables();
  const words = name.endsWith(".plist")
    ? names.map((each) => `<string>-u</string><string>${each}</string>`)
    : names;
  return text
    .replaceAll("@NODE@", process.execPath)
    .replaceAll("@PROGRAM@", programScript)
    .replace("@NODE_VARIABLES@", words.join(" "));
}

test("systemd finds nothing to say about its units", async () => {
  const folder = join(sandbox.work, "units");
  await mkdir(folder);
  const names = ["git-credential-bitbucket.service", "git-credential-bitbucket.socket"];
  for (const name of names) await writeFile(join(folder, name), await installed(`systemd/${name}`));
  const files = names.map((name) => join(folder, name));
  const verified = await sandbox.run("systemd-analyze", ["--user", "--man=no", "verify", ...files]);
  expect(verified).toEqual({ stdout: "", stderr: "", exitCode: 0 });
});

test("the socket of the unit is the one that the front finds", async () => {
  const unit = await installed("systemd/git-credential-bitbucket.socket");
  expect(unit).toContain("ListenStream=%t/git-credential-bitbucket/socket\n");
  expect(unit).toContain("DirectoryMode=0700\n");
  expect(unit).toContain("SocketMode=0600\n");
});

test("launchd's file is well-formed and starts the daemon", async () => {
  const text = await installed("launchd/org.git-credential-bitbucket.daemon.plist");
  const parse =
    "import plistlib,sys,json; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))";
  const { stdout } = await promisify(execFile)("python3", [
    "-c",
    parse.replace("sys.stdin.buffer.read()", "open(sys.argv[1],'rb').read()"),
    await write(text),
  ]);
  const { ProgramArguments, ...others } = JSON.parse(stdout) as { ProgramArguments: string[] };
  const node = ProgramArguments.indexOf(process.execPath);
  expect(ProgramArguments[0]).toBe("/usr/bin/env");
  const forgotten = ProgramArguments.slice(1, node);
  expect(forgotten.filter((_word, at) => at % 2 === 0)).toEqual(
    forgotten.filter((w) => w === "-u"),
  );
  expect(forgotten.filter((_word, at) => at % 2 === 1)).toEqual([
    ...(await nodeVariables()),
    ...secrets,
  ]);
  expect(ProgramArguments.slice(node)).toEqual([
    process.execPath,
    "--max-semi-space-size=1",
    "--no-opt",
    "--always-sparkplug",
    programScript,
    "daemon",
    "run",
  ]);
  expect(others).toMatchObject({
    Umask: 0o77,
    RunAtLoad: true,
    SoftResourceLimits: { Core: 0 },
    HardResourceLimits: { Core: 0 },
  });
});

/** Variables that may hold a secret which the daemon does not need. */
const secrets = [
  "BITBUCKET_TOKEN",
  "http_proxy",
  "https_proxy",
  "HTTPS_PROXY",
  "all_proxy",
  "ALL_PROXY",
];

async function nodeVariables(): Promise<readonly string[]> {
  const table = await readFile(join(projectRoot, "install/node-variables"), "utf8");
  return table.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("the front has the table of variables in it", async () => {
  const front = await readFile(join(projectRoot, "dist/git-credential-bitbucket"), "utf8");
  expect(front).toContain(`\nnode_variables='${(await nodeVariables()).join(" ")}'\n`);
});

test("systemd's unit forgets the variables that the front forgets, and leaves no core", async () => {
  const unit = await installed("systemd/git-credential-bitbucket.service");
  const lines = [...unit.matchAll(/^UnsetEnvironment=(.+)$/gmu)].map(([, names = ""]) => names);
  expect(lines.join(" ").split(" ")).toEqual([...(await nodeVariables()), ...secrets]);
  expect(unit).toContain("\nLimitCORE=0\nCoredumpFilter=0\n");
});

async function write(text: string): Promise<string> {
  const file = join(sandbox.work, "daemon.plist");
  await writeFile(file, text);
  return file;
}
