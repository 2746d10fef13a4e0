// The daemon's life: gets its socket, answers, and leaves when it is told, idle, replaced or out of date. docs/design.md, "The daemon".
import { randomBytes } from "node:crypto";
import { chmod, rename, unlink, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { withLock } from "../files/lock.ts";
import { ownerName } from "../files/owner.ts";
import { type Address, identityOf, inodeOf, isAddressPrivate, prepareAddress } from "./address.ts";
import { answer } from "./answer.ts";
import { serveConnection } from "./connection.ts";
import { deferred } from "./deferred.ts";
import type { Memory } from "./memory.ts";
import { makeWay } from "./takeover.ts";
import { formatAnswer } from "./wire.ts";

const lookMilliseconds = 5000;
/** Answers that are on their way get out; who waits for a prompt is told nothing and asks the helper. */
const farewellMilliseconds = 500;

/** Who finds no place asks the helper. Two hundred processes of git at once are some; a thousand that say nothing cost 20 MB. */
const mostConnections = 500;

export interface ServerOptions {
  readonly address: Address;
  readonly memory: Memory;
  /** Absolute path of the program's file: when it changes, a newer daemon is to answer. */
  readonly script: string;
  /** Set when systemd holds the socket: sd_listen_fds(3). */
  readonly inheritedFd?: number | undefined;
}

export interface RunningDaemon {
  /** Resolves when it has left and its secrets are gone. */
  readonly left: Promise<unknown>;
  readonly leave: () => void;
}

/**
 * @returns undefined when a daemon that is as good as this one answers already.
 * Throws HelperError `system` when the folder is not ours alone, or cannot be used.
 */
export async function startServer(options: ServerOptions): Promise<RunningDaemon | undefined> {
  const { address } = options;
  await prepareAddress(address);
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  if (options.inheritedFd !== undefined) {
    await listen(server, { fd: options.inheritedFd });
    await nameOwner(address);
    return run(server, options, undefined);
  }
  return await withLock(address.lock, async () => {
    if (await makeWay(address)) return undefined;
    const inode = await takeSocket(server, address);
    return run(server, options, inode);
  });
}

/** Listens under another name first: the rename replaces what is there in one step, and nobody finds a gap. */
async function takeSocket(server: Server, address: Address): Promise<string | undefined> {
  // As long as the name it gets: a longer one might not fit into a socket address.
  const temporary = join(address.directory, `s${randomBytes(3).toString("hex").slice(1)}`);
  await listen(server, { path: temporary });
  await chmod(temporary, 0o600);
  await nameOwner(address);
  await rename(temporary, address.socket);
  return inodeOf(address.socket);
}

async function nameOwner(address: Address): Promise<void> {
  await writeFile(address.owner, ownerName(), { mode: 0o600 });
}

async function listen(server: Server, where: { path: string } | { fd: number }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...where, backlog: 511 }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function run(server: Server, options: ServerOptions, inode: string | undefined): RunningDaemon {
  const { address, memory, script } = options;
  const program = identityOf(script);
  const started = memory.now();
  const connections = new Set<Socket>();
  let lastUsed = started;
  let isLeaving = false;
  const left = deferred<undefined>();

  function isTrusted(): boolean {
    return isAddressPrivate(address) && identityOf(script) === program;
  }

  function isReached(): boolean {
    return inode === undefined || inodeOf(address.socket) === inode;
  }

  function leave(): void {
    if (isLeaving) return;
    isLeaving = true;
    clearInterval(watch);
    void goodbye();
  }

  async function goodbye(): Promise<void> {
    if (inode !== undefined) await removeSocket(address, inode);
    memory.cache.drop(() => true);
    server.close();
    const limit = setTimeout(() => {
      for (const socket of connections) socket.destroy();
    }, farewellMilliseconds);
    await lastClosed();
    clearTimeout(limit);
    left.resolve(undefined);
  }

  async function lastClosed(): Promise<void> {
    const open = [...connections].map((socket) => new Promise((end) => socket.once("close", end)));
    await Promise.all(open);
  }

  const watch = setInterval(() => {
    memory.cache.sweep();
    // Locked by a program that does not find this socket, such as one of another session: it forgets all the same.
    memory.isLocked();
    const idle = memory.now() - lastUsed >= memory.idleTimeoutSeconds * 1000;
    if (!isTrusted() || !isReached() || (idle && memory.flights.size === 0)) leave();
  }, lookMilliseconds);

  const context = { memory, started, program: script, leave };
  server.on("connection", (accepted) => {
    lastUsed = memory.now();
    if (!isTrusted()) leave();
    if (connections.size >= mostConnections) {
      accepted.destroy();
      return;
    }
    const socket = serveConnection(accepted, {
      answer: async (question) =>
        isLeaving ? formatAnswer("node") : await answer(question, context),
      leased: (ticket) => memory.flights.lease(ticket) !== undefined,
      lost: (ticket) => {
        memory.flights.end(ticket, undefined);
      },
    });
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  return { left: left.promise, leave };
}

/** Only its own: another daemon may have taken the path since. */
async function removeSocket(address: Address, inode: string): Promise<void> {
  try {
    await withLock(
      address.lock,
      async () => {
        if (inodeOf(address.socket) !== inode) return;
        await unlink(address.socket);
        await unlink(address.owner);
      },
      1000,
    );
  } catch {
    // The folder is gone, or somebody takes over at this moment: a file without a daemon behind it does no harm.
  }
}
