// Through real proxies on loopback, under Bitbucket's real name: the proxy takes api.bitbucket.org to a local server.
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import type { RestSettings } from "../../src/net/rest.ts";
import { startConnectProxy, type ConnectProxyOptions } from "../support/connect-proxy.ts";
import type { ServerCertificate } from "../support/private-ca.ts";
import { always } from "../servers/cloud/local-api.ts";
import { answered, bearer, restHarness } from "./rest-harness.ts";

const rest = restHarness();
const credentials = { user: "ada@example.com", password: "p:ä %ss" };

describe("a proxy", () => {
  test("is asked for the API by name and takes the request there", async () => {
    const { api, proxy } = await stand();
    const answer = answered(await rest.get({ proxy: proxy.url }));
    expect(answer.status).toBe(200);
    expect(proxy.targets).toEqual(["api.bitbucket.org:443"]);
    expect(proxy.authorizations).toEqual([undefined]);
    expect(api.requests).toEqual([{ line: "GET /2.0/user", authorization: bearer.reveal() }]);
  });

  test("gets the credentials of its URL, and the API does not", async () => {
    const { api, proxy } = await stand({ credentials });
    expect(answered(await rest.get({ proxy: proxy.url })).status).toBe(200);
    const pair = `${credentials.user}:${credentials.password}`;
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from(pair).toString("base64")}`]);
    expect(api.requests).toEqual([{ line: "GET /2.0/user", authorization: bearer.reveal() }]);
  });

  test("gets a user without a password", async () => {
    const { proxy } = await stand({ credentials: { user: "ada", password: "" } });
    expect(answered(await rest.get({ proxy: `http://ada@127.0.0.1:${proxy.port}` })).status).toBe(
      200,
    );
  });

  test("may be named without a scheme", async () => {
    const { proxy } = await stand();
    expect(answered(await rest.get({ proxy: `127.0.0.1:${proxy.port}` })).status).toBe(200);
  });

  test("serves two requests with one tunnel", async () => {
    const { api, proxy } = await stand();
    const client = rest.open({ proxy: proxy.url });
    await client.get("/2.0/user", bearer);
    await client.get("/2.0/user", bearer);
    expect(api.requests).toHaveLength(2);
    expect(proxy.targets).toHaveLength(1);
  });

  test("may itself speak TLS, with credentials", async () => {
    const { proxy } = await stand({ credentials, tls: rest.certificate });
    expect(proxy.url).toMatch(/^https:/u);
    expect(answered(await rest.get({ proxy: proxy.url })).status).toBe(200);
  });

  test("takes plain http on this machine as well", async () => {
    const api = await rest.serve(always(200, "{}"), null);
    const { proxy } = await stand();
    expect(answered(await rest.get({ apiUrl: api.url, proxy: proxy.url })).status).toBe(200);
    expect(proxy.targets).toEqual([`127.0.0.1:${api.port}`]);
  });

  test("cannot pass itself off as the API", async () => {
    const { api, proxy } = await stand({}, await rest.ca.issue(["DNS:proxy.example.com"]));
    expect(await rest.get({ proxy: proxy.url })).toEqual({
      failure: "tls",
      because:
        "the certificate of api.bitbucket.org is for another name (ERR_TLS_CERT_ALTNAME_INVALID)",
    });
    expect(api.requests).toEqual([]);
  });

  test("and a server with an unknown authority behind it", async () => {
    const { api, proxy } = await stand();
    expect(await rest.get({ proxy: proxy.url, caFiles: [] })).toMatchObject({ failure: "tls" });
    expect(api.requests).toEqual([]);
  });
});

