// The terminal in a real pty: what is shown, what comes out, and that its modes are as they were on every way out.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { build } from "esbuild";
import { dir, type DirectoryResult } from "tmp-promise";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectRoot } from "../support/project.ts";
import { openPty, type Pty } from "../support/pty.ts";

// Asks a hidden question and an open one, then writes to stdout what it got. The timer ends when the program does not.
const asker = `
  import { createHash } from "node:crypto";
  import { openTerminal } from "./src/ask/terminal.ts";
  const terminal = openTerminal(process.platform);
  if (terminal === undefined) {
    process.stdout.write("no terminal");
  } else if (process.argv[2] === "hostile") {
    terminal.write(process.env.HOSTILE + "\\n");
    process.stdout.write(await terminal.ask(process.env.HOSTILE + " Name: "));
    terminal.close();
  } else {
    process.on("exit", () => process.stdout.write(" exits"));
    const sum = (text) => text.length + ":" + createHash("sha256").update(text).digest("hex");
    try {
      process.stdout.write(sum(await terminal.ask("Token (hidden): ", { hidden: true })));
      if (process.argv[2] === "twice") process.stdout.write(" " + await terminal.ask("Name: "));
    } catch (error) {
      process.stdout.write(error.code + ": " + error.message);
    }
    if (process.argv[2] !== "leave open") terminal.close();
  }`;

const secret = `ATATT3xFfGF0${"Secret".repeat(30)}`;
const sum = (text: string): string =>
  `${text.length}:${createHash("sha256").update(text).digest("hex")}`;

let folder: DirectoryResult;
let program: string;

