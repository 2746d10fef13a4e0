// What git asks about, out of the attributes it sent. git-credential(1), INPUT/OUTPUT FORMAT.
import type { Secret } from "../secret.ts";

export interface Request {
  readonly protocol: string;
  /** ASCII-folded, without the default port: `bitbucket.org`, `bitbucket.example.com:8443`. */
  readonly host: string;
  /** As git sent it, percent-decoded; only with credential.useHttpPath. */
  readonly path?: string | undefined;
  /** May be empty: git sends `username=` for `https://@host`. */
  readonly username?: string | undefined;
  readonly password?: Secret | undefined;
  /** Seconds since 1970. */
  readonly passwordExpiry?: number | undefined;
  /** True when git says that the credential must not be kept. */
  readonly ephemeral: boolean;
  readonly capabilities: ReadonlySet<string>;
}
