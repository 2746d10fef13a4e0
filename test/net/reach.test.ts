// The program's own way to api.bitbucket.org: by git's settings and the environment, as a person has them.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startConnectProxy, type ConnectProxyOptions } from "../support/connect-proxy.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { answerRest } from "../simulator/rest-rules.ts";
import type { Token } from "../simulator/records.ts";
import { Site } from "../simulator/site.ts";
import { restHarness } from "./rest-harness.ts";

const rest = restHarness();
let sandbox: Sandbox;
let token: Token;
let site: Site;

beforeEach(async () => {
  sandbox = await openSandbox();
  site = new Site(Date.now);
  site.addRepository("acme/api");
  token = site.accessToken({ workspace: "acme", repository: "api" });
});
afterEach(async () => await sandbox.close());

describe("login by way of a proxy", () => {
  test.each([
    ["http.proxy and http.sslCAInfo", "http.proxy", "http.sslCAInfo"],
    ["http.proxy for the API only", "http.https://api.bitbucket.org.proxy", "http.sslCAInfo"],
    ["https_proxy and GIT_SSL_CAINFO", "https_proxy", "GIT_SSL_CAINFO"],
    ["all_proxy and NODE_EXTRA_CA_CERTS", "all_proxy", "NODE_EXTRA_CA_CERTS"],
    [
      "NODE_EXTRA_CA_CERTS under the name the front hands it on",
      "HTTPS_PROXY",
      "GIT_CREDENTIAL_BITBUCKET_EXTRA_CA_CERTS",
    ],
  ])("%s", async (_what, proxySetting, caSetting) => {
    const proxy = await stand({ credentials: { user: "ada", password: "proxy-secret" } });
    const result = await login({ [proxySetting]: proxy.url, [caSetting]: rest.ca.file });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(said(result)).not.toMatch(/could not be checked|proxy-secret/u);
    expect(proxy.targets).toEqual(["api.bitbucket.org:443"]);
  });

  test.each([
    ["nobody named the authority", {}, "is not trusted"],
    ["the authority's file is not there", { "http.sslCAInfo": "/nowhere/ca.pem" }, "ENOENT"],
  ])("%s: said, and the token is kept", async (_what, settings, because) => {
    const proxy = await stand();
    const result = await login({ "http.proxy": proxy.url, ...settings });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(said(result)).toContain("could not be checked");
    expect(said(result)).toContain(because);
  });

  test("the proxy says nothing: the program ends by itself", async () => {
    const proxy = await stand({ answer: () => {} });
    const settings = { "http.proxy": proxy.url, "credential.bitbucketTimeout": "1" };
    const result = await login(settings);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(said(result)).toContain("bitbucket did not answer within 1 s");
  });

  test("the proxy wants other credentials: said without them", async () => {
    const proxy = await stand({ credentials: { user: "ada", password: "right" } });
    const url = `http://ada:wrong-secret@127.0.0.1:${proxy.port}`;
    const result = await login({ "http.proxy": url });
    expect(said(result)).toContain("wants other credentials (407)");
    expect(said(result)).not.toContain("wrong-secret");
  });
});

/** api.bitbucket.org behind a proxy that knows where it is. */
async function stand(options: ConnectProxyOptions = {}) {
  const certificate = await rest.ca.issue(["DNS:api.bitbucket.org"]);
  const api = await rest.serve((request, response) => {
    const { authorization } = request.headers;
    const answer = answerRest(site, { authorization, path: request.url ?? "" });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }, certificate);
  const routes = { "api.bitbucket.org:443": { host: "127.0.0.1", port: api.port } };
  const proxy = await startConnectProxy({ routes, ...options });
  rest.after(() => proxy.close());
  return proxy;
}

/** @param settings a name with a dot is git's, the others are variables. */
async function login(settings: Readonly<Record<string, string>>) {
  const names = Object.keys(settings);
  const lines = names
    .filter((name) => name.includes("."))
    .map((name) => {
      const [, section, part, key] = /^([^.]+)(?:\.(.+))?\.([^.]+)$/u.exec(name) ?? [];
      return `[${section}${part === undefined ? "" : ` "${part}"`}]\n\t${key} = ${settings[name]}\n`;
    });
  await writeFile(join(sandbox.home, ".gitconfig"), lines.join(""));
  const env = Object.fromEntries(
    names.filter((name) => !name.includes(".")).map((name) => [name, settings[name]]),
  );
  const args = ["login", "--with-token", "--repository", "acme/api", "--store", "file"];
  return await sandbox.program(args, { input: `${token.secret}\n`, env });
}

function said({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string {
  expect(stdout + stderr).not.toContain(token.secret);
  return stdout + stderr;
}
