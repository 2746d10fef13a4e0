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
  /** Made by `login --command`; others make its secrets. */
  command: { isChoosable: false },
  /** Gone with the process that has it. */
  memory: { isChoosable: false },
} as const satisfies Record<string, StoreRow>;

export type OwnStoreName = keyof typeof stores;

/** A program of the docker-credential-helpers protocol, by its name. */
export type DockerStoreName = `docker-credential-${string}`;

export type StoreName = OwnStoreName | DockerStoreName;

const ownNames = Object.keys(stores) as readonly OwnStoreName[];

/** Those that credential.bitbucketStore and `login --store` take, less docker's. */
export const choosableStores = ownNames.filter((name) => stores[name].isChoosable);

/** @returns undefined for a word that names none a person may choose. */
export function readStoreName(word: string): StoreName | undefined {
  return isDockerStore(word) ? word : choosableStores.find((name) => name === word);
}

/** Whether an account may have it. */
export function isStoreName(word: unknown): word is StoreName {
  return (
    typeof word === "string" && (isDockerStore(word) || ownNames.some((name) => name === word))
  );
}

/** A file name of the usual kind: it is looked for on PATH. */
export function isDockerStore(word: string): word is DockerStoreName {
  return /^docker-credential-[a-z0-9][\w.-]{0,40}$/iu.test(word);
}

/** For people. */
export const choosableText = `${choosableStores.join(", ")} or docker-credential-NAME`;
