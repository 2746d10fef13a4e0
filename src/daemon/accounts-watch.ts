// The accounts as they are in their file now, read again only when the file is another one.
import { statSync } from "node:fs";
import type { Account } from "../accounts/account.ts";
import type { Registry } from "../accounts/registry.ts";
import { stampText } from "./stamp.ts";

/**
 * @returns a read() that is as fresh as the registry's own: the file is replaced at every change, never written over.
 * It throws what the registry throws.
 */
export function watchAccounts(
  path: string,
  registry: Pick<Registry, "read">,
): { read(): Promise<readonly Account[]> } {
  let known: { readonly stamp: string; readonly accounts: Promise<readonly Account[]> } | undefined;
  return {
    async read() {
      const stamp = stampOf(path);
      if (known?.stamp !== stamp) known = { stamp, accounts: registry.read() };
      const { accounts } = known;
      try {
        return await accounts;
      } catch (error) {
        if (known.accounts === accounts) known = undefined;
        throw error;
      }
    },
  };
}

function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "none" : stampText(found);
}
