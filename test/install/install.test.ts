// install.sh and uninstall.sh for real, in homes of their own.
import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openKeyring } from "../support/keyring.ts";
import { openSandbox, type RunOptions, type Sandbox } from "../support/sandbox.ts";
import { deadProxy, makeClone, npmEnvironment, readTree, runScript } from "./clone.ts";

let sandbox: Sandbox;
let clone: string;
let prefix: string;

beforeEach(async () => {
  sandbox = await openSandbox();
  clone = await makeClone(sandbox);
  prefix = join(sandbox.home, ".local");
});
afterEach(async () => await sandbox.close());

async function install(args: readonly string[] = [], options: RunOptions = {}): Promise<string> {
  const result = await runScript(sandbox, "install.sh", args, options);
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  return result.stdout;
}

async function uninstall(args: readonly string[] = [], options: RunOptions = {}): Promise<string> {
  const result = await runScript(sandbox, "uninstall.sh", args, options);
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  return result.stdout;
}

const frontIn = (folder: string): string => join(folder, "bin", "git-credential-bitbucket");

/** The username that git gets when a token of the environment is there: the whole way through the installed program. */
async function usernameForGit(env: RunOptions["env"] = {}): Promise<string | undefined> {
  const token = `ATATT3xFfGF0${randomBytes(60).toString("hex")}`;
  const result = await sandbox.run("git", ["credential", "fill"], {
    input: "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n\n",
    env: {
      BITBUCKET_TOKEN: token,
      GIT_CREDENTIAL_BITBUCKET_VALIDATE: "never",
      GIT_TERMINAL_PROMPT: "0",
      GIT_ASKPASS: "",
      ...env,
    },
  });
  return /^username=(.*)$/mu.exec(result.stdout)?.[1];
}

const apiTokenUsername = "x-bitbucket-api-token-auth";

