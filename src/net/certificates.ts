// The certificates a server is trusted by: those of Node and the files that git and Node are told to add.
import { X509Certificate } from "node:crypto";
import tls from "node:tls";
import { readRegularFile, UnreadableFile } from "../files/regular-file.ts";
import { ConnectionFailure } from "./connection-failure.ts";

/** A system's bundle of all authorities is a quarter of a megabyte. */
const maxBytes = 16 << 20;

/**
 * @param files PEM files on top of the usual authorities; NODE_EXTRA_CA_CERTS is among them because the front starts Node without it.
 * @returns undefined when Node's own choice is all there is: making another costs 30 ms.
 * @throws ConnectionFailure `certificates` naming the file that cannot be used.
 */
export async function trustedCertificates(files: readonly string[]): Promise<string[] | undefined> {
  if (files.length === 0) return undefined;
  const added = [...new Set(files)].map(readCertificates);
  return [...usualCertificates(), ...added];
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

/** Node from 22.15 on tells what it trusts, with the system's when it was started with --use-system-ca; before, only its own list. */
function usualCertificates(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: "default") => string[] };
  return getCACertificates?.("default") ?? tls.rootCertificates;
}
