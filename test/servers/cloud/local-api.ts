// An https server on loopback that answers as a test says, and remembers what it was sent. Bitbucket's rules are not in it.
import http from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { ServerCertificate } from "../../support/private-ca.ts";

export type Answer = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  /** How many requests came before. */
  before: number,
) => void;

export interface LocalApi {
  readonly port: number;
  readonly url: string;
  /** `METHOD path` and the Authorization header of each request, in order. */
  readonly requests: readonly { readonly line: string; readonly authorization: string }[];
  /** TCP connections so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** @param certificate undefined for plain http. */
export async function startLocalApi(
  certificate: ServerCertificate | undefined,
  answer: Answer,
): Promise<LocalApi> {
  const requests: { line: string; authorization: string }[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server =
    certificate === undefined ? http.createServer() : https.createServer({ ...certificate });
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // A client that breaks off is what many of the tests are about.
    socket.on("error", () => {});
  });
  server.on("request", (request: http.IncomingMessage, response: http.ServerResponse) => {
    const line = `${request.method} ${request.url}`;
    requests.push({ line, authorization: request.headers.authorization ?? "" });
    answer(request, response, requests.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${certificate === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers every request alike. */
export function always(
  status: number,
  body: unknown = "",
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return (_request, response) => {
    response.writeHead(status, headers);
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}
