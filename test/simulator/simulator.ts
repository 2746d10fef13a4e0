// The simulated Bitbucket: the rules behind a real HTTPS server, under all names that Bitbucket has.
import { mkdir } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttpsServer, type Server } from "node:https";
import type { Server as NetServer, Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { readClaim } from "./authorization.ts";
import { gitRefusal, gitTexts, restError, type Answer } from "./answer.ts";
import { playFault } from "./fault-player.ts";
import { Faults, type Fault, type FaultFilter, type PlannedFault } from "./faults.ts";
import { serveGit } from "./git-backend.ts";
import { answerGit } from "./git-rules.ts";
import { Lfs, lfsOperation, storageHost } from "./lfs.ts";
import { Repositories } from "./repositories.ts";
import { findTarget, type RepositoryTarget } from "./repository-target.ts";
import { describeRequest, type LogEntry, type Service } from "./request-log.ts";
import { downloadHost, RestCollections } from "./rest-collections.ts";
import { answerRest } from "./rest-rules.ts";
import { Site } from "./site.ts";

/** Every name that leads here, the foreign ones too: what arrives there is recorded, and a secret must never. */
export const simulatedHosts = [
  "bitbucket.org",
  "www.bitbucket.org",
  "api.bitbucket.org",
  storageHost,
  downloadHost,
  "elsewhere.example",
  "evilbitbucket.org",
  "bitbucket.org.elsewhere.example",
  "localhost",
] as const;

export interface SimulatorOptions {
  /** Where connections come from; closed with the simulator. */
  readonly listener: NetServer;
  /** PEM texts of a certificate for simulatedHosts. */
  readonly tls: { readonly key: string; readonly cert: string };
  /** An empty one, for the repositories. */
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Is told of each request when its connection is done with it. */
  readonly onAnswered?: ((entry: LogEntry) => void) | undefined;
}

export class Simulator {
  readonly site: Site;
  readonly log: LogEntry[] = [];
  readonly faults = new Faults();
  readonly lfs = new Lfs();
  readonly repositories: Repositories;
  readonly collections: RestCollections;
  readonly #server: Server;
  readonly #listener: NetServer;
  readonly #onAnswered: SimulatorOptions["onAnswered"];
  /** By the client's port: TLS hides the socket that must be reset. */
  readonly #sockets = new Map<number, Socket>();

  private constructor(options: SimulatorOptions) {
    const { listener, tls, directory, now = Date.now, onAnswered } = options;
    this.#onAnswered = onAnswered;
    this.site = new Site(now);
    this.repositories = new Repositories(directory);
    this.collections = new RestCollections(this.site, this.repositories);
    this.#listener = listener;
    this.#server = createHttpsServer({ ...tls }, (request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    });
    listener.on("connection", (socket: Socket) => this.#accept(socket));
  }

  /** Starts answering what the listener accepts. */
  static async start(options: SimulatorOptions): Promise<Simulator> {
    await mkdir(options.directory, { recursive: true });
    return new Simulator(options);
  }

  /** Does this instead of answering by the rules, for the requests that fit. */
  fail(fault: Fault, filter?: FaultFilter): PlannedFault {
    return this.faults.plan(fault, filter);
  }

  /** The log of one service. */
  requests(service: Service): readonly LogEntry[] {
    return this.log.filter((entry) => entry.service === service);
  }

  /** Ends all connections. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#listener.close(resolve));
    for (const socket of this.#sockets.values()) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    const port = socket.remotePort ?? 0;
    this.#sockets.set(port, socket);
    socket.once("close", () => this.#sockets.delete(port));
    // Clients go when they like; what they made of it is theirs to tell.
    socket.on("error", () => {});
    this.#server.emit("connection", socket);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = (request.headers.host ?? "").replace(/:\d+$/u, "").toLowerCase();
    const path = (request.url ?? "/").replace(/\?.*$/su, "");
    const target = findTarget(path);
    const service = serviceOf(host, path, target);
    const authenticated = request.headers.authorization !== undefined;
    const taken = this.faults.take({ service, authenticated, path: request.url ?? "" });
    const entry = { ...describeRequest(this.site, service, request), fault: taken?.fault.kind };
    this.log.push(entry);
    response.once("finish", () => (entry.status = response.statusCode));
    response.once("close", () => this.#onAnswered?.(entry));
    const reset = (): void => {
      this.#sockets.get(request.socket.remotePort ?? 0)?.resetAndDestroy();
    };
    if (taken !== undefined && (await playFault(taken, request, response, reset))) return;
    await this.#answer(service, target, request, response);
  }

  async #answer(
    service: Service,
    target: RepositoryTarget | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { method = "GET", url: path = "/" } = request;
    const { authorization } = request.headers;
    if (service === "git" && target !== undefined)
      return await this.#answerGit(target, request, response);
    const body = await buffer(request);
    if (service === "lfs" && target !== undefined)
      return send(request, response, this.#answerLfs(target, authorization, body));
    if (service === "storage")
      return send(request, response, this.lfs.answerStorage(method, path, authorization, body));
    if (service === "downloads")
      return send(request, response, this.collections.answerDownload(path, authorization));
    if (service === "rest") {
      const asked = { authorization, path: path.replace(/^\/!?api\//u, "/") };
      const contentType = request.headers["content-type"] ?? "";
      const found = await this.collections.answer({ ...asked, method, contentType, body });
      return send(request, response, found ?? answerRest(this.site, asked));
    }
    if (service === "redirect")
      return send(request, response, moved(`https://bitbucket.org${path}`));
    if (service === "elsewhere") return send(request, response, temptation(authorization));
    return send(request, response, restError(404, "Resource not found"));
  }

  async #answerGit(
    target: RepositoryTarget,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { authorization } = request.headers;
    const query = new URL(request.url ?? "/", "https://bitbucket.org").search.slice(1);
    const writes = target.rest === "/git-receive-pack" || query === "service=git-receive-pack";
    const operation = writes ? "write" : "read";
    const answer = answerGit(this.site, { authorization, target, operation });
    if (answer.status !== 200) {
      request.resume();
      return send(request, response, answer);
    }
    const claim = readClaim(authorization);
    const folder = await this.repositories.folder(target);
    const user = claim.scheme === "basic" ? claim.username : "";
    const path = folder + target.rest;
    await serveGit({ root: this.repositories.root, path, query, user }, request, response);
  }

  #answerLfs(target: RepositoryTarget, authorization: string | undefined, body: Buffer): Answer {
    const operation = lfsOperation(target.rest, body);
    const answer = answerGit(this.site, { authorization, target, operation });
    if (answer.status === 200) return this.lfs.answerApi(target, target.rest, body);
    const headers = { ...answer.headers, "content-type": "application/vnd.git-lfs+json" };
    return { ...answer, headers, body: JSON.stringify({ message: answer.body.trim() }) };
  }
}

function serviceOf(host: string, path: string, target: RepositoryTarget | undefined): Service {
  if (host === "www.bitbucket.org") return "redirect";
  if (host === "api.bitbucket.org" || host === "localhost") return "rest";
  if (host === storageHost) return "storage";
  if (host === downloadHost) return "downloads";
  if (host !== "bitbucket.org") return "elsewhere";
  if (/^\/!?api\/2\.0\//u.test(path)) return "rest";
  if (target === undefined) return "other";
  return target.part === "lfs" ? "lfs" : "git";
}

function moved(location: string): Answer {
  return { status: 301, headers: { location }, body: "" };
}

/** A foreign host asks for a credential as Bitbucket does. */
function temptation(authorization: string | undefined): Answer {
  return authorization === undefined
    ? gitRefusal(401, gitTexts.noAccess)
    : { status: 200, headers: {}, body: "" };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Omit<Answer, "body"> & { readonly body: string | Buffer },
): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(request.method === "HEAD" ? undefined : body);
}
