// How every TLS connection of ours is made. What is set here counts whatever variables say: Node takes what is not set from
// NODE_TLS_REJECT_UNAUTHORIZED and NODE_OPTIONS, and a token would go to whoever answers.
import { checkServerIdentity, type ConnectionOptions } from "node:tls";

/** Options of tls.connect, behind all others. */
export const verified = {
  rejectUnauthorized: true,
  checkServerIdentity,
  // RFC 9325, section 3.1.1: nothing older.
  minVersion: "TLSv1.2",
} as const satisfies ConnectionOptions;
