// The connection to the API: straight, or through a proxy by CONNECT. Ours and not undici's ProxyAgent, because that one
// connects again and again when a proxy hangs up, and cannot tell a proxy's failure from a server's.
import net from "node:net";
import tls from "node:tls";
import type { ApiBase } from "./api-url.ts";
import { trustedCertificates } from "./certificates.ts";
import { ConnectionFailure, socketFailure } from "./connection-failure.ts";
import { bypassesProxy, parseProxy, type Proxy } from "./proxy.ts";
import { openTunnel } from "./proxy-tunnel.ts";
import { verified } from "./verified.ts";

export interface ConnectionSettings {
  /** As in http.proxy or https_proxy, perhaps with credentials: a secret. Empty or undefined: none. */
  readonly proxy?: string | undefined;
  readonly noProxy?: string | undefined;
  /** PEM files with authorities to trust on top of the usual ones. */
  readonly caFiles: readonly string[];
}

export interface Connector {
  /** A socket that speaks HTTP with the API. Throws ConnectionFailure. */
  open(): Promise<net.Socket>;
  /** Ends every socket, also those that are not yet connected. */
  close(): void;
}

export function connector(settings: ConnectionSettings, api: ApiBase): Connector {
  const sockets = new Set<net.Socket>();
  let closed = false;

  function track(socket: net.Socket): void {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // Whoever waits is told by its own listener; without this one a late error would end the process.
    socket.on("error", () => {});
    if (closed) socket.destroy();
  }

  async function open(): Promise<net.Socket> {
    const ca = await trustedCertificates(settings.caFiles);
    const proxy = proxyFor(api.hostname, settings);
    const target = net.isIPv6(api.hostname) ? `[${api.hostname}]` : api.hostname;
    const tunnel = proxy && (await openTunnel(proxy, `${target}:${api.port}`, ca, track));
    if (!api.secure) return tunnel ?? (await reached(net.connect(api.port, api.hostname)));
    const options: tls.ConnectionOptions = {
      host: api.hostname,
      port: api.port,
      // RFC 6066, section 3: an address is no server name.
      servername: net.isIP(api.hostname) === 0 ? api.hostname : "",
      ALPNProtocols: ["http/1.1"],
      ...(tunnel && { socket: tunnel }),
      ...(ca && { ca }),
      ...verified,
    };
    return await reached(tls.connect(options));
  }

  async function reached(socket: net.Socket): Promise<net.Socket> {
    track(socket);
    return await new Promise((resolve, reject) => {
      socket.once(socket instanceof tls.TLSSocket ? "secureConnect" : "connect", () =>
        resolve(socket),
      );
      socket.once("error", (error) => reject(socketFailure(error, api.host, "network")));
      socket.once("close", () => reject(socketFailure(undefined, api.host, "network")));
    });
  }

  return {
    open,
    close() {
      closed = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

function proxyFor(hostname: string, settings: ConnectionSettings): Proxy | undefined {
  const { proxy = "", noProxy = "" } = settings;
  if (proxy === "" || bypassesProxy(hostname, noProxy)) return undefined;
  const parsed = parseProxy(proxy);
  if (parsed === "unsupported")
    throw new ConnectionFailure("proxy", "the proxy set for git is neither http nor https");
  return parsed;
}
