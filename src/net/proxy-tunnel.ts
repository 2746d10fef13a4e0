// A connection through an http or https proxy: CONNECT, RFC 9110, section 9.3.6.
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { ConnectionFailure, socketFailure } from "./connection-failure.ts";
import type { Proxy } from "./proxy.ts";
import { verified } from "./verified.ts";

/**
 * @param target host:port to be connected to.
 * @param ca what an https proxy is trusted by; undefined is Node's own choice.
 * @param track is told the socket as soon as there is one, so that it can be ended.
 * @throws ConnectionFailure `proxy`, or `tls` for the proxy's own certificate.
 */
export async function openTunnel(
  proxy: Proxy,
  target: string,
  ca: string[] | undefined,
  track: (socket: net.Socket) => void,
): Promise<net.Socket> {
  const peer = `the proxy ${proxy.name}`;
  const secure = proxy.scheme === "https";
  return await new Promise((resolve, reject) => {
    const request = (secure ? https : http).request({
      method: "CONNECT",
      host: proxy.hostname,
      port: proxy.port,
      path: target,
      headers: {
        host: target,
        connection: "keep-alive",
        ...(proxy.login !== undefined && { "proxy-authorization": basic(proxy.login) }),
      },
      agent: false,
      ...(secure && { servername: net.isIP(proxy.hostname) === 0 ? proxy.hostname : "" }),
      ...(ca && { ca }),
      ...(secure && verified),
    });
    request.once("socket", track);
    request.once("connect", (response, socket, rest) => {
      const refusal = refusalIn(response.statusCode ?? 0, rest.length, peer, target);
      if (refusal === undefined) return resolve(socket);
      socket.destroy();
      reject(refusal);
    });
    request.once("error", (error) => reject(socketFailure(error, peer, "proxy")));
    request.end();
  });
}

function basic({ username, password }: NonNullable<Proxy["login"]>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function refusalIn(status: number, bytesBehind: number, peer: string, target: string) {
  if (status === 407)
    return new ConnectionFailure("proxy", `${peer} wants other credentials (407)`);
  if (status < 200 || status > 299)
    return new ConnectionFailure("proxy", `${peer} does not connect to ${target} (${status})`);
  // The server behind it does not speak before we do.
  if (bytesBehind > 0) return new ConnectionFailure("proxy", `${peer} answered more than asked`);
  return undefined;
}
