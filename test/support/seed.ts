// Accounts that are there before a test begins, written by the program's own rooms into a person's home.
import { join } from "node:path";
import { type AccountFacts, keepAccount } from "../../src/secrets/keep.ts";
import type { Account } from "../../src/accounts/account.ts";
import { openRegistry, type Registry } from "../../src/accounts/registry.ts";
import { tokenKinds } from "../../src/servers/token-kind.ts";
import { Secret } from "../../src/secret.ts";
import { openFileStore } from "../../src/secrets/stores/file.ts";

interface Home {
  readonly env: Readonly<Record<string, string>>;
}

/** The accounts file of a home, to look into. */
export function registryOf(home: Home): Registry {
  return openRegistry(join(dataDirectory(home), "accounts.json"));
}

/** @returns the one account of that name; throws when there is none. */
export async function accountOf(home: Home, name: string): Promise<Account> {
  const accounts = await registryOf(home).read();
  const account = accounts.find((other) => other.name === name);
  if (account === undefined) throw new Error(`no account ${name}`);
  return account;
}

/**
 * Keeps a secret in the file store as an approved account for the whole of bitbucket.org, or what the facts say.
 * @param secret a token as the simulator minted it.
 * @param renews name of the account whose secret it replaces.
 */
export async function seedAccount(
  home: Home,
  secret: string,
  facts: Partial<AccountFacts> & Pick<AccountFacts, "kind">,
  renews?: string,
): Promise<Account> {
  const data = dataDirectory(home);
  const now = new Date().toISOString();
  return await keepAccount(
    {
      host: "bitbucket.org",
      scope: { level: "host" },
      gitUsername: tokenKinds[facts.kind].gitUsername ?? "alice",
      store: "file",
      state: "approved",
      // Fresh, so that no check in the background is due.
      ...(facts.state !== "unverified" && { validated: now, checked: now }),
      ...facts,
    },
    new Secret(secret),
    {
      registry: registryOf(home),
      openStore: () => Promise.resolve(openFileStore(data)),
      now: Date.now,
    },
    (accounts) => accounts.find(({ name }) => name === renews),
  );
}

function dataDirectory({ env }: Home): string {
  const data = env["XDG_DATA_HOME"];
  if (data === undefined) throw new Error("a home without XDG_DATA_HOME");
  return join(data, "git-credential-bitbucket");
}
