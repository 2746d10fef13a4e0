// Starting, replacing and leaving, with real processes.
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { connect, createServer, Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatQuestion } from "../../src/daemon/wire.ts";
import { waitFor } from "../support/wait.ts";
import { answerFor, type DaemonHome, openDaemonHome, token } from "./home.ts";

let home: DaemonHome;
let strangers: (ChildProcess | Server)[] = [];

beforeEach(async () => {
  home = await openDaemonHome();
});
afterEach(async () => {
  for (const stranger of strangers) {
    if (stranger instanceof Server) stranger.close();
    else stranger.kill("SIGKILL");
  }
  strangers = [];
  await home.close();
});

const daemon = (...args: string[]) => home.helper(["daemon", ...args]);
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const isThere = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

async function start(): Promise<number> {
  const { stdout, exitCode } = await daemon("start");
  expect(exitCode).toBe(0);
  return Number(/process (\d+)/u.exec(stdout)?.[1]);
}

/** Pids of every daemon of this home, also of those that hold no socket. */
async function daemons(): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    const command = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    if (command.includes(`${home.script}\0daemon\0`)) found.push(Number(name));
  }
  return found;
}

describe("commands", () => {
  test("start, status, stop", async () => {
    expect(await daemon("status")).toMatchObject({
      stdout: `no daemon answers at ${home.socket}\n`,
      exitCode: 1,
    });
    const pid = await start();
    expect(await start()).toBe(pid);
    const { stdout } = await daemon("status");
    expect(stdout).toMatch(
      new RegExp(
        `^running, process ${pid}, version \\d+\\.\\d+\\.\\d+, for \\d+ s\nsocket: ${home.socket}\n` +
          "answers: 0 from memory, 0 left to the helper\nsecrets in memory: 0\n$",
        "u",
      ),
    );
    expect(await daemon("stop")).toEqual({
      stdout: "the daemon has left, and its secrets with it\n",
      stderr: "",
      exitCode: 0,
    });
    expect(isAlive(pid)).toBe(false);
    expect(await isThere(home.socket)).toBe(false);
    expect((await daemon("stop")).stdout).toBe("no daemon runs\n");
  });

  test("status says what is in memory and how it was used, and never a secret", async () => {
    await home.seed("acme");
    await home.get();
    await home.untilWarm();
    for (let count = 0; count < 3; count += 1) await home.get();
    expect(await home.status()).toMatchObject({
      running: true,
      hits: 3,
      misses: 0,
      waiting: 0,
      locked: false,
      idleTimeoutSeconds: 3600,
      entries: [{ account: "acme", leftSeconds: expect.closeTo(900, -2) }],
    });
    for (const args of [["status"], ["status", "--json"]]) {
      expect((await daemon(...args)).stdout).not.toContain(token("a").slice(0, 20));
    }
    expect((await daemon("status")).stdout).toMatch(
      /^ {2}acme, for \d+ s; forgotten in 1[45] min unless used$/mu,
    );
  });

  test("anything else is wrong usage", async () => {
    const { stderr, exitCode } = await daemon("restart");
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      "git-credential-bitbucket: error: daemon takes start, stop, status, run, lock or unlock\n" +
        "git-credential-bitbucket: hint: git credential-bitbucket daemon status\n",
    );
  });

  test("lock forgets every secret and gives none out, whoever asks, until unlock", async () => {
    await home.seed("acme");
    await home.get();
    await home.untilWarm();
    const before = await home.helperStarts();
    expect((await daemon("lock")).exitCode).toBe(0);
    expect(await home.status()).toMatchObject({ locked: true, entries: [] });
    expect((await home.get()).stdout).toBe("");
    expect(await home.helperStarts()).toBe(before);
    expect((await daemon("unlock")).stdout).toBe("unlocked\n");
    expect((await home.get()).stdout).toBe(answerFor(token("a")));
  });

  test("lock and unlock need no daemon, and start none", async () => {
    await home.seed("acme");
    expect((await daemon("unlock")).stdout).toBe("nothing is locked\n");
    expect((await daemon("lock")).exitCode).toBe(0);
    expect((await home.get()).stdout).toBe("");
    expect(await daemon("status")).toMatchObject({
      stdout: `no daemon answers at ${home.socket}\nlocked: no secret is given out\n`,
      exitCode: 1,
    });
    expect(await daemons()).toEqual([]);
    expect((await daemon("unlock")).stdout).toBe("unlocked\n");
    expect((await home.get()).stdout).toBe(answerFor(token("a")));
  });

  test("start says why it cannot", async () => {
    await mkdir(home.directory, { mode: 0o700, recursive: true });
    await chmod(home.directory, 0o755);
    expect((await daemon("start")).stderr).toBe(
      `git-credential-bitbucket: error: ${home.directory} is open to other users (mode 0755)\n` +
        `git-credential-bitbucket: hint: chmod 700 ${home.directory}\n`,
    );
    await chmod(home.directory, 0o700);
    await writeFile(join(home.home, ".gitconfig"), "[credential]\n\tbitbucketDaemon = false\n");
    const { stderr, exitCode } = await daemon("start");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error: credential.bitbucketDaemon is false\n");
  });
});

