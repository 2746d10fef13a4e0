// Questions and answers without a socket: who goes, who waits, and what they are told in the end.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dir } from "tmp-promise";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { answer, type AnswerContext } from "../../src/daemon/answer.ts";
import { openMemory } from "../../src/daemon/memory.ts";
import { formatQuestion } from "../../src/daemon/wire.ts";
import { formatAttributes } from "../../src/protocol/attributes.ts";
import { isLocked, lockSecrets, unlockSecrets } from "../../src/secrets/lock.ts";
import { version } from "../../src/version.ts";
import { requestFor } from "./home.ts";

let left: boolean;
let context: AnswerContext;

let place: string;

beforeEach(async () => {
  left = false;
  const { path, cleanup } = await dir({ unsafeCleanup: true, prefix: "bb-" });
  onTestFinished(() => cleanup());
  place = path;
  const memory = openMemory({
    data: join(path, ".local/share/git-credential-bitbucket"),
    registryPath: "/nowhere/accounts.json",
    registry: { read: () => Promise.resolve([]) },
    now: () => 1_000_000,
  });
  context = {
    memory,
    started: 0,
    program: "/nowhere/main.js",
    leave: () => {
      left = true;
    },
  };
});

async function ask(
  header: readonly [string, string][] = [],
  path = "acme/api.git",
): Promise<string> {
  return await askRaw(requestFor(path), header);
}

async function askRaw(request: string, header: readonly [string, string][] = []): Promise<string> {
  const caller: [string, string][] = [
    ["home", place],
    ["cwd", "/nowhere"],
    ["nosystem", "1"],
  ];
  const question = formatQuestion("get", [...caller, ...header], Buffer.from(request));
  return (await answer(question, context)).toString();
}

async function first(): Promise<string> {
  const ticket = /^ticket=(.+)$/mu.exec(await ask())?.[1];
  if (ticket === undefined) throw new Error("not the first");
  return ticket;
}

/** Until those who were asked before wait for the flight. */
const joined = () => new Promise((resolve) => setImmediate(resolve));

async function report(ticket: string, lines: Record<string, string>): Promise<void> {
  const body = formatAttributes([["data", context.memory.data], ...Object.entries(lines)]);
  await answer(formatQuestion("lease", [["ticket", ticket]], body), context);
}

const lock = () => lockSecrets(context.memory.data);
const unlock = () => unlockSecrets(context.memory.data);

describe("a question that needs a person", () => {
  test("is asked once: who waits for it is told when the person cancels", async () => {
    const ticket = await first();
    const others = [ask(), ask([], "acme/web.git")];
    await joined();
    await report(ticket, { outcome: "cancelled" });
    for (const other of await Promise.all(others)) {
      expect(other).toBe("bitbucket=answer\nquit=1\nbitbucket=end\n");
    }
    expect(await ask([["waited", "1"]])).toBe("bitbucket=answer\nquit=1\nbitbucket=end\n");
    expect(await ask()).toContain("ticket=");
  });

  test("goes to every helper when the first could not ask", async () => {
    const ticket = await first();
    const other = ask();
    await joined();
    await report(ticket, { outcome: "nothing" });
    expect(await other).toBe("bitbucket=node\nbitbucket=end\n");
  });

  test("is waited for no longer than two minutes of questions", async () => {
    await first();
    expect(await ask([["waited", "120"]])).toBe("bitbucket=node\nbitbucket=end\n");
  });

  test("is not waited for where git may not ask", async () => {
    expect(await ask([["prompt", "0"]])).toBe("bitbucket=node\nbitbucket=end\n");
    expect(context.memory.flights.size).toBe(0);
  });

  test.each(["00", "0true", "false", "Off"])("prompt=%s: nobody is waited for", async (prompt) => {
    await first();
    expect(await ask([["prompt", prompt]])).toBe("bitbucket=node\nbitbucket=end\n");
  });

  test("nobody is waited for where credential.interactive forbids to ask", async () => {
    await writeFile(join(place, ".gitconfig"), "[credential]\n\tinteractive = never\n");
    const ticket = await first();
    const said = { outcome: "nothing", ours: "1", serve: "1", asks: "0", validate: "first-use" };
    await report(ticket, said);
    expect(await ask()).toBe("bitbucket=node\nbitbucket=end\n");
    expect(await ask()).toBe("bitbucket=node\nbitbucket=end\n");
  });
});

