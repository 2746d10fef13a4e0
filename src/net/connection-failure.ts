// Why there is no connection, already in words: undici hands the error through as it is.
import type { RestFailure, RestTrouble } from "./rest-answer.ts";

export class ConnectionFailure extends Error {
  override readonly name = "ConnectionFailure";
  readonly reason: RestFailure;

  constructor(failure: RestTrouble, because: string) {
    super(because);
    this.reason = { failure, because };
  }
}

/** The authority behind a certificate is none that is trusted: with more of them it may be. */
export class UntrustedCertificate extends ConnectionFailure {}

/** @returns the code of Node, OpenSSL or undici: never a message, which can quote what was sent. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^\w+$/u.test(code) ? code : "no code";
}

// The names of OpenSSL's verification errors and of Node's own; tls, "X509 certificate error codes".
const certificateCodes =
  /^(?:CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_|ERROR_IN_CERT_|INVALID_|HOSTNAME_MISMATCH|PATH_LENGTH_)/u;

/** @returns what the error of a socket that did not get as far as it should means, told apart by its code. */
export function socketFailure(error: unknown, peer: string, otherwise: RestTrouble) {
  const code = errorCode(error);
  if (code === "CERT_HAS_EXPIRED")
    return new ConnectionFailure("tls", `the certificate of ${peer} has expired (${code})`);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return new ConnectionFailure("tls", `the certificate of ${peer} is for another name (${code})`);
  if (certificateCodes.test(code))
    return new UntrustedCertificate("tls", `the certificate of ${peer} is not trusted (${code})`);
  if (code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_"))
    return new ConnectionFailure("tls", `no TLS can be spoken with ${peer} (${code})`);
  return new ConnectionFailure(otherwise, `${peer} cannot be reached (${code})`);
}
