// THE table of stores: settings, accounts, the command line and doctor take their names from here, and
// secrets/stores/open.ts opens each.

interface StoreRow {
  /** Whether a person may say that new secrets go there. */
  readonly isChoosable: boolean;
}

const stores = {
  keychain: { isChoosable: true },
  file: { isChoosable: true },
  pass: { isChoosable: true },
  /** Gone with the process that has it. */
  memory: { isChoosable: false },
} as const satisfies Record<string, StoreRow>;

export type StoreName = keyof typeof stores;

export const storeNames = Object.keys(stores) as readonly StoreName[];

/** Those that credential.bitbucketStore and `login --store` take. */
export const choosableStores = storeNames.filter((name) => stores[name].isChoosable);

/** @returns undefined for a word that names none of them. */
export function readStoreName(word: string): StoreName | undefined {
  return choosableStores.find((name) => name === word);
}

/** `keychain, file or pass`, for people. */
export const choosableText = [
  choosableStores.slice(0, -1).join(", "),
  ...choosableStores.slice(-1),
].join(" or ");
