// A caller that means harm: it can reach the socket only as this user, but a hostile repository's paths and hosts come
// through the front. Whatever it asks, the daemon goes on answering others, and does not grow.
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { talk } from "../../src/daemon/talk.ts";
import { type DaemonOperation, formatQuestion } from "../../src/daemon/wire.ts";
import { type DaemonHome, openDaemonHome, requestFor, token, answerFor } from "./home.ts";

/** What the daemon may hold more after a flood than before: bounds of every table, and what V8 keeps to itself. */
const mostGrowthMegabytes = 60;

let home: DaemonHome;
let pid: number;
let before: number;

beforeEach(async () => {
  home = await openDaemonHome();
  await home.seed("acme");
  await home.get();
  pid = await home.untilWarm();
  before = residentMegabytes();
});
afterEach(() => home.close());

function residentMegabytes(): number {
  const [, kilobytes = "0"] =
    /VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

/** The same daemon answers from memory, and has not grown. */
async function expectUnharmed(): Promise<void> {
  expect((await home.get()).stdout).toBe(answerFor(token("a")));
  expect((await home.status())?.pid).toBe(pid);
  const after = residentMegabytes();
  expect(after - before).toBeLessThan(mostGrowthMegabytes);
}

function question(
  operation: DaemonOperation,
  body: string,
  header: readonly [string, string][] = [],
) {
  const caller: [string, string][] = [
    ["home", home.home],
    ["data", home.env["XDG_DATA_HOME"] ?? ""],
    ["cwd", "/"],
    ["nosystem", "1"],
  ];
  return formatQuestion(operation, [...caller, ...header], Buffer.from(body));
}

async function ask(
  operation: DaemonOperation,
  body: string,
  header: readonly [string, string][] = [],
) {
  return await talk(home.socket, question(operation, body, header), 5000);
}

/** Asks many times, some at once. */
async function flood(count: number, one: (index: number) => Promise<unknown>): Promise<void> {
  const atOnce = 20;
  for (let first = 0; first < count; first += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, index) => one(first + index)));
  }
}

test("thousands of different questions, as long as they are kept", async () => {
  const long = "x".repeat(3500);
  await flood(4000, (index) =>
    ask("get", requestFor(`acme/${index}-${long}`), [["cwd", `/${index}/${long}`]]),
  );
  await expectUnharmed();
}, 240_000);

test("thousands of tickets for hosts and settings that nobody knows", async () => {
  const long = "y".repeat(30_000);
  await flood(2000, (index) => ask("get", `protocol=https\nhost=h${index}.${long}\n`));
  await flood(2000, (index) =>
    ask("get", `protocol=https\nhost=h${index}.example\n`, [
      ["parameters", `'credential.bitbuckethosts=${index}${long}'`],
    ]),
  );
  expect((await home.status())?.waiting).toBeLessThan(1000);
  await expectUnharmed();
}, 240_000);

test("thousands of secrets, accounts and outcomes", async () => {
  const secret = "z".repeat(50_000);
  const data = `${home.env["XDG_DATA_HOME"]}/git-credential-bitbucket`;
  await flood(2500, (index) =>
    ask(
      "offer",
      `data=${data}\naccount=a${index}\nkey=a${index}/1\nlifetime=3600\npassword=${secret}${index}\n`,
    ),
  );
  await flood(1000, async (index) => {
    const first = await ask("get", `protocol=https\nhost=o${index}.example\n`);
    const text = first.outcome === "answered" ? first.answer.attributes.toString() : "";
    const ticket = /^ticket=(.+)$/mu.exec(text)?.[1] ?? "none";
    const vouch = `outcome=nothing\nours=0\nserve=0\nvalidate=first-use\n`;
    await ask("lease", `data=${data}\n${vouch}`, [["ticket", ticket]]);
  });
  await expectUnharmed();
}, 240_000);

test("hundreds of connections that stay half open, with half a question", async () => {
  const part = `wwwauth[]=${"p".repeat(62_000)}\n`;
  const half = question("store", `protocol=https\nhost=bitbucket.org\n${part.repeat(4)}`);
  const open: Socket[] = [];
  try {
    for (let count = 0; count < 480; count += 1) {
      const socket = connect(home.socket);
      socket.on("error", () => {});
      open.push(socket);
      // Ends also when the other side closes.
      await new Promise((resolve) => socket.write(half, resolve));
    }
    // The others find their place all the same.
    await expectUnharmed();
    for (let count = 0; count < 400; count += 1)
      open.push(connect(home.socket).on("error", () => {}));
    expect((await home.get()).stdout).toBe(answerFor(token("a")));
  } finally {
    for (const socket of open) socket.destroy();
  }
  await expectUnharmed();
}, 240_000);

test("one that sends a byte now and then is not waited for without end", async () => {
  const socket = connect(home.socket);
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const drip = setInterval(() => socket.write("x"), 200);
  await closed;
  clearInterval(drip);
  await expectUnharmed();
});

test("a lease for a ticket that nobody gave is not waited for longer than a question", async () => {
  const socket = connect(home.socket);
  socket.on("error", () => {});
  socket.write(formatQuestion("lease", [["ticket", "made up"]]));
  await new Promise((resolve) => socket.once("close", resolve));
  await expectUnharmed();
});

test("questions without end are cut off", async () => {
  await flood(200, async () => {
    const socket = connect(home.socket);
    socket.on("error", () => {});
    const closed = new Promise((resolve) => socket.once("close", resolve));
    const piece = Buffer.alloc(1 << 20, "a");
    for (let count = 0; count < 4 && !socket.destroyed; count += 1) socket.write(piece);
    await closed;
  });
  await expectUnharmed();
});
