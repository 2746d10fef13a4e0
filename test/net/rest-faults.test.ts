// What the REST client calls each way of not getting an answer. Real sockets, no time measured.
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { always, type Answer } from "../servers/cloud/local-api.ts";
import { answered, bearer, restHarness } from "./rest-harness.ts";

const rest = restHarness();

describe("no answer", () => {
  test("nobody listens", async () => {
    const api = await rest.serve(always(200));
    await api.close();
    expect(await rest.get({ apiUrl: api.url })).toEqual({
      failure: "network",
      because: `127.0.0.1:${api.port} cannot be reached (ECONNREFUSED)`,
    });
  });

  test("a name that does not exist", async () => {
    const result = await rest.get({ apiUrl: "https://api.bitbucket.invalid" });
    expect(result).toMatchObject({ failure: "network" });
  });

  const silences: readonly [string, Answer][] = [
    ["no headers", () => {}],
    ["headers without an end", (request) => request.socket.write("HTTP/1.1 200 OK\r\nx: ")],
    ["half a body", (_request, response) => response.writeHead(200).write('{"username":')],
    [
      "a body drop by drop",
      (_request, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write(" "), 20);
        response.once("close", () => clearInterval(drip));
      },
    ],
    [
      "the wrong length",
      (_request, response) => response.writeHead(200, { "content-length": "100" }).write("{}"),
    ],
  ];
  test.each(silences)("%s: out of time", async (_what, answer) => {
    const api = await rest.serve(answer);
    const result = await rest.get({ apiUrl: api.url, timeoutMilliseconds: 300 });
    expect(result).toEqual({
      failure: "timeout",
      because: "bitbucket did not answer within 0.3 s",
    });
  });

  test("a server that does not speak TLS: out of time", async () => {
    const port = await rest.listen(() => {});
    const result = await rest.get({
      apiUrl: `https://127.0.0.1:${port}`,
      timeoutMilliseconds: 300,
    });
    expect(result).toMatchObject({ failure: "timeout" });
  });

  test("the time is for all requests together", async () => {
    const api = await rest.serve((_request, response, before) => {
      if (before === 0) response.end("{}");
    });
    const client = rest.open({ apiUrl: api.url, timeoutMilliseconds: 3_000 });
    expect(answered(await client.get("/2.0/user", bearer)).status).toBe(200);
    expect(await client.get("/2.0/user", bearer)).toMatchObject({ failure: "timeout" });
    expect(await client.get("/2.0/user", bearer)).toMatchObject({ failure: "timeout" });
    expect(api.requests).toHaveLength(2);
  });

  test("a pause ends with the time", async () => {
    const client = rest.open({ timeoutMilliseconds: 10 });
    await client.pause(3_600_000);
    expect(await client.get("/2.0/user", bearer)).toMatchObject({ failure: "timeout" });
  });

  const breaks: readonly [string, (socket: Socket) => void][] = [
    ["reset", (socket) => void socket.once("data", () => socket.resetAndDestroy())],
    ["closed", (socket) => void socket.once("data", () => socket.destroy())],
    ["half-closed", (socket) => void socket.once("data", () => socket.end())],
    ["closed before the request", (socket) => void socket.end()],
    [
      "reset in the body",
      (socket) =>
        void socket.once("data", () =>
          socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{", () =>
            socket.resetAndDestroy(),
          ),
        ),
    ],
    [
      "closed in the body",
      (socket) =>
        void socket.once("data", () =>
          socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"),
        ),
    ],
  ];
  test("closed in the TLS handshake", async () => {
    const port = await rest.listen((socket) => void socket.once("data", () => socket.end()));
    const result = await rest.get({ apiUrl: `https://127.0.0.1:${port}` });
    expect(result).toMatchObject({ failure: "network" });
  });

  test.each(breaks)("%s", async (_what, behave) => {
    const port = await rest.listen(behave);
    const result = await rest.get({ apiUrl: `http://127.0.0.1:${port}` });
    expect(result).toMatchObject({ failure: "network" });
  });

  test.each([
    ["no HTTP", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["a bare line feed in a header", "HTTP/1.1 200 OK\r\nx: a\nb\r\n\r\n"],
    ["a NUL in a header", "HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n"],
    ["a header without a name", "HTTP/1.1 200 OK\r\n: a\r\n\r\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab"],
    ["huge headers", `HTTP/1.1 200 OK\r\nx: ${"a".repeat(100_000)}\r\n\r\n`],
    ["many headers", `HTTP/1.1 200 OK\r\n${"x: a\r\n".repeat(50_000)}\r\n`],
    ["bad chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"],
  ])("%s", async (_what, bytes) => {
    const port = await rest.listen((socket) => void socket.once("data", () => socket.end(bytes)));
    const result = await rest.get({ apiUrl: `http://127.0.0.1:${port}` });
    expect(result).toMatchObject({ failure: "garbage" });
  });

  test("closing breaks off what runs", async () => {
    const api = await rest.serve(() => {});
    const client = rest.open({ apiUrl: api.url });
    const result = client.get("/2.0/user", bearer);
    await client.close();
    expect(await result).toHaveProperty("failure");
  });
});
