// Which proxy stands before a host, by the rules of curl, so that REST goes where git goes: http.proxy in git-config(1), no_proxy in curl(1).
import { BlockList, isIP } from "node:net";

export type ProxyScheme = "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h";

export interface Proxy {
  /** https is TLS to the proxy itself; socks4 and socks5 are told an address, socks4a and socks5h the name. */
  readonly scheme: ProxyScheme;
  readonly hostname: string;
  readonly port: number;
  /** For people: never with the login. */
  readonly name: string;
  /** The password is a secret. */
  readonly login: { readonly username: string; readonly password: string } | undefined;
}

/** For people. */
export const unsupportedProxy = "the proxy set for git is neither http, https nor socks";

/** Curl takes what has no number for version 4. */
const schemes: ReadonlyMap<string, ProxyScheme> = new Map([
  ...(["http", "https", "socks4", "socks4a", "socks5", "socks5h"] as const).map(
    (scheme) => [`${scheme}:`, scheme] as const,
  ),
  ["socks:", "socks4"],
]);

/**
 * @param text as in http.proxy or https_proxy; without a scheme it is http, without a port 1080 as for curl.
 * @returns "unsupported" for another scheme and for what is no URL.
 */
export function parseProxy(text: string): Proxy | "unsupported" {
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//iu.test(text) ? text : `http://${text}`;
  if (!URL.canParse(withScheme)) return "unsupported";
  const url = new URL(withScheme);
  const scheme = schemes.get(url.protocol);
  if (scheme === undefined || url.hostname === "") return "unsupported";
  const port = Number(url.port || statedPort(withScheme) || (scheme === "https" ? 443 : 1080));
  return {
    scheme,
    hostname: url.hostname.replace(/^\[(.*)\]$/u, "$1"),
    port,
    name: `${url.hostname}:${port}`,
    login:
      url.username === ""
        ? undefined
        : { username: unescape(url.username), password: unescape(url.password) },
  };
}

/** URL forgets a port that is the usual one of its scheme; curl's usual one is another. */
function statedPort(text: string): string | undefined {
  return /^[^/]*\/\/[^/]*:(\d+)(?:\/|$)/u.exec(text)?.[1];
}

/** A lone % is taken as itself. */
function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * @param noProxy names separated by commas or spaces: a domain covers what is below it, with or without a leading dot;
 *   addresses and CIDR blocks; `*` alone is everything.
 */
export function bypassesProxy(hostname: string, noProxy: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/u, "");
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/u)
    .some((entry) => entry !== "" && covers(entry, host));
}

function covers(entry: string, host: string): boolean {
  if (entry === "*") return true;
  if (isIP(host) !== 0) return coversAddress(entry.replace(/^\[(.*)\]$/u, "$1"), host);
  const domain = entry.replace(/^\*?\./u, "").replace(/\.$/u, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

function coversAddress(entry: string, address: string): boolean {
  const [network = "", bits, ...rest] = entry.split("/");
  const family = isIP(network);
  if (family === 0 || family !== isIP(address) || rest.length > 0) return false;
  if (bits !== undefined && !/^\d+$/u.test(bits)) return false;
  const most = family === 4 ? 32 : 128;
  const prefix = Number(bits ?? most);
  if (prefix > most) return false;
  const block = new BlockList();
  const type = family === 4 ? "ipv4" : "ipv6";
  block.addSubnet(network, prefix, type);
  return block.check(address, type);
}
