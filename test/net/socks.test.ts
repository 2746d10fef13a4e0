// SOCKS proxies that are well-behaved, and others. What goes through a good one is in reach.test.ts, with git beside it.
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { always } from "../servers/cloud/local-api.ts";
import { startSocksProxy, type SocksProxyOptions } from "../support/socks-proxy.ts";
import { answered, restHarness } from "./rest-harness.ts";

const rest = restHarness();
const credentials = { user: "ada@example.com", password: "p:%ss" };
const login = "ada%40example.com:p%3A%25ss";

async function stand(options: SocksProxyOptions = {}) {
  const api = await rest.serve(always(200), await rest.ca.issue(["DNS:localhost", "IP:127.0.0.1"]));
  const proxy = await startSocksProxy(options);
  rest.after(() => proxy.close());
  return { api, proxy, apiUrl: `https://localhost:${api.port}` };
}

test.each([
  ["socks4", "127.0.0.1"],
  ["socks4a", "localhost"],
  ["socks5", "127.0.0.1"],
  ["socks5h", "localhost"],
])("%s is asked for %s", async (scheme, asked) => {
  const { api, proxy, apiUrl } = await stand();
  const result = await rest.get({ apiUrl, proxy: `${scheme}://127.0.0.1:${proxy.port}` });
  expect(answered(result).status).toBe(200);
  expect(proxy.targets).toEqual([`${asked}:${api.port}`]);
});

test.each(["socks4a", "socks5h"])("%s with a login", async (scheme) => {
  const { api, proxy, apiUrl } = await stand({ credentials });
  const result = await rest.get({ apiUrl, proxy: `${scheme}://${login}@127.0.0.1:${proxy.port}` });
  expect(answered(result).status).toBe(200);
  expect(api.requests).toHaveLength(1);
});

test("http on this machine goes through it, too", async () => {
  const api = await rest.serve(always(200), null);
  const proxy = await startSocksProxy();
  rest.after(() => proxy.close());
  const settings = { apiUrl: api.url, proxy: `socks5h://127.0.0.1:${proxy.port}` };
  expect(answered(await rest.get(settings)).status).toBe(200);
  expect(proxy.targets).toHaveLength(1);
});

test("it cannot pass itself off as the API", async () => {
  const { api } = await stand();
  const stranger = await rest.serve(always(200), await rest.ca.issue(["DNS:elsewhere"]));
  const routes = { [`localhost:${api.port}`]: { host: "127.0.0.1", port: stranger.port } };
  const proxy = await startSocksProxy({ routes });
  rest.after(() => proxy.close());
  const apiUrl = `https://localhost:${api.port}`;
  const result = await rest.get({ apiUrl, proxy: `socks5h://127.0.0.1:${proxy.port}` });
  expect(result).toMatchObject({ failure: "tls" });
  expect(stranger.requests).toEqual([]);
});

describe("told, and the API is not reached", () => {
  test.each<[string, SocksProxyOptions, string, string]>([
    ["no login, and it wants one", { credentials }, "socks5h://", "wants other credentials"],
    ["another login", { credentials }, "socks5h://ada:secret@", "wants other credentials"],
    ["it refuses", { refuses: true }, "socks5h://", "does not connect to localhost"],
    ["it refuses", { refuses: true }, "socks4a://", "does not connect to localhost"],
    ["it hangs up", { answer: (socket) => socket.end() }, "socks5h://", "hung up"],
    ["a login too long", {}, `socks5h://${"a".repeat(256)}@`, "cannot carry the login"],
    ["a NUL in the login", {}, "socks4a://a%00b@", "cannot carry the login"],
    ["it is http", { answer: http }, "socks5h://", "does not speak SOCKS"],
  ])("%s: %o, %s", async (_what, options, scheme, because) => {
    const { api, proxy, apiUrl } = await stand(options);
    const result = await rest.get({ apiUrl, proxy: `${scheme}127.0.0.1:${proxy.port}` });
    expect(result).toMatchObject({
      failure: "proxy",
      because: expect.stringContaining(because) as string,
    });
    expect(JSON.stringify(result)).not.toMatch(/ada|secret|aaaa/u);
    expect(api.connections()).toBe(0);
  });

  test("nothing listens there", async () => {
    const { apiUrl } = await stand();
    expect(await rest.get({ apiUrl, proxy: "socks5h://127.0.0.1:1" })).toEqual({
      failure: "proxy",
      because: "the proxy 127.0.0.1:1 cannot be reached (ECONNREFUSED)",
    });
  });

  test("a name that nobody here knows", async () => {
    const { proxy } = await stand();
    const result = await rest.get({
      apiUrl: "https://nowhere.invalid",
      proxy: `socks5://127.0.0.1:${proxy.port}`,
    });
    expect(result).toMatchObject({ failure: "network" });
    expect(proxy.targets).toEqual([]);
  });

  test("it says nothing: the time ends", async () => {
    const { proxy, apiUrl } = await stand({ answer: () => {} });
    const settings = { apiUrl, proxy: `socks5h://127.0.0.1:${proxy.port}` };
    expect(await rest.get({ ...settings, timeoutMilliseconds: 500 })).toMatchObject({
      failure: "timeout",
    });
  });

  test("whatever it says, the program lives on", async () => {
    const beginnings = [
      [5, 0],
      [5, 2],
      [5, 255],
      [5, 0, 5, 0, 0, 1],
      [5, 0, 5, 0, 0, 9],
      [5, 2, 1, 0],
      [0, 90],
    ];
    for (let round = 0; round < 30; round += 1) {
      const beginning = beginnings[round % beginnings.length] ?? [];
      const answer: SocksProxyOptions["answer"] = (socket) =>
        socket.end(Buffer.concat([Buffer.from(beginning), randomBytes(round)]));
      const { api, proxy, apiUrl } = await stand({ answer });
      const scheme = round % 2 === 0 ? "socks5h" : "socks4a";
      const address = `${scheme}://a:b@127.0.0.1:${proxy.port}`;
      const result = await rest.get({ apiUrl, proxy: address, timeoutMilliseconds: 3000 });
      expect(result).toHaveProperty("failure");
      expect(api.connections()).toBe(0);
    }
  });
});

function http(socket: { end(text: string): unknown }): void {
  socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
}
