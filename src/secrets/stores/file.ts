// The file store: one age file for each secret under secrets/, opened by identity.txt beside that folder, and by
// `age -d -i identity.txt secrets/KEY.age`. docs/design.md, "Stores".
import { readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { HelperError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { checkPrivate, syncDirectory, writeFileAtomically } from "../../files/files.ts";
import { readIdentity, readOrMakeIdentity, type AskPassphrase } from "./identity.ts";
import { inStore, readPrivateFile } from "./private-file.ts";
import { keyOfSecretFile, secretFileName } from "./secret-file-name.ts";
import type { Store } from "./store.ts";

/**
 * @param directory our data folder; need not exist.
 * @param askPassphrase left out when nobody can be asked: then an identity under a passphrase is `store-locked`.
 */
export function openFileStore(directory: string, askPassphrase?: AskPassphrase): Store {
  const secrets = join(directory, "secrets");
  const pathOf = (key: string): string => join(secrets, secretFileName(key));
  let identity: string | undefined;

  return {
    name: "file",
    async get(key) {
      if (!(await checkFolders(directory, secrets))) return undefined;
      const path = pathOf(key);
      const file = await readPrivateFile(path);
      if (file === undefined) return undefined;
      identity ??= (await readIdentity(directory, askPassphrase)) ?? identityMissing(directory);
      return await open(path, file, identity);
    },
    async set(key, secret) {
      const path = pathOf(key);
      await checkFolders(directory, secrets);
      identity = await readOrMakeIdentity(directory, askPassphrase);
      const { encryptFor } = await import("./age.ts");
      const file = await encryptFor(identity, secret.reveal());
      await inStore(() => writeFileAtomically(path, file));
    },
    async delete(key) {
      if (!(await checkFolders(directory, secrets))) return false;
      return await inStore(async () => {
        try {
          await unlink(pathOf(key));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
          throw error;
        }
        await syncDirectory(secrets);
        return true;
      });
    },
    async list() {
      if (!(await checkFolders(directory, secrets))) return [];
      const names = await inStore(() => readdir(secrets));
      return names.map(keyOfSecretFile).filter((key) => key !== undefined);
    },
  };
}

/** @returns whether both are there. A folder that others can write to could hold anything. */
async function checkFolders(directory: string, secrets: string): Promise<boolean> {
  return await inStore(async () => (await checkPrivate(directory)) && checkPrivate(secrets));
}

async function open(path: string, file: Buffer, identity: string): Promise<Secret> {
  const { decryptWith } = await import("./age.ts");
  try {
    return secretIn(await decryptWith(identity, file));
  } catch (cause) {
    throw new HelperError(
      "store-unavailable",
      `${path} is damaged, or was encrypted for another identity`,
      { hint: "git credential-bitbucket login", cause },
    );
  }
}

/** A person who wrote it with `echo TOKEN | age` left a line end in it, which is not part of a token. */
function secretIn(plaintext: Uint8Array): Secret {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plaintext);
  const line = text.replace(/\r?\n$/u, "");
  if (/[\r\n\0]/u.test(line)) throw new Error("more than one line");
  return new Secret(line);
}

function identityMissing(directory: string): never {
  throw new HelperError(
    "store-unavailable",
    `${join(directory, "identity.txt")} is gone, so its secrets cannot be opened`,
    { hint: `ls -la ${shellWord(directory)}` },
  );
}
