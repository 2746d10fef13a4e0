// Never worse than without: whatever happens to the daemon or its folder, git gets its answer and nothing is lost. Real
// processes. A front that waited for ever would run into the test's own limit; the front's is two seconds.
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, chown, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { waitFor } from "../support/wait.ts";
import { answerFor, type DaemonHome, openDaemonHome, requestFor, token } from "./home.ts";

const secret = token("a");
const answer = { stdout: answerFor(secret), stderr: "", exitCode: 0 };
const api = requestFor("acme/api.git");
/** For unshare: a mount namespace, which anybody but root has to be root of. */
const ownMounts = process.getuid?.() === 0 ? ["--mount"] : ["--map-root-user", "--mount"];
let home: DaemonHome;
let pid: number;
let strangers: (Server | ChildProcess)[] = [];

beforeEach(async () => {
  home = await openDaemonHome();
  await home.seed("acme");
  await home.get();
  pid = await home.untilWarm();
});
afterEach(async () => {
  for (const stranger of strangers) {
    if (stranger instanceof Server) stranger.close();
    else stranger.kill("SIGKILL");
  }
  strangers = [];
  await home.close();
});

/** What a fault leaves of the next requests: every one is answered, and afterwards it is as before. */
async function expectAllWell(): Promise<void> {
  expect(await home.get()).toEqual(answer);
  expect(await home.get()).toEqual(answer);
}

async function expectWarmAgain(): Promise<void> {
  await waitFor(async () => {
    const before = await home.helperStarts();
    expect(await home.get()).toEqual(answer);
    return (await home.helperStarts()) === before;
  });
}

describe("the daemon is", () => {
  test("killed", async () => {
    process.kill(pid, "SIGKILL");
    await expectAllWell();
    await expectWarmAgain();
  });

  test("killed while it is asked", async () => {
    const gets = Array.from({ length: 20 }, () => home.get());
    process.kill(pid, "SIGKILL");
    for (const got of await Promise.all(gets)) expect(got).toEqual(answer);
    await expectWarmAgain();
  });

  test("stopped: the next get ends its wait, and a new daemon takes over", async () => {
    process.kill(pid, "SIGSTOP");
    await expectAllWell();
    await expectWarmAgain();
    expect(await home.untilWarm()).not.toBe(pid);
  });

  test.each(["bash", "bash --posix", "busybox sh"])("stopped, with %s", async (shell) => {
    process.kill(pid, "SIGSTOP");
    expect(await home.get(api, { shell })).toEqual(answer);
  });

  test.each(["dash", "bash", "busybox sh", "zsh --emulate sh"])(
    "stopped, where there is no /proc, with %s",
    async (shell) => {
      process.kill(pid, "SIGSTOP");
      const words = ["timeout", "20", ...shell.split(" "), home.front, "get"];
      const script = 'mount -t tmpfs none /proc && exec "$@"';
      const got = await home.run("unshare", [...ownMounts, "sh", "-c", script, "sh", ...words], {
        input: api,
      });
      expect(got).toEqual(answer);
    },
  );

  test("stopped while many ask", async () => {
    const gets = Array.from({ length: 20 }, () => home.get());
    process.kill(pid, "SIGSTOP");
    for (const got of await Promise.all(gets)) expect(got).toEqual(answer);
  });

  test("stopped when a store comes, which is not lost", async () => {
    process.kill(pid, "SIGSTOP");
    const input = `${requestFor("other/web.git")}${answerFor(token("n"))}`;
    const stderr =
      "git-credential-bitbucket: warning: git logged in as x-token-auth with a secret of its own, which is kept for other/web.git only\n" +
      "git-credential-bitbucket: hint: git credential-bitbucket logout learned-other-web\n";
    expect(await home.helper(["store"], { input })).toEqual({ ...answer, stdout: "", stderr });
    expect((await home.get(requestFor("other/web.git"))).stdout).toBe(answerFor(token("n")));
  });

  test("told to end while it answers", async () => {
    const gets = Array.from({ length: 20 }, () => home.get());
    process.kill(pid, "SIGTERM");
    for (const got of await Promise.all(gets)) expect(got).toEqual(answer);
  });

  test("one that only listens", async () => {
    process.kill(pid, "SIGKILL");
    await rm(home.socket);
    await listen(createServer({ allowHalfOpen: true }, () => {}));
    await expectAllWell();
    await expectWarmAgain();
  });

  test("one that answers nonsense", async () => {
    process.kill(pid, "SIGKILL");
    await rm(home.socket);
    await listen(
      createServer({ allowHalfOpen: true }, (socket) => {
        socket.on("error", () => {});
        socket.end("password=stolen\nbitbucket=answer\n");
      }),
    );
    expect(await home.get()).toEqual(answer);
  });

  test("git's own, which answers with nothing", async () => {
    process.kill(pid, "SIGKILL");
    await rm(home.socket);
    strangers.push(
      spawn("git", ["credential-cache--daemon", home.socket], { env: home.env, stdio: "ignore" }),
    );
    await waitFor(async () => (await readdir(home.directory)).includes("socket"));
    await expectAllWell();
    await expectWarmAgain();
  });
});

