// A connection through a SOCKS proxy: RFC 1928 and 1929, and the older SOCKS 4 and 4A.
import { lookup } from "node:dns/promises";
import net from "node:net";
import { SocksClient } from "socks";
import { ConnectionFailure, socketFailure } from "./connection-failure.ts";
import type { Proxy } from "./proxy.ts";

/**
 * @param socket connected to the proxy.
 * @returns the same, from now on as if it were connected to the host.
 * @throws ConnectionFailure `proxy`, or `network` for a name that nobody here knows.
 */
export async function openSocks(
  proxy: Proxy,
  host: string,
  port: number,
  socket: net.Socket,
): Promise<net.Socket> {
  const peer = `the proxy ${proxy.name}`;
  const { username = "", password = "" } = proxy.login ?? {};
  // The package would send these cut off, or as something else.
  if ([username, password].some((text) => /\0/u.test(text) || Buffer.byteLength(text) > 255))
    throw new ConnectionFailure("proxy", `SOCKS cannot carry the login set for ${peer}`);
  const destination = { host: await destinationHost(proxy, host), port };
  const type = proxy.scheme.startsWith("socks4") ? 4 : 5;
  try {
    await SocksClient.createConnection({
      command: "connect",
      existing_socket: socket,
      destination,
      // The package wants an address, and does not connect to it.
      proxy: { host: proxy.hostname, port: proxy.port, type, userId: username, password },
    });
    return socket;
  } catch (error) {
    throw refusal(error, peer, `${host}:${port}`);
  }
}

async function destinationHost({ scheme }: Proxy, host: string): Promise<string> {
  if (net.isIP(host) !== 0 || scheme === "socks4a" || scheme === "socks5h") return host;
  try {
    return (await lookup(host, { family: scheme === "socks4" ? 4 : 0 })).address;
  } catch (error) {
    throw socketFailure(error, host, "network");
  }
}

/** By the package's own words: its errors carry no code, but the login. */
function refusal(error: unknown, peer: string, target: string): ConnectionFailure {
  const message = error instanceof Error ? error.message : "";
  if (/no accepted authentication|Authentication failed/u.test(message))
    return new ConnectionFailure("proxy", `${peer} wants other credentials`);
  if (message.includes("rejected connection"))
    return new ConnectionFailure("proxy", `${peer} does not connect to ${target}`);
  if (message === "Socket closed") return new ConnectionFailure("proxy", `${peer} hung up`);
  return new ConnectionFailure("proxy", `${peer} does not speak SOCKS as it should`);
}
