// The transport: hosts, the log, and each fault as a client meets it.
import { createServer, type AddressInfo, type Server } from "node:net";
import { once } from "node:events";
import https from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { dir, type DirectoryResult } from "tmp-promise";
import { makePrivateCa } from "../support/private-ca.ts";
import { rateLimits, type Fault } from "./faults.ts";
import { basic, bearer } from "./rules-world.ts";
import { simulatedHosts, Simulator } from "./simulator.ts";
import { furnish } from "./standard-site.ts";

let folder: DirectoryResult;
let listener: Server;
let ca: string;
let simulator: Simulator;

beforeAll(async () => {
  folder = await dir({ unsafeCleanup: true });
  const authority = await makePrivateCa(folder.path);
  ca = await readFile(authority.file, "utf8");
  const tls = await authority.issue(simulatedHosts.map((host) => `DNS:${host}`));
  listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  simulator = await Simulator.start({ listener, tls, directory: join(folder.path, "bitbucket") });
  furnish(simulator.site);
});

afterEach(() => {
  simulator.faults.clear();
  simulator.log.length = 0;
});

afterAll(async () => {
  await simulator.stop();
  await folder.cleanup();
});

async function get(url: string, authorization?: string) {
  const { hostname, pathname, search } = new URL(url);
  const request = https.get({
    host: "127.0.0.1",
    port: (listener.address() as AddressInfo).port,
    servername: hostname,
    path: pathname + search,
    headers: { host: hostname, ...(authorization === undefined ? {} : { authorization }) },
    ca,
    agent: false,
  });
  const [response] = await once(request, "response");
  const { statusCode: status, headers } = response;
  return { status, headers, body: await text(response) };
}

const userUrl = "https://api.bitbucket.org/2.0/user";
const refs = "/acme/api.git/info/refs?service=git-upload-pack";

describe("hosts", () => {
  test.each([
    ["https://api.bitbucket.org/2.0/user", 200, "rest"],
    ["https://bitbucket.org/!api/2.0/user", 200, "rest"],
    ["https://bitbucket.org/api/2.0/user", 200, "rest"],
    ["https://localhost/2.0/user", 200, "rest"],
    ["https://bitbucket.org/dashboard", 404, "other"],
    ["https://www.bitbucket.org/dashboard", 301, "redirect"],
    ["https://evilbitbucket.org/2.0/user", 200, "elsewhere"],
  ])("%s", async (url, status, service) => {
    const token = simulator.site.apiToken("alice");
    const answer = await get(url, basic("alice@example.com", token.secret));
    expect(answer.status).toBe(status);
    expect(simulator.requests(service as "rest")).toHaveLength(1);
  });

  test("www leads to the same path and query without it", async () => {
    const { headers } = await get(`https://www.bitbucket.org${refs}`);
    expect(headers["location"]).toBe(`https://bitbucket.org${refs}`);
  });

  test("a foreign host asks for a credential", async () => {
    const { status, headers } = await get("https://elsewhere.example/acme/api.git/info/refs");
    expect([status, headers["www-authenticate"]]).toEqual([
      401,
      'Basic realm="Bitbucket.org HTTP"',
    ]);
  });
});

describe("the log", () => {
  test("names who came with what, and no secret", async () => {
    const token = simulator.site.accessToken({ workspace: "acme" }, { name: "of acme" });
    await get(`https://bitbucket.org${refs}`);
    await get(`https://bitbucket.org${refs}`, basic("x-token-auth", token.secret));
    await get(userUrl, bearer(token.secret));
    await get(userUrl, basic("alice@example.com", "guess"));
    expect(simulator.log).toMatchObject([
      { service: "git", scheme: "none", kind: undefined, status: 401 },
      { scheme: "basic", username: "x-token-auth", kind: "workspace-access-token", status: 200 },
      { scheme: "bearer", username: undefined, token: "of acme", status: 403 },
      { username: "alice@example.com", kind: "unknown", token: undefined, status: 401 },
    ]);
    expect(simulator.log.map((entry) => entry.carriesSecret)).toEqual([false, true, true, false]);
    expect(JSON.stringify(simulator.log)).not.toContain(token.secret);
  });

  test.each([
    ["in the query", (secret: string) => [`?token=${secret}`, undefined] as const],
    ["in Basic", (secret: string) => ["", basic("u", secret)] as const],
    ["in Bearer", (secret: string) => ["", bearer(secret)] as const],
    ["in a scheme of its own", (secret: string) => ["", `Token ${secret}`] as const],
  ])("sees a secret that arrives elsewhere %s", async (_where, send) => {
    const { secret } = simulator.site.apiToken("alice");
    const [query, authorization] = send(secret);
    await get(`https://elsewhere.example/${query}`, authorization);
    expect(simulator.log).toMatchObject([{ service: "elsewhere", carriesSecret: true }]);
  });
});

