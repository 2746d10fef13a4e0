// Where a system keeps the authorities that its programs trust: those that git's curl is built with, and OpenSSL's variables,
// SSL_CTX_load_verify_locations(3).
import { delimiter, isAbsolute } from "node:path";
import type { Environment } from "../outside.ts";

export interface SystemAuthorities {
  /** PEM files. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

const bundles = [
  "/etc/ssl/certs/ca-certificates.crt", // Debian, Alpine, Arch
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora
  "/etc/ssl/ca-bundle.pem", // SUSE
  "/etc/ssl/cert.pem", // macOS, BSD, Alpine
];

/** A relative path leads into whatever folder we are in, and the authority there may be anybody's: it counts for nothing. */
export function systemAuthorities(env: Environment): SystemAuthorities {
  const { SSL_CERT_FILE = "", SSL_CERT_DIR = "" } = env;
  return {
    files: [...bundles, SSL_CERT_FILE].filter((path) => isAbsolute(path)),
    folders: SSL_CERT_DIR.split(delimiter).filter((path) => isAbsolute(path)),
  };
}
