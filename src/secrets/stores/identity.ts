// The identity that opens the secrets of the file store: identity.txt as age-keygen(1) writes it, or the same encrypted
// with a passphrase, as `age -p` writes it.
import { join } from "node:path";
import { HelperError } from "../../errors.ts";
import { checkPrivate, writeFileAtomically } from "../../files/files.ts";
import { withLock } from "../../files/lock.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { inStore, readPrivateFile } from "./private-file.ts";

/**
 * Asks the person for a passphrase; throws HelperError `cancelled`.
 * @param occasion `new` when an identity is made: empty means none. `again` after a wrong one.
 */
export type AskPassphrase = (occasion: "new" | "unlock" | "again") => Promise<string>;

const tries = 3;

/**
 * @returns the identity, AGE-SECRET-KEY-1…; undefined when none was made yet.
 * Throws HelperError `store-locked` when a passphrase is needed and missing or wrong, `store-unavailable` when the file
 * is damaged or open to others.
 */
export async function readIdentity(
  directory: string,
  askPassphrase: AskPassphrase | undefined,
): Promise<string | undefined> {
  const path = join(directory, "identity.txt");
  if (!(await inStore(() => checkPrivate(directory)))) return undefined;
  const file = await readPrivateFile(path);
  if (file === undefined) return undefined;
  const { isEncrypted } = await import("./age.ts");
  const text = isEncrypted(file) ? await unlock(path, file, askPassphrase) : file;
  return identityIn(text) ?? damaged(path);
}

/** As readIdentity; makes one when there is none. Two processes that do so at once get the same. */
export async function readOrMakeIdentity(
  directory: string,
  askPassphrase: AskPassphrase | undefined,
): Promise<string> {
  const found = await readIdentity(directory, askPassphrase);
  if (found !== undefined) return found;
  // Asked before the lock: a person may think for minutes.
  const passphrase = (await askPassphrase?.("new")) ?? "";
  return await inStore(() =>
    withLock(join(directory, "identity.lock"), async () => {
      return (await readIdentity(directory, askPassphrase)) ?? (await make(directory, passphrase));
    }),
  );
}

async function make(directory: string, passphrase: string): Promise<string> {
  const { encryptWithPassphrase, makeIdentity } = await import("./age.ts");
  const { identity, recipient } = await makeIdentity();
  const text = `# public key: ${recipient}\n${identity}\n`;
  await writeFileAtomically(
    join(directory, "identity.txt"),
    passphrase === "" ? text : await encryptWithPassphrase(passphrase, text),
  );
  return identity;
}

async function unlock(
  path: string,
  file: Buffer,
  askPassphrase: AskPassphrase | undefined,
): Promise<Uint8Array> {
  if (askPassphrase === undefined) {
    throw new HelperError("store-locked", "the file store is protected by a passphrase", {
      hint: "git fetch", // in a terminal, where it can be asked
    });
  }
  const { decryptWithPassphrase } = await import("./age.ts");
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const passphrase = await askPassphrase(attempt === 0 ? "unlock" : "again");
    const text = await decryptWithPassphrase(passphrase, file).catch((cause: unknown) =>
      damaged(path, cause),
    );
    if (text !== undefined) return text;
  }
  throw new HelperError("store-locked", "wrong passphrase for the file store", {
    hint: `age -d ${shellWord(path)}`,
  });
}

function identityIn(text: Uint8Array): string | undefined {
  return /^AGE-SECRET-KEY-1[A-Z0-9]+(?=\r?$)/mu.exec(Buffer.from(text).toString("latin1"))?.[0];
}

function damaged(path: string, cause?: unknown): never {
  throw new HelperError("store-unavailable", `${path} is damaged or not an age identity`, {
    hint: `ls -l ${shellWord(path)}`,
    cause,
  });
}
