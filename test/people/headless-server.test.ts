// Someone on a headless server, over ssh: no D-Bus, no keychain, no browser, and cron at night. Only what the program prints
// is followed, to a pull that works with nobody there, and again after the token was revoked. Real git and terminal.
import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closeInMode, daemonMode } from "../support/daemon-mode.ts";
import { openPty, type Pty } from "../support/pty.ts";
import { commandsAfter } from "./printed.ts";
import { openWorld, type World } from "../support/world.ts";

const url = "https://bitbucket.org/acme/api.git";

/** Without them the daemon, too, is found by the home alone. */
const desktopVariables = [
  "XDG_RUNTIME_DIR",
  "XDG_CACHE_HOME",
  "XDG_DATA_HOME",
  "XDG_CONFIG_HOME",
  "XDG_STATE_HOME",
];

let world: World;
let clone: string;
/** What sshd sets, with X11 forwarded, and nothing of a desktop's. */
let session: Record<string, string>;

beforeEach(async () => {
  world = await openWorld({ helper: "none", daemon: daemonMode, without: desktopVariables });
  clone = join(world.work, "api");
  const { HOME = "", PATH = "" } = world.env;
  session = {
    HOME,
    PATH: `${join(world.work, "bin")}:${PATH}`,
    LANG: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    DISPLAY: "localhost:10.0",
    SSH_CONNECTION: "192.0.2.1 50000 192.0.2.2 22",
    SSH_TTY: "/dev/pts/0",
  };
  await world.run("mkdir", [join(world.work, "bin")]);
  const browser = join(world.work, "bin/xdg-open");
  await writeFile(browser, `#!/bin/sh\n>"${join(world.work, "browser-was-opened")}"\n`);
  await chmod(browser, 0o755);
});
afterEach(() => closeInMode(world));

function sits(...words: readonly string[]): Promise<Pty> {
  return openPty({ command: world.command(words, clone), env: session, cwd: clone });
}

/** As cron runs it: no terminal, no session, two variables. */
async function atNight(...words: readonly string[]) {
  const { HOME = "", PATH = "" } = world.env;
  const bare = ["-i", `HOME=${HOME}`, `PATH=${PATH}`, "GIT_CONFIG_NOSYSTEM=1", ...words];
  return await world.run("setsid", ["--wait", "env", ...bare], { cwd: clone });
}

/** A commit of a colleague's at Bitbucket, for a pull to bring. */
async function colleaguePushes(subject: string, token: string): Promise<void> {
  const folder = join(world.work, `of-a-colleague-${subject}`);
  const from = `https://x-token-auth:${token}@bitbucket.org/acme/api.git`;
  await world.git(["clone", "--quiet", from, folder]);
  const commit = ["commit", "--quiet", "--allow-empty", `--message=${subject}`];
  await world.git(commit, { cwd: folder });
  await world.git(["push", "--quiet"], { cwd: folder });
}

async function newestCommit(): Promise<string> {
  return (await world.git(["log", "-1", "--format=%s"], { cwd: clone })).stdout.trim();
}

async function filesWith(text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(world.home, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(path, "latin1")).includes(text)) found.push(path);
  }
  return found;
}

test("gets from git's question for a username to pulls at night", async () => {
  const { site } = world;
  const colleague = site.accessToken({ workspace: "acme" }).secret;
  const from = `https://x-token-auth:${colleague}@bitbucket.org/acme/api.git`;
  await world.git(["clone", "--quiet", from, clone]);
  await world.git(["remote", "set-url", "origin", url], { cwd: clone });
  await colleaguePushes("First", colleague);
  const deploy = { workspace: "acme", repository: "api" };
  const token = site.accessToken(deploy, { name: "deploy", scopes: ["repository"] });

  const trouble = await sits("git", "pull", "--ff-only");
  await trouble.sees("Username for 'https://bitbucket.org':");
  trouble.types("\u0003");
  await trouble.ended();

  const doctor = await (await sits("git", "credential-bitbucket", "doctor")).ended();
  expect(doctor.screen).toContain(
    "there is no keychain: this session has no D-Bus; new secrets go to the file store\n",
  );
  const next = commandsAfter("next", doctor.screen);
  expect(next).toEqual([
    ["git", "credential-bitbucket", "configure"],
    ["git", "credential-bitbucket", "login"],
  ]);
  expect((await (await sits(...(next[0] ?? []))).ended()).code).toBe(0);
  const login = await sits(...(next[1] ?? []));
  await login.sees("An access token of a repository, project or workspace does as well.");
  await login.sees("Token (not shown): ");
  login.types(`${token.secret}\r`);
  await login.sees("the repository is (WORKSPACE/REPOSITORY) [acme/api]: ");
  login.types("\r");
  const loggedIn = await login.ended();
  expect(loggedIn.screen).toContain(
    "the token is stored as account 'acme-api' in the file store, since no keychain answers\n",
  );
  expect(loggedIn.screen).not.toContain("browser");
  expect(loggedIn.raw).not.toContain(token.secret);
  expect(loggedIn.code).toBe(0);

  expect((await (await sits("git", "pull", "--ff-only")).ended()).code).toBe(0);
  expect(await newestCommit()).toBe("First");
  await colleaguePushes("Second", colleague);
  expect(await atNight("git", "pull", "--quiet", "--ff-only")).toEqual({
    exitCode: 0,
    stdout: "",
    stderr: "",
  });
  expect(await newestCommit()).toBe("Second");
  expect(await filesWith(token.secret)).toEqual([]);
  const data = join(world.home, ".local/share/git-credential-bitbucket");
  for (const file of ["", "accounts.json", "identity.txt", "secrets"])
    expect((await stat(join(data, file))).mode & 0o077).toBe(0);

  // Somebody revokes the token. What cron mails says what to do.
  site.revoke(token);
  await colleaguePushes("Third", colleague);
  const mail = await atNight("git", "pull", "--quiet", "--ff-only");
  expect(mail.exitCode).not.toBe(0);
  let [command = []] = commandsAfter("hint", mail.stderr);
  while (command.includes("status")) {
    const status = await (await sits(...command)).ended();
    expect(status.code).toBe(1);
    [command = []] = commandsAfter("next", status.screen);
  }
  expect(command).toEqual(["git", "credential-bitbucket", "login", "--account", "acme-api"]);
  const renewed = site.accessToken(deploy, { name: "renewed", scopes: ["repository"] });
  const renewal = await sits(...command);
  await renewal.sees("Token (not shown): ");
  renewal.types(`${renewed.secret}\r`);
  expect((await renewal.ended()).screen).toContain("account 'acme-api' has its new token");
  expect((await atNight("git", "pull", "--quiet", "--ff-only")).exitCode).toBe(0);
  expect(await newestCommit()).toBe("Third");
  expect(world.gitLog().at(-1)).toMatchObject({ token: "renewed", status: 200 });

  const healthy = await (await sits("git", "credential-bitbucket", "doctor")).ended();
  expect(healthy.code).toBe(0);
  expect(await readdir(world.work)).not.toContain("browser-was-opened");
});
