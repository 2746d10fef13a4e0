// An Authorization header → what the client claims to be. RFC 7617, RFC 6750.

export type Claim =
  | { readonly scheme: "none" }
  | { readonly scheme: "basic"; readonly username: string; readonly secret: string }
  | { readonly scheme: "bearer"; readonly secret: string }
  | { readonly scheme: "other" };

/** @param header as the client sent it. */
export function readClaim(header: string | undefined): Claim {
  if (header === undefined) return { scheme: "none" };
  const [, scheme = "", value = ""] = /^(\S+) +(\S+)$/u.exec(header) ?? [];
  if (scheme.toLowerCase() === "bearer") return { scheme: "bearer", secret: value };
  if (scheme.toLowerCase() !== "basic") return { scheme: "other" };
  const pair = Buffer.from(value, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  if (colon < 0) return { scheme: "other" };
  return { scheme: "basic", username: pair.slice(0, colon), secret: pair.slice(colon + 1) };
}
