// A person at a real terminal: runs a program in a pty of util-linux's script(1) and types into it.
//
//   const person = await openPty({ command: [process.execPath, script, "login"], env, stdout: "file" });
//   await person.sees("Token");             // waits until the screen shows it, after what was seen before
//   person.types(`${token}\r`);             // \r is Enter, \x03 Ctrl-C
//   const end = await person.ended();       // { code, screen, stdout, modesBefore, modesAfter }
//
// The program gets exactly the environment that is handed in, and TERM. Its pty has 24 lines of 200 columns, so that
// no sentence wraps. Always await ended(): it ends the pty and removes its folder.
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { dir } from "tmp-promise";

export interface PtyOptions {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What the program reads from stdin; the terminal when left out. */
  readonly stdin?: string;
  /** Where stdout goes; `terminal` when left out. */
  readonly stdout?: "terminal" | "file";
}

export interface PtyEnd {
  /** As a shell tells it: 128 + signal for a program that a signal ended; undefined after hangUp(). */
  readonly code: number | undefined;
  /** Everything that appeared on the terminal, without control sequences, lines ended by \n. */
  readonly screen: string;
  /** The same, byte for byte. */
  readonly raw: string;
  /** Only with stdout: "file". */
  readonly stdout: string;
  /** `stty -g` before and after the program. */
  readonly modesBefore: string;
  readonly modesAfter: string;
}

export interface Pty {
  /** Waits for text that was not yet seen; resolves to the screen up to and with it. Throws, showing the screen, when it cannot come. */
  sees(text: string | RegExp): Promise<string>;
  types(keys: string): void;
  /** Process id of the program, once it runs. */
  pid(): Promise<number>;
  /** The terminal's device, such as /dev/pts/3. */
  device(): Promise<string>;
  /** The terminal's modes now, as `stty -g` tells them. */
  modes(): Promise<string>;
  /** Closes the terminal under the program, as a closed window does. */
  hangUp(): void;
  ended(): Promise<PtyEnd>;
}

const patienceMilliseconds = 25_000; // below vitest's limit of a test, so that the screen is shown

// The inner shell tells its process id and becomes the program; the outer one sees the modes that it left.
const wrapper = (redirections: string): string => `
  folder=$1; shift
  stty sane rows 24 cols 200
  tty >"$folder/tty"; stty -g >"$folder/before"
  sh -c 'echo $$ >"$0/pid.part"; mv "$0/pid.part" "$0/pid"; exec "$@"' "$folder" "$@" ${redirections}
  code=$?
  stty -g >"$folder/after"
  exit "$code"`;

/** Starts the program in a terminal of its own. */
export async function openPty(options: PtyOptions): Promise<Pty> {
  const { path: folder, cleanup } = await dir({ unsafeCleanup: true });
  const redirections = [
    options.stdin === undefined ? "" : '<"$folder/stdin"',
    options.stdout === "file" ? '>"$folder/stdout"' : "",
  ].join(" ");
  await writeFile(join(folder, "stdin"), options.stdin ?? "");
  const shellCommand = ["sh", "-c", wrapper(redirections), "sh", folder, ...options.command];
  const child = spawn(
    "script",
    ["--quiet", "--flush", "--return", "--command", shellCommand.map(quote).join(" "), "/dev/null"],
    { env: { TERM: "xterm", SHELL: "/bin/sh", ...options.env }, cwd: options.cwd ?? folder },
  );

  let raw = "";
  let seen = 0;
  const changes = new Set<() => void>();
  let over = false;
  const tellChange = (): void => {
    for (const change of changes) change();
  };
  const closed = new Promise<number | undefined>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      over = true;
      tellChange();
      resolve(code ?? undefined);
    });
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    raw += text;
    tellChange();
  });
  child.stderr.resume();
  child.stdin.on("error", () => {
    // The program ended before it read what was typed; its end is what the test looks at.
  });

  /** Waits until look() finds something; it is asked again whenever the screen or the pty's state changes. */
  async function waitFor<T>(look: () => T | undefined, what: string): Promise<T> {
    const deadline = Date.now() + patienceMilliseconds;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (over || Date.now() > deadline)
        throw new Error(
          `${what} ${over ? "before the program ended" : "in time"}; the screen:\n${clean(raw)}`,
        );
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          changes.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 200);
        changes.add(wake);
      });
    }
  }
  const read = async (name: string): Promise<string> =>
    (await readFile(join(folder, name), "utf8").catch(() => "")).trimEnd();

  return {
    sees: (text) =>
      waitFor(
        () => {
          const screen = clean(raw);
          const rest = screen.slice(seen);
          const start = typeof text === "string" ? rest.indexOf(text) : rest.search(text);
          if (start < 0) return undefined;
          const length =
            typeof text === "string" ? text.length : (text.exec(rest)?.[0].length ?? 0);
          seen += start + length;
          return screen.slice(0, seen);
        },
        `the screen did not show ${String(text)}`,
      ),
    types: (keys) => {
      child.stdin.write(keys);
    },
    pid: async () => {
      for (;;) {
        const text = await read("pid");
        if (text !== "") return Number(text);
        await waitFor(() => (over ? undefined : true), "the program did not start");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    device: () => read("tty"),
    modes: async () => {
      const name = await read("tty");
      const stty = spawn("stty", ["-F", name, "-g"], { stdio: ["ignore", "pipe", "inherit"] });
      let text = "";
      for await (const chunk of stty.stdout.setEncoding("utf8")) text += chunk as string;
      return text.trimEnd();
    },
    hangUp: () => {
      child.kill("SIGKILL");
    },
    ended: async () => {
      const code = await closed;
      const [stdout, modesBefore, modesAfter] = await Promise.all([
        readFile(join(folder, "stdout"), "utf8").catch(() => ""),
        read("before"),
        read("after"),
      ]);
      await cleanup();
      return { code, screen: clean(raw), raw, stdout, modesBefore, modesAfter };
    },
  };
}

function clean(raw: string): string {
  return stripVTControlCharacters(raw).replaceAll("\r\n", "\n");
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
