// Secrets that one entry cannot hold, in several: Windows Credential Manager takes 2,560 bytes
// (CRED_MAX_CREDENTIAL_BLOB_SIZE), and OAuth tokens of Bitbucket are longer.
//
// The entry of the key holds the secret, or a header that names a generation of chunks. New chunks are a new generation,
// read back before the header is written: whoever reads, at any time, gets the old secret or the new one.
import { createHash, randomBytes } from "node:crypto";
import type { HelperError } from "../../errors.ts";
import { unavailable } from "./keychain-errors.ts";
import type { Entries } from "./keytar.ts";

export const service = "git-credential-bitbucket";
// Does not begin with the service's name: Credential Manager lists by prefix.
const chunkService = "chunks-of-git-credential-bitbucket";

interface Header {
  readonly generation: string;
  readonly count: number;
  readonly digest: string;
}

const headerStart = "git-credential-bitbucket chunks ";
const headerPattern = /^([0-9a-f]{16}) ([1-9][0-9]{0,3}) ([0-9a-f]{64})$/u;

/** @returns the secret, or undefined when there is none. Throws HelperError `store-unavailable` when a part is missing. */
export async function readEntry(entries: Entries, key: string): Promise<string | undefined> {
  let value = await entries.get(service, key);
  for (;;) {
    if (value === undefined || !value.startsWith(headerStart)) return value;
    const header = parseHeader(value);
    if (header === undefined) throw damaged("its header is not ours");
    const secret = await readChunks(entries, key, header);
    if (secret !== undefined) return secret;
    // Another process may have replaced the secret since, and removed its chunks.
    const now = await entries.get(service, key);
    if (now === value) throw damaged("a part is missing");
    value = now;
  }
}

/** @param entryLimitBytes the most that one entry holds. */
export async function writeEntry(
  entries: Entries,
  key: string,
  secret: string,
  entryLimitBytes: number,
): Promise<void> {
  const before = await entries.get(service, key);
  if (Buffer.byteLength(secret) <= entryLimitBytes && !secret.startsWith(headerStart)) {
    await entries.set(service, key, secret);
  } else {
    const header = await writeChunks(entries, key, secret, entryLimitBytes);
    await entries.set(service, key, formatHeader(header));
  }
  await deleteChunks(entries, key, parseHeader(before));
}

/** @returns whether there was a secret. */
export async function deleteEntry(entries: Entries, key: string): Promise<boolean> {
  const before = await entries.get(service, key);
  const found = await entries.delete(service, key);
  await deleteChunks(entries, key, parseHeader(before));
  return found;
}

async function writeChunks(
  entries: Entries,
  key: string,
  secret: string,
  entryLimitBytes: number,
): Promise<Header> {
  const chunks = split(secret, entryLimitBytes);
  const header: Header = {
    generation: randomBytes(8).toString("hex"),
    count: chunks.length,
    digest: digest(secret),
  };
  for (const [index, chunk] of chunks.entries()) {
    await entries.set(chunkService, chunkAccount(key, header, index), chunk);
  }
  if ((await readChunks(entries, key, header)) !== secret) {
    await deleteChunks(entries, key, header);
    throw unavailable("the keychain did not keep what was written");
  }
  return header;
}

async function readChunks(
  entries: Entries,
  key: string,
  header: Header,
): Promise<string | undefined> {
  let secret = "";
  for (let index = 0; index < header.count; index += 1) {
    const chunk = await entries.get(chunkService, chunkAccount(key, header, index));
    if (chunk === undefined) return undefined;
    secret += chunk;
  }
  return digest(secret) === header.digest ? secret : undefined;
}

async function deleteChunks(
  entries: Entries,
  key: string,
  header: Header | undefined,
): Promise<void> {
  if (header === undefined) return;
  for (let index = 0; index < header.count; index += 1) {
    await entries.delete(chunkService, chunkAccount(key, header, index));
  }
}

/** Between characters, so that every chunk is text of its own. */
function split(secret: string, entryLimitBytes: number): readonly string[] {
  const chunks: string[] = [];
  let chunk = "";
  let bytes = 0;
  for (const character of secret) {
    const more = Buffer.byteLength(character);
    if (bytes + more > entryLimitBytes) {
      chunks.push(chunk);
      [chunk, bytes] = ["", 0];
    }
    chunk += character;
    bytes += more;
  }
  return [...chunks, chunk];
}

function chunkAccount(key: string, { generation }: Header, index: number): string {
  return `${key}/${generation}/${index}`;
}

function formatHeader({ generation, count, digest }: Header): string {
  return `${headerStart}${generation} ${count} ${digest}`;
}

/** @returns undefined for anything else, also for a header that is damaged. */
function parseHeader(value: string | undefined): Header | undefined {
  if (value?.startsWith(headerStart) !== true) return undefined;
  const [, generation, count, digest] = headerPattern.exec(value.slice(headerStart.length)) ?? [];
  if (generation === undefined || count === undefined || digest === undefined) return undefined;
  return { generation, count: Number(count), digest };
}

function damaged(how: string): HelperError {
  return unavailable(`the secret in the keychain is damaged: ${how}`);
}

function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
