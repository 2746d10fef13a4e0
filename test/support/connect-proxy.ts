// A real forward proxy on loopback: CONNECT with or without credentials, http or https, well-behaved or not.
import http from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";

export interface ConnectProxyOptions {
  /** Without them everybody may pass. */
  readonly credentials?: { readonly user: string; readonly password: string } | undefined;
  /** PEM texts: the proxy itself speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** Where a target really is, by `host:port`; others are connected to as they are asked for. */
  readonly routes?: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
  /** Instead of connecting. */
  readonly answer?: ((socket: net.Socket) => void) | undefined;
  /** The address to listen on. */
  readonly host?: string;
}

export interface ConnectProxy {
  readonly port: number;
  /** With the credentials in it, percent-encoded. */
  readonly url: string;
  /** What was asked for, in order: `host:port`. */
  readonly targets: readonly string[];
  /** The header of each CONNECT, in order. */
  readonly authorizations: readonly (string | undefined)[];
  close(): Promise<void>;
}

export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const { credentials, tls, routes = {}, answer, host = "127.0.0.1" } = options;
  const targets: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<net.Socket>();
  const server = tls === undefined ? http.createServer() : https.createServer({ ...tls });

  server.on(tls === undefined ? "connection" : "secureConnection", (socket: net.Socket) => {
    remember(sockets, socket);
  });
  server.on("connect", (request: http.IncomingMessage, client: net.Socket) => {
    targets.push(request.url ?? "");
    authorizations.push(request.headers["proxy-authorization"]);
    if (answer !== undefined) return answer(client);
    if (credentials !== undefined && authorizations.at(-1) !== basic(credentials))
      return client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="p"\r\n\r\n',
      );
    return tunnel(client, routes[request.url ?? ""] ?? destination(request.url ?? ""), sockets);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: proxyUrl(tls === undefined ? "http" : "https", `${host}:${port}`, credentials),
    targets,
    authorizations,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function remember(sockets: Set<net.Socket>, socket: net.Socket): void {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
  // Either side may go at any time; the other one is told by the pipe.
  socket.on("error", () => {});
}

function tunnel(
  client: net.Socket,
  target: { readonly host: string; readonly port: number },
  sockets: Set<net.Socket>,
): void {
  const server = net.connect(target.port, target.host);
  remember(sockets, server);
  server.once("connect", () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    server.pipe(client);
    client.pipe(server);
  });
  server.once("error", () => client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
  server.once("close", () => client.destroy());
  client.once("close", () => server.destroy());
}

function destination(target: string) {
  const { hostname, port } = new URL(`http://${target}`);
  return { host: hostname.replace(/^\[(.*)\]$/u, "$1"), port: Number(port || 80) };
}

function basic({ user, password }: { user: string; password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function proxyUrl(
  scheme: string,
  address: string,
  credentials: ConnectProxyOptions["credentials"],
): string {
  if (credentials === undefined) return `${scheme}://${address}`;
  const user = encodeURIComponent(credentials.user);
  return `${scheme}://${user}:${encodeURIComponent(credentials.password)}@${address}`;
}