describe("install.sh", () => {
  test("installs from a fresh clone, and git is served", async () => {
    await rm(clone, { recursive: true });
    clone = await makeClone(sandbox, false);
    await sandbox.run("git", ["config", "--global", "http.proxy", deadProxy]);
    const output = await install([], { env: { https_proxy: undefined, ...npmEnvironment } });
    expect(output).toMatch(/^installing \d+ npm packages for the build/u);
    expect(output).toContain(`installed git-credential-bitbucket 0.1.0 under ${prefix}\n`);
    expect(await usernameForGit()).toBe(apiTokenUsername);
  }, 240_000);

  test("ends with what is not in order", async () => {
    const output = await install();
    expect(output).toMatch(/^failed +bitbucket +the proxy .*cannot be reached/mu);
    expect(output).not.toMatch(/^(?:ok|warning) /mu);
    expect(output).toContain(
      "it is installed all the same; look again with: git credential-bitbucket doctor\n",
    );
    expect(await install(["--no-configure"])).not.toContain("doctor");
  });

  test("says that the folder is not on PATH and what to type, or keeps quiet", async () => {
    const output = await install();
    expect(output).toContain(`export PATH="${prefix}/bin:$PATH"`);
    const PATH = `${prefix}/bin:${sandbox.env["PATH"]}`;
    expect(await install([], { env: { PATH } })).not.toContain("PATH");
    const named = await sandbox.run("git", ["credential-bitbucket", "--version"], {
      env: { PATH },
    });
    expect(named.stdout).toBe("git-credential-bitbucket 0.1.0\n");
  });

  test("brings the manual page that git help shows", async () => {
    await install();
    const PATH = `${prefix}/bin:${sandbox.env["PATH"]}`;
    const shown = await sandbox.run("git", ["help", "credential-bitbucket"], {
      env: { PATH, MANPAGER: "cat", MANWIDTH: "80" },
    });
    expect(shown).toMatchObject({ exitCode: 0 });
    expect(shown.stdout).toContain("Git credential helper for Bitbucket Cloud");
  });

  test("into a folder whose name sh, sed and git would read otherwise", async () => {
    prefix = join(sandbox.work, `it's "a" $HOME &|;#~* ü`);
    await install(["--prefix", prefix]);
    expect(await usernameForGit()).toBe(apiTokenUsername);
  });

  test.each(["back\\slash", "line\nbreak"])(
    "not into a folder that Node could not run from: %j",
    async (name) => {
      const result = await runScript(sandbox, "install.sh", ["--prefix", join(sandbox.work, name)]);
      expect(result).toMatchObject({ exitCode: 1, stdout: "" });
      expect(result.stderr).toContain("a backslash or a line break in its name");
    },
  );

  test("runs no program of the folder it is called in, and finds its own all the same", async () => {
    const folder = join(sandbox.work, "downloads");
    const traces = join(sandbox.work, "traces");
    await mkdir(join(folder, "install"), { recursive: true });
    const names =
      "git node npm sh dirname sed awk id ls cat cp mv mkdir mktemp rm rmdir sort uname chmod ln";
    for (const name of names.split(" ")) {
      const script = `#!/bin/sh\nprintf '%s\\n' ${name} >>'${traces}'\nexit 1\n`;
      await writeFile(join(folder, name), script, { mode: 0o755 });
    }
    const env = { PATH: `.::${sandbox.env["PATH"]}`, CDPATH: folder };
    await install(["--no-configure"], { cwd: folder, env });
    // As people call it, in the clone.
    const relative = ["-c", 'cd clone && sh install/uninstall.sh --prefix "$PREFIX"'];
    const result = await sandbox.run("sh", relative, { env: { PREFIX: prefix, CDPATH: folder } });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    await install(["--no-configure"], { cwd: folder, env });
    await uninstall([], { cwd: folder, env });
    await expect(readFile(traces, "utf8")).rejects.toThrow("ENOENT");
  });

  test("takes a relative folder", async () => {
    await install(["--prefix=here"]);
    expect(await usernameForGit()).toBe(apiTokenUsername);
  });

  test("leaves git's configuration alone with --no-configure", async () => {
    await install(["--no-configure"]);
    expect(await usernameForGit()).toBeUndefined();
    const front = await sandbox.run(frontIn(prefix), ["--version"]);
    expect(front.stdout).toBe("git-credential-bitbucket 0.1.0\n");
  });

  test("names the real Node, not a version manager's stand-in", async () => {
    const shims = join(sandbox.work, "shims");
    await mkdir(shims);
    await writeFile(join(shims, "node"), `#!/bin/sh\nexec "\${MANAGER:?}/node" "$@"\n`);
    await chmod(join(shims, "node"), 0o755);
    await mkdir(join(sandbox.work, "manager"));
    await symlink(process.execPath, join(sandbox.work, "manager", "node"));
    await install([], {
      env: { PATH: `${shims}:${sandbox.env["PATH"]}`, MANAGER: join(sandbox.work, "manager") },
    });
    expect(await readFile(frontIn(prefix), "utf8")).not.toContain(shims);
    expect(await usernameForGit({ PATH: `${shims}:/usr/bin:/bin` })).toBe(apiTokenUsername);
  });

  test.runIf(process.getuid?.() === 0)("root with a person's HOME changes nothing", async () => {
    await chown(sandbox.home, 1000, 1000);
    const refused = {
      exitCode: 1,
      stdout: "",
      stderr:
        `install.sh: error: ${sandbox.home} belongs to another user, and this runs as root\n` +
        `install.sh: hint: sudo -H '${clone}/install/install.sh'\n`,
    };
    const elsewhere = join(sandbox.work, "elsewhere");
    expect(await runScript(sandbox, "install.sh")).toEqual(refused);
    expect(await runScript(sandbox, "install.sh", ["--no-configure"])).toEqual(refused);
    expect(await runScript(sandbox, "install.sh", ["--prefix", elsewhere])).toEqual(refused);
    expect(await readTree(sandbox.home)).toEqual([]);

    // Told so by both options, it goes on: to the check of Node.
    await mkdir(join(sandbox.work, "old"));
    await writeFile(join(sandbox.work, "old/node"), "#!/bin/sh\necho 1.0.0\n", { mode: 0o755 });
    const env = { PATH: `${sandbox.work}/old:${sandbox.env["PATH"]}` };
    const args = ["--prefix", elsewhere, "--no-configure"];
    const told = await runScript(sandbox, "install.sh", args, { env });
    expect(told.stderr).toContain("error: Node 1.0.0 is too old");
    const uninstall = await runScript(sandbox, "uninstall.sh", ["--prefix", elsewhere]);
    expect(uninstall).toMatchObject({ exitCode: 1, stdout: "" });
    expect(uninstall.stderr).toContain(`error: ${sandbox.home} belongs to another user`);
    expect(await readTree(sandbox.home)).toEqual([]);
  });

  test("an unknown option changes nothing and shows the usage", async () => {
    const result = await runScript(sandbox, "install.sh", ["--prefx", "x"]);
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain("install/install.sh [--prefix DIR] [--no-configure]");
    expect(await readTree(sandbox.home)).toEqual([]);
  });
});

