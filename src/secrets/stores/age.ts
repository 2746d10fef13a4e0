// What we use of age: X25519 identities and recipients, and passphrases over identities. The only file that names
// age-encryption. Formats: age-encryption.org/v1, and age(1) for identity files.
import {
  armor,
  Decrypter,
  Encrypter,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";

const armorStart = "-----BEGIN AGE ENCRYPTED FILE-----";
const binaryStart = "age-encryption.org/v1";

export interface NewIdentity {
  /** AGE-SECRET-KEY-1… */
  readonly identity: string;
  /** age1… */
  readonly recipient: string;
}

export async function makeIdentity(): Promise<NewIdentity> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** @returns an age file that the identity opens. */
export async function encryptFor(identity: string, text: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  return await encrypter.encrypt(text);
}

/** Throws what age-encryption throws: the file is damaged, or made for somebody else. */
export async function decryptWith(identity: string, file: Uint8Array): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return await readAll(decrypter, file);
}

/** @returns an armored age file, as `age -p -a` makes it. */
export async function encryptWithPassphrase(passphrase: string, text: string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return armor.encode(await encrypter.encrypt(text));
}

/** @returns whether these bytes are an age file themselves, so that a passphrase is needed. */
export function isEncrypted(file: Uint8Array): boolean {
  const start = Buffer.from(file).toString("latin1", 0, 100).trimStart();
  return start.startsWith(armorStart) || start.startsWith(binaryStart);
}

/** @returns the text, or undefined when the passphrase is wrong; throws when the file is damaged. */
export async function decryptWithPassphrase(
  passphrase: string,
  file: Uint8Array,
): Promise<Uint8Array | undefined> {
  const text = Buffer.from(file).toString("latin1");
  const binary = text.trimStart().startsWith(armorStart) ? armor.decode(text) : file;
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return await readAll(decrypter, binary);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("no identity matched")) return undefined;
    throw error;
  }
}

/** Through streams: given bytes, age-encryption collects its answer with `Response`, which loads Node's fetch (25 ms). */
async function readAll(decrypter: Decrypter, file: Uint8Array): Promise<Uint8Array> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(file);
      controller.close();
    },
  });
  const parts: Uint8Array[] = [];
  for await (const part of await decrypter.decrypt(source)) parts.push(part);
  return Buffer.concat(parts);
}
