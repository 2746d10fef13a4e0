// A person's desk for tests of commands: one world for a test file, its accounts cleared before each test.
//
//   const desk = openDesk();                             // at the top of the file
//   await desk.runs(["status"]);                         // without a terminal, as in a script
//   const person = await desk.sits(["login"]);           // at a terminal of their own: see pty.ts
//   const end = await desk.leaves(person, [secret]);     // its end; fails when a secret was shown or a mode left changed
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { Account } from "../../src/accounts/account.ts";
import type { Fault, PlannedFault } from "../simulator/faults.ts";
import { openPty, type Pty, type PtyEnd } from "./pty.ts";
import type { RunResult } from "./sandbox.ts";
import { openWorld, type World } from "./world.ts";

export interface SitOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly stdout?: "terminal" | "file";
}

export interface Desk {
  readonly world: World;
  runs(args: readonly string[], input?: string, env?: Record<string, string>): Promise<RunResult>;
  /** `git-credential-bitbucket ARGS` at a terminal. */
  sits(args: readonly string[], options?: SitOptions): Promise<Pty>;
  /** Any command at a terminal, such as git. */
  sitsAt(command: readonly string[], options?: SitOptions): Promise<Pty>;
  leaves(person: Pty, secrets: readonly string[]): Promise<PtyEnd>;
  /** Bitbucket's REST fails so until the test is over. */
  restFails(fault: Fault): void;
  /** What the accounts file says. */
  accounts(): Promise<readonly Account[]>;
  /** Files below the home in which the text stands as it is. */
  filesWith(text: string): Promise<readonly string[]>;
}

export function openDesk(): Desk {
  let world: World | undefined;
  const faults: PlannedFault[] = [];
  beforeAll(async () => {
    world = await openWorld();
  });
  beforeEach(async () => {
    const { home } = opened();
    await rm(join(home, ".local"), { recursive: true, force: true });
    for (const fault of faults.splice(0)) fault.clear();
    opened().forgetLog();
  });
  afterAll(async () => {
    await world?.close();
  });

  function opened(): World {
    if (world === undefined) throw new Error("the world opens before the first test");
    return world;
  }
  const sitsAt: Desk["sitsAt"] = (command, { cwd, env, ...options } = {}) => {
    const { GIT_TERMINAL_PROMPT: _, ...own } = opened().env;
    const at = cwd ?? opened().work;
    const words = opened().command(command, at);
    return openPty({ command: words, env: { ...own, ...env }, cwd: at, ...options });
  };

  return {
    get world() {
      return opened();
    },
    runs: (args, input = "", env = {}) => opened().helper(args, { input, env }),
    sits: (args, options) => sitsAt([opened().front, ...args], options),
    sitsAt,
    leaves: async (person, secrets) => {
      const end = await person.ended();
      expect(end.modesAfter).toBe(end.modesBefore);
      for (const secret of secrets) expect(end.raw).not.toContain(secret);
      return end;
    },
    restFails: (fault) => {
      faults.push(opened().simulator.fail(fault, { service: "rest" }));
    },
    accounts: async () => {
      const file = join(opened().home, ".local/share/git-credential-bitbucket/accounts.json");
      const text = await readFile(file, "utf8").catch(() => '{"accounts":[]}');
      return (JSON.parse(text) as { accounts: readonly Account[] }).accounts;
    },
    filesWith: async (text) => {
      const found: string[] = [];
      for (const entry of await readdir(opened().home, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        if ((await readFile(path, "latin1")).includes(text)) found.push(path);
      }
      return found;
    },
  };
}