/** A PATH with nothing on it but what a shell script needs, and the programs given. */
async function pathWith(programs: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(sandbox.work, "bin");
  await mkdir(folder);
  const found = await sandbox.run("sh", [
    "-c",
    "for name in sh awk sed dirname cat apt-get; do command -v $name; done",
  ]);
  for (const path of found.stdout.trim().split("\n")) {
    await symlink(path, join(folder, path.replace(/.*\//u, "")));
  }
  for (const [name, output] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\necho '${output}'\n`);
    await chmod(join(folder, name), 0o755);
  }
  return folder;
}

/** A systemctl that says what it was asked for, and makes and removes the link as the real one does. */
async function pretendSystemd(): Promise<{
  readonly env: Record<string, string>;
  readonly link: string;
}> {
  const folder = join(sandbox.work, "systemd");
  await mkdir(folder);
  const link = join(
    sandbox.env["XDG_CONFIG_HOME"] ?? "",
    "systemd/user/sockets.target.wants/git-credential-bitbucket.socket",
  );
  await writeFile(
    join(folder, "systemctl"),
    `#!/bin/sh\necho "$*" >>'${folder}/asked'\ncase $2 in disable) rm '${link}' ;; esac\n`,
  );
  await chmod(join(folder, "systemctl"), 0o755);
  return { env: { PATH: `${folder}:${sandbox.env["PATH"]}` }, link };
}

async function asked(): Promise<string> {
  return (await sandbox.run("cat", [join(sandbox.work, "systemd", "asked")])).stdout;
}

describe("units for systemd", () => {
  test("are put where systemd looks, with the paths in them, and offered", async () => {
    const { env } = await pretendSystemd();
    const output = await install([], { env });
    expect(output).toContain("systemctl --user enable --now git-credential-bitbucket.socket\n");
    const units = join(prefix, "share/systemd/user");
    const service = await readFile(join(units, "git-credential-bitbucket.service"), "utf8");
    expect(service).toMatch(
      /^ExecStart="\/.*\/node" (?:--\S+ )*"\/.*\/\.local\/lib\/.*\/dist\/main\.js" daemon run$/mu,
    );
    expect(await readTree(units)).toHaveLength(2);
    expect(await asked()).toBe("");
    await uninstall([], { env });
    expect(await readTree(sandbox.home)).toEqual([]);
  });

  test("that are in use are read again by an upgrade, and switched off before they go", async () => {
    const { env, link } = await pretendSystemd();
    await install([], { env });
    await mkdir(join(link, ".."), { recursive: true });
    await symlink(join(prefix, "share/systemd/user/git-credential-bitbucket.socket"), link);
    expect(await install([], { env })).not.toContain("enable --now");
    expect(await asked()).toBe("--user daemon-reload\n");
    await uninstall([], { env });
    expect(await asked()).toContain("--user disable --now git-credential-bitbucket.socket\n");
  });

  test("are left out where systemd would not look", async () => {
    const { env } = await pretendSystemd();
    await install(["--prefix", join(sandbox.work, "elsewhere")], { env });
    const tree = await readTree(join(sandbox.work, "elsewhere"));
    expect(tree.filter((line) => line.includes("systemd"))).toEqual([]);
  });
});

describe("install.sh says what is missing and how to get it", () => {
  test.each([
    [{}, "git is missing"],
    [{ git: "git version 2.11.0" }, "git 2.11.0 is too old, 2.17 or later is needed"],
    [{ git: "git version 2.50.1 (Apple Git-155)" }, "Node is missing, 20.18.1 or later is needed"],
    [
      { git: "git version 2.39.5", node: "20.18.0" },
      "Node 20.18.0 is too old, 20.18.1 or later is needed",
    ],
    [{ git: "git version 2.39.5", node: "20.18.1" }, "npm is missing"],
  ])("%j: %s", async (programs, message) => {
    const PATH = await pathWith(programs);
    const result = await runScript(sandbox, "install.sh", [], { env: { PATH } });
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toMatch(/^install\.sh: error: .+\ninstall\.sh: hint: .+\n$/u);
    expect(result.stderr).toContain(`install.sh: error: ${message}\n`);
    expect(await readTree(sandbox.home)).toEqual([]);
  });
});

describe("an installation over a former one", () => {
  test("that fails leaves everything as it was", async () => {
    await install();
    const before = await readTree(sandbox.home);
    await writeFile(join(clone, "src", "version.ts"), "export const version = ;\n");
    const result = await runScript(sandbox, "install.sh");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("install.sh: error: the program could not be built\n");
    expect(await readTree(sandbox.home)).toEqual(before);
    expect(await usernameForGit()).toBe(apiTokenUsername);
  });

  test("that cannot get its packages leaves everything as it was", async () => {
    await install();
    const before = await readTree(sandbox.home);
    await rm(join(clone, "node_modules"));
    const result = await runScript(sandbox, "install.sh", [], {
      env: { npm_config_registry: "http://127.0.0.1:9", npm_config_fetch_retries: "0" },
    });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("ECONNREFUSED");
    expect(result.stderr).toContain("install.sh: error: npm could not install the packages\n");
    expect(await readTree(sandbox.home)).toEqual(before);
  });

  test("lets a process of the former version go on", async () => {
    await install();
    const child = sandbox.start(frontIn(prefix), ["get"], {
      env: {
        BITBUCKET_TOKEN: `ATATT3xFfGF0${randomBytes(60).toString("hex")}`,
        GIT_CREDENTIAL_BITBUCKET_VALIDATE: "never",
      },
    });
    const answer: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => answer.push(chunk));
    const ended = new Promise((resolve) => child.once("close", resolve));
    await install();
    child.stdin?.end("protocol=https\nhost=bitbucket.org\n\n");
    expect(await ended).toBe(0);
    expect(Buffer.concat(answer).toString()).toContain(`username=${apiTokenUsername}\n`);
  });

  test("ends the former daemon", async () => {
    await install();
    const started = await sandbox.run(frontIn(prefix), ["daemon", "start"]);
    expect(started).toMatchObject({ exitCode: 0, stderr: "" });
    await install();
    const { stdout } = await sandbox.run(frontIn(prefix), ["daemon", "status", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ running: false });
  });

  test("keeps two versions and no more", async () => {
    for (let round = 0; round < 3; round += 1) await install();
    const versions = (await readTree(prefix)).filter((line) => /version\.\w+\/ /u.test(line));
    expect(versions).toHaveLength(2);
    expect(await usernameForGit()).toBe(apiTokenUsername);
  });
});

describe("the front", () => {
  test("takes another Node when the one it was installed with is gone", async () => {
    await install();
    const front = frontIn(prefix);
    const text = await readFile(front, "utf8");
    await writeFile(front, text.replace(/^node=.*$/mu, "node=/nowhere/node"));
    expect(await usernameForGit()).toBe(apiTokenUsername);
  });

  test("says so when there is none", async () => {
    await install();
    const front = frontIn(prefix);
    const text = await readFile(front, "utf8");
    await writeFile(front, text.replace(/^node=.*$/mu, "node=/nowhere/node"));
    const result = await sandbox.run("/bin/sh", [front, "get"], { env: { PATH: "/nowhere" } });
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toMatch(/^git-credential-bitbucket: error: node is not found\n/u);
  });
});

describe("uninstall.sh", () => {
  test("gives the home back as it was", async () => {
    await mkdir(join(prefix, "share/man"), { recursive: true });
    await writeFile(join(sandbox.home, ".gitconfig"), "[credential]\n\thelper = cache\n");
    await writeFile(join(prefix, "share/man/mine"), "mine");
    const before = await readTree(sandbox.home);
    await install();
    expect(await readTree(sandbox.home)).not.toEqual(before);
    expect(await uninstall()).toContain("accounts and their secrets stay");
    expect(await readTree(sandbox.home)).toEqual(before);
  });

  test("gives an empty home back empty", async () => {
    await install();
    await install();
    await uninstall();
    expect(await readTree(sandbox.home)).toEqual([]);
  });

  test("ends the daemon, and leaves nothing of it", async () => {
    await install();
    await sandbox.run(frontIn(prefix), ["daemon", "start"]);
    await uninstall();
    expect(await readTree(sandbox.home)).toEqual([]);
    const runtime = await readTree(sandbox.env["XDG_RUNTIME_DIR"] ?? "");
    expect(runtime.filter((line) => line.includes("socket"))).toEqual([]);
  });

  test("takes the accounts and their secrets along when told so", async () => {
    await install();
    const keyring = await openKeyring(sandbox.env, "unlocked");
    try {
      const { env } = keyring;
      const input = `ATATT3xFfGF0${randomBytes(60).toString("hex")}`;
      const login = ["login", "--with-token", "--no-validate", "--email", "ada@example.com"];
      const made = await sandbox.run(frontIn(prefix), [...login, "--store", "keychain"], {
        env,
        input,
      });
      expect(made.exitCode).toBe(0);
      const search = ["search", "--all", "service", "git-credential-bitbucket"];
      expect((await sandbox.run("secret-tool", search, { env })).stdout).toContain(input);
      expect(await uninstall(["--accounts"], { env })).toContain("are forgotten");
      expect((await sandbox.run("secret-tool", search, { env })).stdout).not.toContain(input);
    } finally {
      await keyring.close();
    }
  });

  test("keeps what others put into the folders that install.sh made", async () => {
    await install();
    await writeFile(join(prefix, "bin", "other"), "");
    await uninstall();
    const left = (await readTree(sandbox.home)).map((line) => line.split(" ")[0]);
    expect(left).toEqual([".local/", ".local/bin/", ".local/bin/other"]);
  });

  test("works without the clone, from where it was installed", async () => {
    prefix = join(sandbox.work, "a b");
    await install(["--prefix", prefix]);
    await rm(clone, { recursive: true });
    const script = join(prefix, "lib/git-credential-bitbucket/uninstall.sh");
    expect(await sandbox.run("sh", [script])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await readTree(sandbox.home)).toEqual([]);
  });

  test("takes nothing away while git's configuration cannot be changed", async () => {
    await install();
    await writeFile(join(sandbox.home, ".gitconfig.lock"), "");
    const before = await readTree(sandbox.home);
    const result = await runScript(sandbox, "uninstall.sh");
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toContain("error: git is still configured, so nothing was taken away");
    expect(await readTree(sandbox.home)).toEqual(before);
  });

  test("leaves the lines of another copy", async () => {
    await install();
    const other = join(sandbox.work, "a b");
    await install(["--prefix", other]);
    const config = await readFile(join(sandbox.home, ".gitconfig"));
    expect(await uninstall()).toContain("git asks another copy of this program");
    expect(await readFile(join(sandbox.home, ".gitconfig"))).toEqual(config);
    expect(await usernameForGit()).toBe(apiTokenUsername);
    await uninstall(["--prefix", other]);
    expect(await readTree(sandbox.home)).toEqual([]);
  });

  test("works without Node, and gives git's configuration back", async () => {
    await writeFile(join(sandbox.home, ".gitconfig"), "[user]\n\tname = Ada\n");
    const before = await readTree(sandbox.home);
    await install();
    const front = frontIn(prefix);
    const text = await readFile(front, "utf8");
    await writeFile(front, text.replace(/^node=.*$/mu, "node=/nowhere/node"));
    await uninstall([], { env: { PATH: "/usr/bin:/bin" } });
    expect(await readTree(sandbox.home)).toEqual(before);
  });

  test.each([["--prefix", ".local//"], ["--prefix=.local/"]])(
    "a folder with slashes at its end is the same: %s",
    async (...args) => {
      const { env } = await pretendSystemd();
      const PATH = `${prefix}/bin:${env["PATH"]}`;
      const output = await install(args, { cwd: sandbox.home, env: { PATH } });
      expect(output).not.toContain("is not on PATH");
      expect(output).toContain("systemctl --user enable --now");
      await uninstall(args, { cwd: sandbox.home, env });
      expect(await readTree(sandbox.home)).toEqual([]);
    },
  );

  test("says when there is nothing", async () => {
    const result = await runScript(sandbox, "uninstall.sh");
    expect(result.stderr).toContain(`uninstall.sh: error: nothing is installed under ${prefix}\n`);
    expect(result.exitCode).toBe(1);
  });
});