describe("a proxy that does not work", () => {
  test("wants other credentials", async () => {
    const { api, proxy } = await stand({ credentials });
    for (const user of ["", "ada:wrong@"])
      expect(await rest.get({ proxy: `http://${user}127.0.0.1:${proxy.port}` })).toEqual({
        failure: "proxy",
        because: `the proxy 127.0.0.1:${proxy.port} wants other credentials (407)`,
      });
    expect(api.connections()).toBe(0);
  });

  test("cannot reach the API", async () => {
    const { api, proxy } = await stand();
    await api.close();
    expect(await rest.get({ proxy: proxy.url })).toEqual({
      failure: "proxy",
      because: `the proxy 127.0.0.1:${proxy.port} does not connect to api.bitbucket.org:443 (502)`,
    });
  });

  test("does not listen", async () => {
    const { proxy } = await stand();
    await proxy.close();
    expect(await rest.get({ proxy: proxy.url })).toEqual({
      failure: "proxy",
      because: `the proxy 127.0.0.1:${proxy.port} cannot be reached (ECONNREFUSED)`,
    });
  });

  test.each(["1", "0"])("has a certificate that nobody trusts (%s)", async (verify) => {
    // Node asks for it at each connection.
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = verify;
    rest.after(async () => {
      await Promise.resolve(delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"]);
    });
    const { proxy } = await stand({ credentials, tls: rest.certificate });
    const result = await rest.get({ proxy: proxy.url, caFiles: [] });
    expect(result).toMatchObject({
      failure: "tls",
      because: expect.stringContaining(
        `the proxy 127.0.0.1:${proxy.port} is not trusted`,
      ) as string,
    });
    expect([proxy.targets, proxy.authorizations]).toEqual([[], []]);
  });

  test("has a certificate for another name, and Node is told to believe anybody", async () => {
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    rest.after(async () => {
      await Promise.resolve(delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"]);
    });
    const { proxy } = await stand({ credentials, tls: await rest.ca.issue(["DNS:else.example"]) });
    expect(await rest.get({ proxy: proxy.url })).toMatchObject({ failure: "tls" });
    expect([proxy.targets, proxy.authorizations]).toEqual([[], []]);
  });

  const answers: readonly [string, (socket: Socket) => void, object][] = [
    ["refuses", reply("HTTP/1.1 403 Forbidden\r\n\r\n"), { failure: "proxy" }],
    ["answers with a page", reply("HTTP/1.1 200 OK\r\n\r\n<html>"), { failure: "proxy" }],
    ["hangs up", (socket) => socket.destroy(), { failure: "proxy" }],
    ["closes politely", (socket) => socket.end(), { failure: "proxy" }],
    ["resets", (socket) => socket.resetAndDestroy(), { failure: "proxy" }],
    ["speaks no HTTP", reply("SSH-2.0-OpenSSH_9.2\r\n"), { failure: "proxy" }],
    ["hangs up behind its yes", reply("HTTP/1.1 200 OK\r\n\r\n"), { failure: "network" }],
    ["says nothing", () => {}, { failure: "timeout" }],
    [
      "says yes and no more",
      (socket) => void socket.write("HTTP/1.1 200 OK\r\n\r\n"),
      { failure: "timeout" },
    ],
  ];
  test.each(answers)("%s", async (_what, answer, failure) => {
    const { proxy } = await stand({ answer });
    const slow = "failure" in failure && failure.failure === "timeout";
    const result = await rest.get({
      proxy: proxy.url,
      ...(slow && { timeoutMilliseconds: 1_500 }),
    });
    expect(result).toMatchObject(failure);
    expect(proxy.targets).toHaveLength(1);
  });

  test.each(["ftp://127.0.0.1", "http://", "a b"])("%s is none", async (proxy) => {
    expect(await rest.get({ proxy })).toEqual({
      failure: "proxy",
      because: "the proxy set for git is neither http, https nor socks",
    });
  });

  test("its credentials stand in no reason", async () => {
    const { proxy } = await stand({ credentials, answer: (socket) => socket.destroy() });
    const result = await rest.get({ proxy: proxy.url });
    expect(JSON.stringify(result)).not.toMatch(/ada|%ss|p:|example/u);
  });
});

describe("no_proxy", () => {
  test("goes straight", async () => {
    const { api, proxy } = await stand();
    const settings: Partial<RestSettings> = {
      apiUrl: `https://127.0.0.1:${api.port}`,
      proxy: proxy.url,
      noProxy: "example.com, 127.0.0.0/8",
    };
    expect(await rest.get(settings)).toMatchObject({ failure: "tls" });
    expect(api.connections()).toBe(1);
    expect(proxy.targets).toEqual([]);
  });

  test.each(["", undefined, "example.com"])("%j: through the proxy", async (noProxy) => {
    const { proxy } = await stand();
    expect(answered(await rest.get({ proxy: proxy.url, noProxy })).status).toBe(200);
    expect(proxy.targets).toHaveLength(1);
  });
});

/** api.bitbucket.org with a certificate of that name, and a proxy that knows where it is. */
async function stand(options: ConnectProxyOptions = {}, certificate?: ServerCertificate) {
  const named = certificate ?? (await rest.ca.issue(["DNS:api.bitbucket.org"]));
  const api = await rest.serve(always(200, { username: "ada" }), named);
  const routes = { "api.bitbucket.org:443": { host: "127.0.0.1", port: api.port } };
  const proxy = await startConnectProxy({ routes, ...options });
  rest.after(() => proxy.close());
  return { api, proxy };
}

function reply(text: string): (socket: Socket) => void {
  return (socket) => void socket.end(text);
}