describe("the process", () => {
  test("holds nothing of its starter", async () => {
    await home.seed("acme");
    const env = {
      GIT_DIR: "/nowhere",
      GIT_CONFIG_PARAMETERS: "'a.b=c'",
      PRIVATE_THING: "x",
      NODE_OPTIONS: "--no-warnings",
    };
    await home.get(undefined, { env });
    const pid = await home.untilWarm();
    const environment = (await readFile(`/proc/${pid}/environ`, "utf8")).split("\0");
    for (const name of Object.keys(env)) {
      expect(environment.some((line) => line.startsWith(`${name}=`))).toBe(false);
    }
    expect(await readlink(`/proc/${pid}/cwd`)).toBe("/");
    const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ");
    expect(fields?.[3]).toBe(String(pid)); // session
    expect(fields?.[4]).toBe("0"); // controlling terminal
    const descriptors = await readdir(`/proc/${pid}/fd`);
    const targets = await Promise.all(
      descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "gone")),
    );
    for (const target of targets)
      expect(target).toMatch(/^(?:\/dev\/null|anon_inode:|socket:|pipe:|gone)/u);
    expect(await readFile(`/proc/${pid}/limits`, "utf8")).toMatch(/Max core file size\s+0\s/u);
  });

  test("no secret stands in its command line or environment", async () => {
    await home.seed("acme");
    await home.get();
    const pid = await home.untilWarm();
    for (const file of ["cmdline", "environ"]) {
      expect(await readFile(`/proc/${pid}/${file}`, "utf8")).not.toContain(token("a"));
    }
  });

  test("does not keep a pipeline behind git waiting", async () => {
    await home.seed("acme");
    const command = `printf 'protocol=https\\nhost=bitbucket.org\\npath=acme/api.git\\n' | '${home.front}' get 2>&1 | cat`;
    expect((await home.run("sh", ["-c", command])).stdout).toBe(answerFor(token("a")));
    await home.untilWarm();
  });

  test("its socket and folder are its user's alone", async () => {
    await start();
    expect((await stat(home.directory)).mode & 0o777).toBe(0o700);
    expect((await stat(home.socket)).mode & 0o777).toBe(0o600);
  });

  test("SIGHUP makes it forget, SIGUSR1 opens no debugger, SIGTERM ends it and its socket", async () => {
    await home.seed("acme");
    await home.get();
    const pid = await home.untilWarm();
    process.kill(pid, "SIGUSR1");
    process.kill(pid, "SIGHUP");
    await waitFor(async () => (await home.status())?.entries.length === 0);
    expect((await home.status())?.pid).toBe(pid);
    expect(await readFile(`/proc/${pid}/net/tcp`, "utf8")).not.toContain(":240D"); // 9229
    process.kill(pid, "SIGTERM");
    await waitFor(() => !isAlive(pid));
    expect(await isThere(home.socket)).toBe(false);
  });

  test("leaves when nobody has asked for the idle time", async () => {
    await home.seed("acme");
    await writeFile(join(home.home, ".gitconfig"), "[credential]\n\tbitbucketIdleTimeout = 1s\n");
    await home.get();
    await waitFor(() => isThere(home.socket));
    const [pid = 0] = await daemons();
    await waitFor(() => !isAlive(pid));
    expect(await isThere(home.socket)).toBe(false);
  });

  test("leaves when its program was upgraded, and the next one takes over", async () => {
    await home.seed("acme");
    await home.get();
    const pid = await home.untilWarm();
    await utimes(home.script, new Date(), new Date(Date.now() + 1000));
    expect((await home.get()).stdout).toBe(answerFor(token("a")));
    await waitFor(() => !isAlive(pid));
    expect((await home.get()).stdout).toBe(answerFor(token("a")));
    expect(await home.untilWarm()).not.toBe(pid);
  });

  test("leaves when its socket is another's, and does not touch that", async () => {
    const pid = await start();
    await rm(home.socket);
    const other = createServer(() => {});
    strangers.push(other);
    await new Promise<void>((resolve) => other.listen(home.socket, resolve));
    const { ino } = await lstat(home.socket);
    await waitFor(() => !isAlive(pid));
    expect((await lstat(home.socket)).ino).toBe(ino);
  });
});

