// keytar, in a process of its own. Its calls wait in threads of libuv, and Node joins these when it exits: a keychain that
// does not answer would hold git for ever, whatever limit we set. It can also take the process with it (libsecret, asked
// for a list while a secret is locked) and write to stderr. A child can be ended, and nobody reads its stderr.
// Measured, Node 20 on 2 cores: 50 ms for a read, 35 of them Node's start; in this process it were 14.
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { createRequire } from "node:module";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Environment } from "../../outside.ts";
import { closeInheritedDescriptors } from "../../processes/inherited-descriptors.ts";
import { failed, noAnswer, notLoaded, unavailable } from "./keychain-errors.ts";

/** A keychain, open for a few calls, one at a time. Each throws HelperError `store-locked` or `store-unavailable`. */
export interface Entries {
  get(service: string, account: string): Promise<string | undefined>;
  set(service: string, account: string, value: string): Promise<void>;
  delete(service: string, account: string): Promise<boolean>;
  /** The accounts of a service; their secrets never leave the child. */
  accounts(service: string): Promise<readonly string[]>;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;
type Answer = { readonly value: unknown } | { readonly error: string };

const childProgram = fileURLToPath(new URL("keytar-child.cjs", import.meta.url));

// How long the child takes to start, 45 ms, tells how busy the machine is: with a hundred of us at once, a keychain that is
// well takes many seconds for the last one.
const usualStartMilliseconds = 100;
const longestStartMilliseconds = 10_000;
const mostPatience = 10;

/**
 * Starts the child, takes the steps, ends the child.
 * @param limitMilliseconds for each call, on a machine that is not busy.
 */
export async function withKeytar<T>(
  env: Environment,
  limitMilliseconds: number,
  steps: (entries: Entries) => Promise<T>,
): Promise<T> {
  // It is ended and not waited for, and may hold nothing of our caller's by then.
  closeInheritedDescriptors(process.platform);
  const child = spawn(process.execPath, [childProgram, keytarPath()], {
    env: childEnvironment(env),
    cwd: "/",
    stdio: ["pipe", "pipe", "ignore"],
    windowsHide: true,
  });
  // However it ends, its stdout ends too, and that is what is waited for.
  child.on("error", () => child.stdout.destroy());
  child.stdin.on("error", () => {});
  const lines = linesOf(child.stdout);
  try {
    const started = performance.now();
    const ready = await next(lines, longestStartMilliseconds);
    if ("error" in ready) throw notLoaded(ready.error);
    const patience = (performance.now() - started) / usualStartMilliseconds;
    const limit = limitMilliseconds * Math.min(Math.max(patience, 1), mostPatience);
    return await steps(entriesOf(child, lines, limit));
  } finally {
    child.kill("SIGKILL");
    child.stdin.destroy();
    child.stdout.destroy();
  }
}

function entriesOf(child: Child, lines: AsyncIterator<string>, limitMilliseconds: number): Entries {
  async function call(method: string, ...values: readonly string[]): Promise<unknown> {
    child.stdin.write(`${JSON.stringify([method, ...values])}\n`);
    const answer = await next(lines, limitMilliseconds);
    if ("error" in answer) throw failed(answer.error);
    return answer.value;
  }
  return {
    async get(service, account) {
      return ((await call("getPassword", service, account)) as string | null) ?? undefined;
    },
    async set(service, account, value) {
      await call("setPassword", service, account, value);
    },
    async delete(service, account) {
      return (await call("deletePassword", service, account)) as boolean;
    },
    async accounts(service) {
      return (await call("findCredentials", service)) as string[];
    },
  };
}

async function next(lines: AsyncIterator<string>, limitMilliseconds: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // One more look at the pipe: this process may have been the slow one.
      setImmediate(() => reject(noAnswer(limitMilliseconds)));
    }, limitMilliseconds);
  });
  try {
    const line = await Promise.race([lines.next().catch(notStarted), limit]);
    if (line.done === true) throw unavailable("the keychain's library crashed");
    return JSON.parse(line.value) as Answer;
  } finally {
    clearTimeout(timer);
  }
}

function notStarted(cause: unknown): never {
  throw unavailable("the keychain's library cannot be started", cause);
}

async function* linesOf(stream: Readable): AsyncGenerator<string, undefined> {
  let text = "";
  for await (const more of stream.setEncoding("utf8") as AsyncIterable<string>) {
    text += more;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      yield text.slice(0, end);
      text = text.slice(end + 1);
    }
  }
  return undefined;
}

function keytarPath(): string {
  try {
    return createRequire(import.meta.url).resolve("keytar");
  } catch {
    throw notLoaded("the package keytar is not installed beside the program");
  }
}

// What a keychain and its prompt need; no setting of Node's, no certificate bundle (100 ms), no token.
const passedOn =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LC_\w+|LD_LIBRARY_PATH|DBUS_\w+|XDG_\w+|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|TMPDIR|SystemRoot|USERPROFILE|USERNAME|APPDATA|LOCALAPPDATA|TEMP|TMP)$/iu;

function childEnvironment(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && passedOn.test(entry[0]),
    ),
  );
}