describe("the socket is", () => {
  test("deleted", async () => {
    await rm(home.socket);
    await expectAllWell();
    await expectWarmAgain();
    expect(await home.untilWarm()).not.toBe(pid);
  });

  test("a plain file", async () => {
    await rm(home.socket);
    await writeFile(home.socket, "");
    await expectAllWell();
    await expectWarmAgain();
  });

  test("a folder", async () => {
    await rm(home.socket);
    await mkdir(home.socket);
    await expectAllWell();
  });

  test.runIf(process.getuid?.() === 0)("another user's, who is told nothing", async () => {
    process.kill(pid, "SIGKILL");
    await rm(home.socket);
    let heard = "";
    await listen(
      createServer({ allowHalfOpen: true }, (socket) => {
        socket.on("data", (bytes: Buffer) => (heard += bytes.toString()));
        socket.on("end", () =>
          socket.end("bitbucket=answer\nusername=a\npassword=stolen\nbitbucket=end\n"),
        );
      }),
    );
    await chown(home.socket, 65_534, 65_534);
    expect(await home.get()).toEqual(answer);
    await home.helper(["store"], { input: `${api}${answerFor(secret)}` });
    expect(heard).not.toContain("password");
  });
});

describe("the folder is", () => {
  test("open to others: the daemon leaves, and no other starts there", async () => {
    await chmod(home.directory, 0o777);
    await expectAllWell();
    await waitFor(() => !isAlive(pid));
    await expectAllWell();
    expect(await home.status().catch(() => undefined)).toBeUndefined();
  });

  test("a link", async () => {
    await rename(home.directory, `${home.directory}-moved`);
    await symlink(`${home.directory}-moved`, home.directory);
    await expectAllWell();
  });

  test.runIf(process.getuid?.() === 0)("another user's", async () => {
    await chown(home.directory, 65_534, 65_534);
    await expectAllWell();
    await waitFor(() => !isAlive(pid));
  });

  test("gone", async () => {
    await rm(home.directory, { recursive: true });
    await expectAllWell();
    await expectWarmAgain();
  });

  test("gone with the session's runtime folder: the cache folder serves", async () => {
    const runtime = home.env["XDG_RUNTIME_DIR"] ?? "";
    await rm(runtime, { recursive: true });
    await expectAllWell();
    await expectWarmAgain();
    expect(await readdir(join(home.home, ".cache/git-credential-bitbucket"))).toContain("socket");
    await waitFor(() => !isAlive(pid));
  });

  test("under a path that is too long for a socket", async () => {
    const long = join(home.work, "x".repeat(110));
    await mkdir(long, { mode: 0o700 });
    const env = { XDG_RUNTIME_DIR: long };
    expect(await home.get(api, { env })).toEqual(answer);
    expect(await home.get(api, { env })).toEqual(answer);
    expect(await readdir(long)).toEqual([]);
    const { stderr } = await home.helper(["daemon", "start"], { env });
    expect(stderr).toContain("error: the path of the daemon's socket is too long: ");
  });

  test("on a full disk", async () => {
    // A file system of its own in a mount namespace of its own, full to the last byte.
    const script = `
      mount -t tmpfs -o size=4k,nr_inodes=3,mode=0700 none "$XDG_RUNTIME_DIR" &&
      head -c 8192 /dev/zero >"$XDG_RUNTIME_DIR/filler" 2>/dev/null
      for time in 1 2; do printf 'protocol=https\\nhost=bitbucket.org\\npath=acme/api.git\\n' | "$FRONT" get; done`;
    const got = await home.run("unshare", [...ownMounts, "sh", "-c", script], {
      env: { FRONT: home.front },
    });
    expect(got).toEqual({ ...answer, stdout: answer.stdout + answer.stdout });
  });

  test("read-only, and so is the home", async () => {
    const script = `
      mount --bind "$XDG_RUNTIME_DIR" "$XDG_RUNTIME_DIR" && mount -o remount,bind,ro "$XDG_RUNTIME_DIR" &&
      printf 'protocol=https\\nhost=bitbucket.org\\npath=acme/api.git\\n' | "$FRONT" get`;
    process.kill(pid, "SIGKILL");
    const got = await home.run("unshare", [...ownMounts, "sh", "-c", script], {
      env: { FRONT: home.front },
    });
    expect(got.stdout).toBe(answer.stdout);
  });
});

test("credential.bitbucketDaemon=false is heard at once, and no daemon starts", async () => {
  await writeFile(join(home.home, ".gitconfig"), "[credential]\n\tbitbucketDaemon = false\n");
  const before = await home.helperStarts();
  await expectAllWell();
  expect(await home.helperStarts()).toBeGreaterThan(before);
  process.kill(pid, "SIGKILL");
  await rm(home.socket);
  await expectAllWell();
  expect(await readdir(home.directory)).not.toContain("socket");
});

async function listen(server: Server): Promise<void> {
  strangers.push(server);
  await new Promise<void>((resolve) => server.listen(home.socket, resolve));
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch {
    return false;
  }
}
