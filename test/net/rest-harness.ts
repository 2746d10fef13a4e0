// What the tests of the REST client share: an authority, servers of it, clients that trust it; all gone after each test.
import net, { type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { dir, type DirectoryResult } from "tmp-promise";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { openRest, type Rest, type RestSettings } from "../../src/net/rest.ts";
import type { RestAnswer, RestResult } from "../../src/net/rest-answer.ts";
import { Secret } from "../../src/secret.ts";
import { makePrivateCa, type PrivateCa, type ServerCertificate } from "../support/private-ca.ts";
import { startLocalApi, type Answer, type LocalApi } from "../servers/cloud/local-api.ts";

export const bearer = new Secret("Bearer ATCTT3xFfGN0aaaaaaaaaaaaaaaa");

export interface RestHarness {
  readonly ca: PrivateCa;
  /** An empty folder. */
  readonly folder: string;
  /** For 127.0.0.1. */
  readonly certificate: ServerCertificate;
  /** @param certificate null for plain http. */
  serve(answer: Answer, certificate?: ServerCertificate | null): Promise<LocalApi>;
  /** A server that speaks no HTTP of its own; its port. */
  listen(behave: (socket: Socket) => void): Promise<number>;
  open(settings: Partial<RestSettings>): Rest;
  /** One request with `bearer`. */
  get(settings: Partial<RestSettings>): Promise<RestResult>;
  /** Called after the test, the last one first. */
  after(close: () => Promise<unknown>): void;
}

/** Called at the top of a test file; what it returns is whole once its tests run. */
export function restHarness(): RestHarness {
  const closers: (() => Promise<unknown>)[] = [];
  let folder: DirectoryResult;
  let ca: PrivateCa;
  let certificate: ServerCertificate;

  beforeAll(async () => {
    folder = await dir({ unsafeCleanup: true });
    ca = await makePrivateCa(folder.path);
    certificate = await ca.issue(["IP:127.0.0.1"]);
  });
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });
  afterAll(async () => await folder.cleanup());

  const harness: RestHarness = {
    get ca() {
      return ca;
    },
    get folder() {
      return join(folder.path);
    },
    get certificate() {
      return certificate;
    },
    async serve(answer, by = certificate) {
      const api = await startLocalApi(by ?? undefined, answer);
      closers.push(() => api.close());
      return api;
    },
    async listen(behave) {
      const { port, close } = await listenRaw(behave);
      closers.push(close);
      return port;
    },
    open(settings) {
      const rest = openRest({
        apiUrl: "https://api.bitbucket.org",
        caFiles: [ca.file],
        timeoutMilliseconds: 10_000,
        userAgent: "test",
        ...settings,
      });
      closers.push(() => rest.close());
      return rest;
    },
    get: (settings) => harness.open(settings).get("/2.0/user", bearer),
    after: (close) => void closers.push(close),
  };
  return harness;
}

export function answered(result: RestResult): RestAnswer {
  expect(result).toHaveProperty("status");
  return result as RestAnswer;
}

async function listenRaw(behave: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    // Breaking off is what the tests are about.
    socket.on("error", () => {});
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
