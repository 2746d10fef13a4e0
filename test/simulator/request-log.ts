// What arrived, for tests and for the demo: names and kinds, never a secret.
import type { IncomingMessage } from "node:http";
import { readClaim } from "./authorization.ts";
import type { TokenKind } from "./records.ts";
import type { Site } from "./site.ts";

export type Service =
  "git" | "lfs" | "storage" | "downloads" | "rest" | "redirect" | "elsewhere" | "other";

export interface LogEntry {
  readonly service: Service;
  readonly method: string;
  readonly host: string;
  /** With its query. */
  readonly path: string;
  readonly scheme: "none" | "basic" | "bearer" | "other";
  /** Of Basic. */
  readonly username?: string | undefined;
  /** Kind of the token that was sent; unknown when nobody minted it, undefined when there was none. */
  readonly kind?: TokenKind | "unknown" | undefined;
  /** Name of that token. */
  readonly token?: string | undefined;
  /** True when a minted secret stood anywhere in URL or headers, plain or in base64. */
  readonly carriesSecret: boolean;
  /** What was done instead of answering by the rules. */
  readonly fault?: string | undefined;
  /** Undefined when the connection ended without an answer. */
  status: number | undefined;
}

/** @returns the entry of a request; its status is filled in when it is answered. */
export function describeRequest(site: Site, service: Service, request: IncomingMessage): LogEntry {
  const claim = readClaim(request.headers.authorization);
  const secret = "secret" in claim && claim.secret !== "" ? claim.secret : undefined;
  const token = secret === undefined ? undefined : site.findToken(secret);
  return {
    service,
    method: request.method ?? "",
    host: request.headers.host ?? "",
    path: request.url ?? "",
    scheme: claim.scheme,
    username: claim.scheme === "basic" ? claim.username : undefined,
    kind: secret === undefined ? undefined : (token?.kind ?? "unknown"),
    token: token?.name,
    carriesSecret: carriesSecret(site, request),
    status: undefined,
  };
}

function carriesSecret(site: Site, request: IncomingMessage): boolean {
  const text = [request.url ?? "", ...request.rawHeaders].join("\n");
  const decoded = text
    .split(/[\s,;=&]+/u)
    .map((word) => Buffer.from(word, "base64").toString("latin1"));
  return site.secrets().some((secret) => [text, ...decoded].some((part) => part.includes(secret)));
}
