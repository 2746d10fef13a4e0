// Secrets that no account names: a process that is killed between the two writes of a login leaves one, and its token lives.
import { HelperError } from "../errors.ts";
import { refreshKey } from "../accounts/account.ts";
import { removeMark } from "../files/mark.ts";
import { readStoreName } from "../store-names.ts";
import { deleteSecrets } from "./forget.ts";
import type { Keeper } from "./keeper.ts";

/**
 * Those in the file store: a keychain is shared with whoever has other accounts files. Nothing is an orphan while any
 * process keeps a secret: it may just be about to name it.
 *
 * @returns their keys. Throws what store and registry throw.
 */
export async function findOrphans({ openStore, registry }: Keeper): Promise<readonly string[]> {
  // In this order: whoever has written a secret by now is either still at it, or has named it.
  const keys = await (await openStore("file")).list();
  if (registry.keeping().some(({ isAbandoned }) => !isAbandoned)) return [];
  const accounts = await registry.read();
  const named = new Set(accounts.flatMap((account) => [account.secretKey, refreshKey(account)]));
  return keys.filter((key) => !named.has(key));
}

/**
 * Deletes what killed processes have left, by the marks that they have left too. Other orphans stay: their accounts file may
 * only have been put aside. A store that does not answer is asked again the next time.
 */
export async function sweepAbandoned(keeper: Keeper): Promise<void> {
  for (const { path, text, isAbandoned } of keeper.registry.keeping()) {
    if (!isAbandoned) continue;
    const [word = "", secretKey = ""] = text.split("\n");
    const store = readStoreName(word);
    try {
      const accounts = await keeper.registry.read();
      const isNamed = accounts.some((account) => account.secretKey === secretKey);
      if (!isNamed && secretKey !== "" && store !== undefined)
        await deleteSecrets({ secretKey }, await keeper.openStore(store));
      removeMark(path);
    } catch (error) {
      if (!(error instanceof HelperError)) throw error;
    }
  }
}

/** For who wants all forgotten. @returns how many orphans the file store had; none where it does not answer. */
export async function deleteOrphans(keeper: Keeper): Promise<number> {
  try {
    const orphans = await findOrphans(keeper);
    const files = await keeper.openStore("file");
    for (const key of orphans) await files.delete(key);
    return orphans.length;
  } catch (error) {
    if (error instanceof HelperError) return 0;
    throw error;
  }
}
