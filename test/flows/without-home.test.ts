// git's operations where there is no place for accounts. Real users: 1000 is the person, 65534 owns other homes.
import { chmod, chown, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { programScript } from "../support/project.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";

const token = `ATCTT3xFfGF0${"a".repeat(60)}`;
const request = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n";
const answer = `username=x-token-auth\npassword=${token}\n`;
const served = { exitCode: 0, stdout: answer, stderr: "" };
const silence = { exitCode: 0, stdout: "", stderr: "" };
const refused = {
  exitCode: 0,
  stdout: "",
  stderr:
    "git-credential-bitbucket: error: git was refused with the token of BITBUCKET_TOKEN\n" +
    "git-credential-bitbucket: hint: HOME=/ git credential-bitbucket status --check\n",
};
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await openSandbox();
  onTestFinished(() => sandbox.close());
});

interface Place {
  readonly home: string | undefined;
  /** The words before the program's, such as setpriv's. */
  readonly as?: readonly string[];
}

async function run(args: readonly string[], { home, as = [] }: Place, input: string, secret = "") {
  const { PATH = "" } = sandbox.env;
  const variables = [
    `PATH=${PATH}`,
    ...(home === undefined ? [] : [`HOME=${home}`]),
    ...(secret === "" ? [] : [`BITBUCKET_TOKEN=${secret}`]),
  ];
  const words = ["-i", ...variables, ...as, process.execPath, programScript, ...args];
  return await sandbox.run("env", words, { input, cwd: "/" });
}

async function expectTokenAlone(place: Place): Promise<void> {
  const reported = request + answer;
  expect(await run(["get"], place, request, token)).toEqual(served);
  for (const operation of ["store", "erase"])
    expect(await run([operation], place, reported)).toEqual(silence);
  expect(await run(["store"], place, reported, token)).toEqual(silence);
  expect(await run(["erase"], place, reported, token)).toEqual(refused);
}

test.each([undefined, "", "somewhere"])("HOME is %o", async (home) => {
  await expectTokenAlone({ home });
  const { stdout, stderr } = await run(["get"], { home }, request);
  expect(stdout).toBe("");
  expect(stderr).toContain("error: HOME is not set, so there is no place for accounts\n");
});

async function folderOf(owner: number): Promise<string> {
  await chmod(dirname(sandbox.work), 0o755);
  await chmod(sandbox.work, 0o755);
  const folder = join(sandbox.work, "folder");
  await mkdir(folder);
  await chown(folder, owner, owner);
  await chmod(folder, 0o700);
  return folder;
}

const as = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--"];

test.runIf(process.getuid?.() === 0)("another user's home that is closed", async () => {
  const home = await folderOf(65_534);
  await expectTokenAlone({ home, as });
  const { stdout, stderr } = await run(["get"], { home, as }, request);
  expect(stdout).toBe("");
  expect(stderr).toContain(`error: ${home} belongs to another user (uid 65534)\n`);
});

test.runIf(process.getuid?.() === 0)(
  "the person's own that is closed may hold a lock",
  async () => {
    const home = await folderOf(1000);
    await chmod(home, 0);
    const { stdout, stderr } = await run(["get"], { home, as }, request, token);
    expect(stdout).toBe("");
    expect(stderr).toContain("error: secrets are locked\n");
  },
);

test.runIf(process.getuid?.() === 0)("a home that is the root of everything", async () => {
  await expectTokenAlone({ home: "/", as });
  const login = ["login", "--with-token", "--workspace=acme", "--no-validate"];
  expect(await run(login, { home: "/", as }, `${token}\n`)).toEqual({
    exitCode: 1,
    stdout: "",
    stderr:
      "git-credential-bitbucket: error: / belongs to another user (uid 0)\n" +
      "git-credential-bitbucket: hint: export BITBUCKET_TOKEN=your-token\n",
  });
});