test("a report of a later version makes the daemon leave, one of the same does not", async () => {
  await report(await first(), { outcome: "nothing", version });
  expect(left).toBe(false);
  await report("any", { outcome: "nothing", version: "999.0.0" });
  expect(left).toBe(true);
});

test("a report about other accounts is not believed", async () => {
  const body = formatAttributes([
    ["data", "/elsewhere"],
    ["account", "work"],
    ["key", "work/1"],
    ["lifetime", "900"],
    ["password", "x"],
  ]);
  await answer(formatQuestion("offer", [], body), context);
  expect(context.memory.cache.facts()).toEqual([]);
});

async function askLater(host: string): Promise<string> {
  const words = `action=get\ntimeout=0\nwire=17\nnew=1\n\nprotocol=https\nhost=${host}\n`;
  return (await answer(Buffer.from(words), context)).toString();
}

describe("while it is locked", () => {
  const locked = "bitbucket=locked\nbitbucket=end\n";
  const nothing = "bitbucket=nothing\nbitbucket=end\n";
  const node = "bitbucket=node\nbitbucket=end\n";

  test("it says so, and keeps nothing", async () => {
    await lock();
    await report("any", { account: "work", key: "work/1", lifetime: "900", password: "x" });
    expect(context.memory.cache.facts()).toEqual([]);
    expect(await ask()).toBe(locked);
    await unlock();
    expect(await ask()).toContain("ticket=");
  });

  test("who waited for a secret when it was locked is told, too", async () => {
    const ticket = await first();
    const other = ask();
    await joined();
    await lock();
    await report(ticket, { outcome: "filled", account: "work", key: "work/1", password: "x" });
    expect(await other).toBe(locked);
  });

  test("hosts of others hear nothing of it, a host of the person's own does", async () => {
    const foreign = "protocol=https\nhost=example.com\n";
    const known = "protocol=https\nhost=git.example.org\n";
    const own = "protocol=https\nhost=git.example.com\n";
    const ticket = /^ticket=(.+)$/mu.exec(await askRaw(own))?.[1] ?? "";
    await report(ticket, {
      outcome: "nothing",
      ours: "1",
      serve: "1",
      asks: "1",
      validate: "first-use",
    });
    const other = /^ticket=(.+)$/mu.exec(await askRaw(known))?.[1] ?? "";
    await report(other, { outcome: "nothing", ours: "0", serve: "0", validate: "first-use" });
    await lock();
    // Only the helper knows that this one is not ours, and it says nothing then.
    expect(await askRaw(foreign)).toBe(node);
    expect(await askRaw(known)).toBe(nothing);
    expect(await askRaw("protocol=http\nhost=bitbucket.org\n")).toBe(nothing);
    expect(await askRaw(own)).toBe(locked);
    expect(await askRaw("protocol=https\nhost=www.bitbucket.org\n")).toBe(locked);
  });

  test("another version's front, which may not know the word, gets nothing, and else its own helper", async () => {
    const question = Buffer.from("action=get\ntimeout=0\nwire=1\n\nprotocol=https\n");
    expect((await answer(question, context)).toString()).toBe(node);
    await lock();
    expect((await answer(question, context)).toString()).toBe(nothing);
  });

  test("a later version's front, which knows the word, is told", async () => {
    expect(await askLater("bitbucket.org")).toBe(node);
    await lock();
    expect(await askLater("bitbucket.org")).toBe(locked);
    expect(await askLater("example.com")).toBe(nothing);
  });

  test("what is in memory is forgotten at the first question, whoever locked", async () => {
    await report("any", { account: "work", key: "work/1", lifetime: "900", password: "x" });
    expect(context.memory.cache.facts()).toHaveLength(1);
    await lock();
    expect(await ask()).toBe(locked);
    expect(context.memory.cache.facts()).toEqual([]);
  });

  test("a program that leaves the lock to the daemon gets one that lasts", async () => {
    await answer(formatQuestion("lock", []), context);
    expect(isLocked(context.memory.data)).toBe(true);
    await answer(formatQuestion("unlock", []), context);
    expect(isLocked(context.memory.data)).toBe(false);
  });
});