describe("starting", () => {
  test("fifty at once leave one daemon", async () => {
    await home.seed("acme");
    const got = await Promise.all(Array.from({ length: 50 }, () => home.get()));
    for (const { stdout } of got) expect(stdout).toBe(answerFor(token("a")));
    await home.untilWarm();
    await waitFor(async () => (await daemons()).length === 1);
    expect(await isThere(join(home.directory, "starting"))).toBe(false);
  });

  test("twelve daemons at once leave one", async () => {
    const started = await Promise.all(Array.from({ length: 12 }, () => daemon("start")));
    expect(new Set(started.map(({ stdout }) => stdout)).size).toBe(1);
    await waitFor(async () => (await daemons()).length === 1);
  });

  test("over the socket of a daemon that was killed", async () => {
    const pid = await start();
    process.kill(pid, "SIGKILL");
    await waitFor(() => !isAlive(pid));
    expect(await isThere(home.socket)).toBe(true);
    expect(await start()).not.toBe(pid);
  });

  test("over a file that is no socket", async () => {
    await mkdir(home.directory, { mode: 0o700 });
    await writeFile(home.socket, "");
    await start();
    expect((await lstat(home.socket)).isSocket()).toBe(true);
  });

  test("in the place of git's own cache daemon, which then leaves our socket alone", async () => {
    await mkdir(home.directory, { mode: 0o700 });
    const foreign = spawn("git", ["credential-cache--daemon", home.socket], {
      env: home.env,
      stdio: "ignore",
    });
    strangers.push(foreign);
    await waitFor(() => isThere(home.socket));
    const pid = await start();
    await waitFor(() => foreign.exitCode !== null);
    expect((await home.status())?.pid).toBe(pid);
  });

  test("in the place of an older version", async () => {
    await mkdir(home.directory, { mode: 0o700 });
    let asked = "";
    const older = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("data", (bytes) => (asked += bytes.toString()));
      socket.on("end", () =>
        socket.end('bitbucket=done\nstatus={"pid":1,"version":"0.0.9"}\nbitbucket=end\n'),
      );
    });
    strangers.push(older);
    await new Promise<void>((resolve) => older.listen(home.socket, resolve));
    const pid = await start();
    expect(asked).toContain("action=exit");
    expect((await home.status())?.pid).toBe(pid);
  });

  test("in the place of one that is stopped", async () => {
    const pid = await start();
    process.kill(pid, "SIGSTOP");
    const next = await start();
    expect(next).not.toBe(pid);
    await waitFor(() => !isAlive(pid));
  });

  test("not where the folder is a link to another's place", async () => {
    await mkdir(join(home.work, "elsewhere"), { mode: 0o700 });
    await symlink(join(home.work, "elsewhere"), home.directory);
    expect((await daemon("start")).stderr).toContain(`${home.directory} is a symbolic link`);
  });

  test("by systemd: the socket it hands over is used and left in its place", async () => {
    await mkdir(home.directory, { mode: 0o700 });
    // What systemd does: sd_listen_fds(3).
    const manager = `
      import socket, os, sys
      s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(64); os.dup2(s.fileno(), 3)
      os.environ["LISTEN_FDS"] = "1"; os.environ["LISTEN_PID"] = str(os.getpid()); os.set_inheritable(3, True)
      os.execv(sys.argv[2], sys.argv[2:])`.replaceAll(/^ {6}/gmu, "");
    const activated = spawn(
      "python3",
      ["-c", manager, home.socket, process.execPath, home.script, "daemon", "run"],
      { env: home.env, stdio: "ignore" },
    );
    strangers.push(activated);
    await home.seed("acme");
    await waitFor(() => isThere(home.socket));
    await chmod(home.socket, 0o600);
    expect((await home.get()).stdout).toBe(answerFor(token("a")));
    await waitFor(async () => (await home.status())?.entries.length === 1);
    expect((await home.status())?.pid).toBe(activated.pid);
    await daemon("stop");
    await waitFor(() => activated.exitCode !== null);
    expect(await isThere(home.socket)).toBe(true);
  });
});

describe("connections", () => {
  test("that bring nonsense get an answer or none, and do no harm", async () => {
    const pid = await start();
    expect(await send("")).toBe("bitbucket=node\nbitbucket=end\n");
    expect(await send("\0\0\0")).toBe("bitbucket=node\nbitbucket=end\n");
    expect(await send(Buffer.alloc(3 << 20, "a"))).toBe("");
    expect(await send(formatQuestion("get", [], Buffer.from("protocol")))).toBe(
      "bitbucket=node\nbitbucket=end\n",
    );
    expect(await send(formatQuestion("offer", [], Buffer.from("password=x\n")))).toBe(
      "bitbucket=done\nbitbucket=end\n",
    );
    expect(await send(formatQuestion("lease", [["ticket", "none"]]))).toBe(
      "bitbucket=done\nbitbucket=end\n",
    );
    expect(await send("action=get\ntimeout=900\nprotocol=https\nhost=bitbucket.org\n")).toBe(
      "bitbucket=node\nbitbucket=end\n",
    );
    expect((await home.status())?.pid).toBe(pid);
  });

  test("that say nothing do not hold up others", async () => {
    await start();
    const silent = Array.from({ length: 300 }, () => connect(home.socket));
    await Promise.all(
      silent.map((socket) => new Promise((resolve) => socket.once("connect", resolve))),
    );
    expect(await home.status()).toBeDefined();
    for (const socket of silent) socket.destroy();
  });
});

/** Sends pieces and gives what comes back, also when only a part was sent. */
async function send(...pieces: (Buffer | string)[]): Promise<string> {
  return await new Promise((resolve) => {
    const socket = connect(home.socket);
    let answer = "";
    socket.on("data", (bytes: Buffer) => (answer += bytes.toString()));
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
    for (const piece of pieces) socket.write(piece);
    socket.end();
  });
}