describe("faults", () => {
  test.each<[Fault, object]>([
    [
      { kind: "status", status: 401 },
      { status: 401, headers: { "www-authenticate": expect.stringMatching(/Basic/u) as string } },
    ],
    [{ kind: "status", status: 403 }, { status: 403 }],
    [{ kind: "status", status: 410 }, { status: 410 }],
    [{ kind: "status", status: 500 }, { status: 500 }],
    [
      { kind: "status", status: 503, headers: { "retry-after": "7" } },
      { headers: { "retry-after": "7" } },
    ],
    [
      rateLimits.json,
      { status: 429, body: expect.stringMatching(/"Rate limit for this resource/u) as string },
    ],
    [
      rateLimits.text,
      { status: 429, body: expect.stringMatching(/^Rate limit for this resource/u) as string },
    ],
    [{ kind: "garbage" }, { status: 200, body: expect.stringMatching(/<html>/u) as string }],
    [
      { kind: "redirect", to: "https://elsewhere.example" },
      { status: 302, headers: { location: `https://elsewhere.example/2.0/user` } },
    ],
    [{ kind: "delay", milliseconds: 1 }, { status: 200 }],
  ])("%o", async (fault, answer) => {
    simulator.fail(fault);
    const token = simulator.site.apiToken("alice");
    expect(await get(userUrl, basic("alice@example.com", token.secret))).toMatchObject(answer);
    expect(simulator.log).toMatchObject([{ fault: fault.kind }]);
  });

  test("a reset connection is a real reset", async () => {
    simulator.fail({ kind: "reset" });
    await expect(get(userUrl)).rejects.toThrow("ECONNRESET");
    expect(simulator.log).toMatchObject([{ fault: "reset", status: undefined }]);
  });

  test("a truncated answer ends before its length", async () => {
    simulator.fail({ kind: "truncate" });
    await expect(get(userUrl)).rejects.toThrow("aborted");
  });

  test("an endless delay ends with the fault", async () => {
    const fault = simulator.fail({ kind: "delay", milliseconds: Infinity });
    const answer = get(userUrl);
    await expect.poll(() => simulator.log.length).toBe(1);
    fault.clear();
    expect((await answer).status).toBe(401);
  });

  test("come as often as told, to the requests that fit", async () => {
    const { secret } = simulator.site.accessToken({ workspace: "acme" });
    const status = async (path: string, authorization?: string): Promise<number> =>
      (await get(`https://bitbucket.org${path}`, authorization)).status;
    const good = basic("x-token-auth", secret);
    const filter = {
      service: "git",
      authenticated: true,
      path: /^\/acme\/api/u,
      times: 2,
    } as const;
    simulator.fail({ kind: "status", status: 500 }, filter);
    expect(await status(refs)).toBe(401);
    expect(await status(refs.replace("api", "web"), good)).toBe(200);
    expect((await get(userUrl, bearer(secret))).status).toBe(403);
    expect(await status(refs, good)).toBe(500);
    expect(await status(refs, good)).toBe(500);
    expect(await status(refs, good)).toBe(200);
  });

  test("end when they are cleared", async () => {
    const fault = simulator.fail({ kind: "status", status: 500 });
    expect((await get(userUrl)).status).toBe(500);
    fault.clear();
    expect((await get(userUrl)).status).toBe(401);
  });
});
