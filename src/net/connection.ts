// The connection to the API: straight, or through a proxy by CONNECT or SOCKS. CONNECT is ours and not undici's ProxyAgent, because that one
// connects again and again when a proxy hangs up, and cannot tell a proxy's failure from a server's.
import net from "node:net";
import tls from "node:tls";
import type { ApiBase } from "./api-url.ts";
import { allCertificates, type Authorities, trustedCertificates } from "./certificates.ts";
import { ConnectionFailure, socketFailure, UntrustedCertificate } from "./connection-failure.ts";
import { bypassesProxy, parseProxy, type Proxy, unsupportedProxy } from "./proxy.ts";
import type { RestTrouble } from "./rest-answer.ts";
import { openTunnel } from "./proxy-tunnel.ts";
import { verified } from "./verified.ts";

export interface ConnectionSettings extends Authorities {
  /** As in http.proxy or https_proxy, perhaps with credentials: a secret. Empty or undefined: none. */
  readonly proxy?: string | undefined;
  readonly noProxy?: string | undefined;
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
  let everyAuthority: string[] | undefined;

  function track(socket: net.Socket): void {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // Whoever waits is told by its own listener; without this one a late error would end the process.
    socket.on("error", () => {});
    if (closed) socket.destroy();
  }

  /** Nothing is sent before a certificate is trusted, so a second try gives nothing away. */
  async function open(): Promise<net.Socket> {
    if (everyAuthority !== undefined) return await connect(everyAuthority);
    try {
      return await connect(await trustedCertificates(settings.caFiles));
    } catch (error) {
      if (!(error instanceof UntrustedCertificate)) throw error;
      everyAuthority = await allCertificates(settings);
      return await connect(everyAuthority);
    }
  }

  async function connect(ca: string[] | undefined): Promise<net.Socket> {
    const proxy = proxyFor(api.hostname, settings);
    const tunnel = proxy && (await throughProxy(proxy, ca));
    if (!api.secure)
      return tunnel ?? (await reached(net.connect(api.port, api.hostname), api.host));
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
    return await reached(tls.connect(options), api.host);
  }

  async function throughProxy(proxy: Proxy, ca: string[] | undefined): Promise<net.Socket> {
    const { hostname, port } = api;
    if (proxy.scheme === "http" || proxy.scheme === "https") {
      const target = net.isIPv6(hostname) ? `[${hostname}]` : hostname;
      return await openTunnel(proxy, `${target}:${port}`, ca, track);
    }
    const { openSocks } = await import("./socks.ts");
    const socket = net.connect(proxy.port, proxy.hostname);
    await reached(socket, `the proxy ${proxy.name}`, "proxy");
    return await openSocks(proxy, hostname, port, socket);
  }

  async function reached(
    socket: net.Socket,
    peer: string,
    otherwise: RestTrouble = "network",
  ): Promise<net.Socket> {
    track(socket);
    return await new Promise((resolve, reject) => {
      socket.once(socket instanceof tls.TLSSocket ? "secureConnect" : "connect", () =>
        resolve(socket),
      );
      socket.once("error", (error) => reject(socketFailure(error, peer, otherwise)));
      socket.once("close", () => reject(socketFailure(undefined, peer, otherwise)));
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
  if (parsed === "unsupported") throw new ConnectionFailure("proxy", unsupportedProxy);
  return parsed;
}
