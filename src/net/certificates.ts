// The certificates a server is trusted by: those of Node and the files that git and Node are told to add; where these do not
// do, the folders of http.sslCAPath and the system's own, by which git goes. http.sslCAPath in git-config(1).
import { X509Certificate } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import tls from "node:tls";
import { loadRegularFile, readRegularFile, UnreadableFile } from "../files/regular-file.ts";
import { ConnectionFailure, errorCode } from "./connection-failure.ts";
import type { SystemAuthorities } from "./system-authorities.ts";

export interface Authorities {
  /** PEM files on top of the usual authorities; NODE_EXTRA_CA_CERTS is among them because the front starts Node without it. */
  readonly caFiles: readonly string[];
  /** As http.sslCAPath names one. */
  readonly caFolder?: string | undefined;
  /** Where the system may have its own. */
  readonly system?: SystemAuthorities | undefined;
}

/** A system's bundle of all authorities is a quarter of a megabyte. */
const maxBytes = 16 << 20;

/**
 * @returns undefined when Node's own choice is all there is: making another costs 30 ms.
 * @throws ConnectionFailure `certificates` naming the file that cannot be used.
 */
export async function trustedCertificates(files: readonly string[]): Promise<string[] | undefined> {
  if (files.length === 0) return undefined;
  const added = [...new Set(files)].map(readCertificates);
  return [...usualCertificates(), ...added];
}

/**
 * Reading all of them costs more than a handshake, so they are asked for when the others have failed.
 * @returns those that trustedCertificates() gives, and the folder's and the system's.
 * @throws ConnectionFailure `certificates` naming the file or the folder that cannot be used.
 */
export async function allCertificates(authorities: Authorities): Promise<string[]> {
  const { caFiles, caFolder, system } = authorities;
  const found = [
    ...((await trustedCertificates(caFiles)) ?? usualCertificates()),
    ...(caFolder === undefined ? [] : await readNamedFolder(caFolder)),
    ...(system === undefined ? [] : await systemCertificates(system)),
  ];
  // Most of them are in several of these places, with lines of another length, and each costs half a millisecond.
  const single = found.flatMap(singleCertificates);
  return [...new Map(single.map((text) => [text.replaceAll(/\s/gu, ""), text])).values()];
}

function singleCertificates(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? [];
}

async function readNamedFolder(folder: string): Promise<readonly string[]> {
  const failure = (because: string) =>
    new ConnectionFailure("certificates", `the CA folder ${folder} ${because}`);
  try {
    const texts = await readFolder(folder);
    if (texts.length > 0) return texts;
  } catch (error) {
    throw failure(`cannot be read (${errorCode(error)})`);
  }
  throw failure("holds no certificate");
}

/** OpenSSL takes only names that `openssl rehash` makes, GnuTLS takes any: git is built with either. */
async function readFolder(folder: string): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const name of await readdir(folder)) {
    const text = await readIfThere(join(folder, name));
    if (text !== undefined && singleCertificates(text).length > 0) texts.push(text);
  }
  return texts;
}

/** Nobody named these places: what cannot be read there is not there. */
async function systemCertificates({
  files,
  folders,
}: SystemAuthorities): Promise<readonly string[]> {
  const texts: string[] = [...systemStore()];
  for (const file of files) {
    const text = await readIfThere(file);
    if (text !== undefined) texts.push(text);
  }
  for (const folder of folders) texts.push(...(await readFolder(folder).catch(() => [])));
  return texts;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await loadRegularFile(file, maxBytes))?.toString("utf8");
  } catch {
    return undefined;
  }
}

function readCertificates(file: string): string {
  const text = readText(file);
  if (!text.includes("-----BEGIN "))
    throw new ConnectionFailure("certificates", `the CA file ${file} holds no certificate`);
  try {
    // The first one; what TLS cannot read it skips without a word.
    void new X509Certificate(text);
  } catch {
    throw new ConnectionFailure("certificates", `the CA file ${file} holds a damaged certificate`);
  }
  return text;
}

function readText(file: string): string {
  const failure = (because: string) =>
    new ConnectionFailure("certificates", `the CA file ${file} cannot be read (${because})`);
  try {
    const bytes = readRegularFile(file, maxBytes);
    if (bytes !== undefined) return bytes.toString("utf8");
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw failure(error.reason);
  }
  throw failure("ENOENT");
}

/** Of Node from 22.15 on. */
const { getCACertificates } = tls as {
  getCACertificates?: (type: "default" | "system") => readonly string[];
};

/** What Node trusts, with the system's when it was started with --use-system-ca; before 22.15, only its own list. */
function usualCertificates(): readonly string[] {
  return getCACertificates?.("default") ?? tls.rootCertificates;
}

/** macOS and Windows keep theirs in no file. Not tested. */
function systemStore(): readonly string[] {
  const isInFiles = process.platform !== "darwin" && process.platform !== "win32";
  return isInFiles ? [] : (getCACertificates?.("system") ?? []);
}
