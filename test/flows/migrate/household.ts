// A person's machine for tests of migrate: a world, a real keyring, and the command run in a repository of theirs.
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import type { Account } from "../../../src/accounts/account.ts";
import { type Keyring, openKeyring } from "../../support/keyring.ts";
import { openPty, type Pty } from "../../support/pty.ts";
import type { RunResult } from "../../support/sandbox.ts";
import { registryOf } from "../../support/seed.ts";
import { openWorld, type World } from "../../support/world.ts";

export interface Household {
  readonly world: World;
  readonly keyring: Keyring;
  /** Where the command runs; the test makes a repository of it. */
  readonly repository: string;
  /**
   * `migrate ARGS` without a terminal. Fails when a secret of the simulated Bitbucket is in what it says.
   * @param prefix what runs it, such as strace.
   */
  migrate(args: readonly string[], prefix?: readonly string[]): Promise<RunResult>;
  /** The same at a terminal. */
  sits(args: readonly string[]): Promise<Pty>;
  accounts(): Promise<readonly Account[]>;
}

/** To be called at the top of a file: opens everything before each test. */
export function openHousehold(gitConfig: Readonly<Record<string, string>> = {}): Household {
  let world: World | undefined;
  let keyring: Keyring | undefined;
  beforeEach(async () => {
    const settings = { "credential.bitbucketStore": "file", "user.email": "alice@example.com" };
    world = await openWorld({ gitConfig: { ...settings, ...gitConfig } });
    keyring = await openKeyring(world.env, "unlocked");
  });
  afterEach(async () => {
    await keyring?.close();
    await world?.close();
  });

  const opened = (): World => {
    if (world === undefined) throw new Error("the household opens before each test");
    return world;
  };
  const household: Household = {
    get world() {
      return opened();
    },
    get keyring() {
      if (keyring === undefined) throw new Error("the household opens before each test");
      return keyring;
    },
    get repository() {
      return join(opened().work, "api");
    },
    migrate: async (args, prefix = []) => {
      const { front, site } = opened();
      const command = ["--wait", ...prefix, front, "migrate", ...args];
      const options = { cwd: household.repository, env: household.keyring.env };
      const result = await opened().run("setsid", command, options);
      for (const secret of site.secrets())
        expect(result.stdout + result.stderr).not.toContain(secret.slice(4, -4));
      return result;
    },
    sits: (args) => {
      const { GIT_TERMINAL_PROMPT: _, ...env } = household.keyring.env;
      const command = opened().command([opened().front, "migrate", ...args], household.repository);
      return openPty({ command, env, cwd: household.repository });
    },
    accounts: () => registryOf(opened()).read(),
  };
  return household;
}