beforeAll(async () => {
  folder = await dir({ unsafeCleanup: true });
  program = join(folder.path, "asker.mjs");
  await build({
    stdin: { contents: asker, resolveDir: projectRoot, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: program,
  });
});
afterAll(() => folder.cleanup());

const env = { PATH: "/usr/bin:/bin" };

async function ask(mode = ""): Promise<Pty> {
  const person = await openPty({ command: [process.execPath, program, mode], env, stdout: "file" });
  await person.sees("Token (hidden): ");
  return person;
}

test("a hidden answer is never on the screen, an open one is, and stdout has only what the program wrote", async () => {
  const person = await ask("twice");
  person.types(`${secret}\r`);
  await person.sees("Name: ");
  person.types("anb\x7fn\r");
  const end = await person.ended();
  expect(end.stdout).toBe(`${sum(secret)} ann exits`);
  expect(end.screen).toBe("Token (hidden): \nName: anb\b \bn\n");
  expect(end.raw).not.toContain("Secret");
  expect(end.modesAfter).toBe(end.modesBefore);
  expect(end.code).toBe(0);
});

test("nothing from outside moves the cursor or reorders text, in what is told, asked and typed", async () => {
  const HOSTILE = "a\x1b[2J\x1b]0;t\x07\r\x9b1m\u202e\u2028\u{e0041}b";
  const person = await openPty({
    command: [process.execPath, program, "hostile"],
    env: { ...env, HOSTILE },
    stdout: "file",
  });
  await person.sees("Name: ");
  person.types("an\u202e\u200bn\x7fna\r");
  const { raw, stdout } = await person.ended();
  expect(stdout).toBe("anna");
  // eslint-disable-next-line no-control-regex -- these are what it is about
  const obeyed = /[^\P{C}\r\n\b]|[\u2028\u2029]/u;
  expect(raw).not.toMatch(obeyed);
  const shown = String.raw`a\x1b[2J\x1b]0;t\x07\x0d\x9b1m\u{202e}\u{2028}\u{e0041}b`;
  expect(raw.replaceAll("\r", "")).toBe(`${shown}\n${shown} Name: ann\b \bna\n`);
});

test("takes what stdin and stdout know nothing of: both are not terminals", async () => {
  const person = await openPty({
    command: [process.execPath, program],
    env,
    stdin: "from stdin\n",
    stdout: "file",
  });
  await person.sees("Token (hidden): ");
  person.types("from the terminal\r");
  expect((await person.ended()).stdout).toBe(`${sum("from the terminal")} exits`);
});

test.each([4_095, 4_096, 10_000, 20_000])(
  "takes a secret of %i characters whole",
  async (length) => {
    const long = "Secret-000".repeat(2_000).slice(0, length);
    const person = await ask();
    person.types(`${long}\r`);
    const end = await person.ended();
    expect(end.stdout).toBe(`${sum(long)} exits`);
    expect(end.raw).not.toContain("Secret");
  },
);

test("asks the terminal to mark pastes while it asks, and no longer", async () => {
  const person = await ask();
  person.types(`\x1b[200~${secret}\r\n\x1b[201~`);
  person.types("\r");
  const end = await person.ended();
  expect(end.raw).toBe("\x1b[?2004hToken (hidden): \x1b[?2004l\r\n");
  expect(end.stdout).toBe(`${sum(secret)} exits`);
});

test("the rest of a pasted secret is not the next answer", async () => {
  const person = await ask("twice");
  person.types(`first half\rSecret second half\r`);
  await person.sees("Name: ");
  person.types("ann\r");
  const end = await person.ended();
  expect(end.stdout).toBe(`${sum("first half")} ann exits`);
  expect(end.raw).not.toContain("Secret");
});

test.each([
  ["Ctrl-C", "\x03"],
  ["Ctrl-C behind a part of the answer", "Secret\x03"],
  ["Ctrl-\\", "\x1c"],
  ["Ctrl-D on an empty line", "\x04"],
])("%s cancels, and the program goes on", async (_title, keys) => {
  const person = await ask();
  person.types(keys);
  const end = await person.ended();
  expect(end.stdout).toBe("cancelled: cancelled exits");
  expect(end.modesAfter).toBe(end.modesBefore);
  expect(end.raw).not.toContain("Secret");
});

test("an answer longer than any token is refused", async () => {
  const person = await ask();
  person.types(`${"Secret".repeat(20_000)}\r`);
  const end = await person.ended();
  expect(end.stdout).toBe("bad-token: the answer is longer than any token exits");
  expect(end.modesAfter).toBe(end.modesBefore);
});

test("SIGINT cancels like Ctrl-C", async () => {
  const person = await ask();
  process.kill(await person.pid(), "SIGINT");
  const end = await person.ended();
  expect(end.stdout).toBe("cancelled: cancelled exits");
  expect(end.modesAfter).toBe(end.modesBefore);
});

test.each([
  ["SIGTERM", 15],
  ["SIGQUIT", 3],
] as const)(
  "%s ends the program by that signal, and the modes are as before",
  async (signal, number) => {
    const person = await ask();
    person.types("Secret");
    expect(await person.modes()).not.toBe("");
    process.kill(await person.pid(), signal);
    const end = await person.ended();
    expect(end.code).toBe(128 + number);
    expect(end.modesAfter).toBe(end.modesBefore);
    expect(end.raw).not.toContain("Secret");
  },
);

test("Ctrl-Z stops the program, with the modes as before; the question comes again when it goes on", async () => {
  const shell = 'set -m; "$@"; stty -g </dev/tty; read go </dev/tty; fg >/dev/null';
  const person = await openPty({
    command: ["sh", "-c", shell, "sh", process.execPath, program],
    env,
    stdout: "file",
  });
  await person.sees("Token (hidden): ");
  const raw = await person.modes();
  person.types("first \x1a");
  await expect.poll(() => person.modes(), { timeout: 20_000 }).not.toBe(raw);
  person.types("go\r");
  await person.sees("Token (hidden): ");
  expect(await person.modes()).toBe(raw);
  person.types("second\r");
  const end = await person.ended();
  expect(end.stdout).toBe(`${end.modesBefore}\n${sum("first second")} exits`);
  expect(end.screen.match(/Token/gu)).toHaveLength(2);
  expect(end.modesAfter).toBe(end.modesBefore);
});

test("Ctrl-Z without a shell that could continue it only asks again", async () => {
  const person = await ask();
  person.types("first \x1a");
  await person.sees("Token (hidden): ");
  person.types("second\r");
  expect((await person.ended()).stdout).toBe(`${sum("first second")} exits`);
});

test("stopped and continued from outside, it makes the terminal raw again", async () => {
  const person = await ask();
  const raw = await person.modes();
  const pid = await person.pid();
  process.kill(pid, "SIGSTOP");
  const terminal = await person.device();
  expect(spawnSync("stty", ["-F", terminal, "sane"]).status).toBe(0);
  expect(await person.modes()).not.toBe(raw);
  process.kill(pid, "SIGCONT");
  await person.sees("Token (hidden): ");
  person.types(`${secret}\r`);
  const end = await person.ended();
  expect(end.stdout).toBe(`${sum(secret)} exits`);
  expect(end.raw).not.toContain("Secret");
  expect(end.modesAfter).toBe(end.modesBefore);
});

test("a closed window cancels", async () => {
  const person = await ask();
  const pid = await person.pid();
  person.hangUp();
  const end = await person.ended();
  await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
  expect(end.raw).not.toContain("Secret");
});

test("a terminal left open does not keep the program", async () => {
  const person = await ask("leave open");
  person.types("x\r");
  expect((await person.ended()).stdout).toBe(`${sum("x")} exits`);
});

test("without a terminal there is none", () => {
  const { stdout } = spawnSync("setsid", ["--wait", process.execPath, program], {
    env,
    encoding: "utf8",
    input: "",
  });
  expect(stdout).toBe("no terminal");
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
