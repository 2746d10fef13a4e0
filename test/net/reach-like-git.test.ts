// REST gets to where git gets to with the same settings; real git goes there beside it.
import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { LocalApi } from "../servers/cloud/local-api.ts";
import { startSocksProxy } from "../support/socks-proxy.ts";
import { type ReachSettings, reachHarness } from "./reach-harness.ts";

const { rest, work, serve, stand, login, gitAsks, said } = reachHarness();
const run = promisify(execFile);
const both: Reached = { git: true, rest: true };
const bitbucket = "https://api.bitbucket.org";

describe("an authority of", () => {
  test("the system's bundle, told to nobody", async () => {
    const { api, proxy } = await stand();
    const settings = { "http.proxy": proxy.url };
    const bundle = join(work(), "bundle.crt");
    const systems = "/etc/ssl/certs/ca-certificates.crt";
    await writeFile(bundle, (await readFile(systems, "utf8")) + (await authority()));
    const mount = 'mount --bind "$0" "$1" && shift && exec "$@"';
    const flags = process.getuid?.() === 0 ? ["--mount"] : ["--map-root-user", "--mount"];
    const wrap = ["unshare", ...flags, "sh", "-c", mount, bundle, systems];
    expect(await whoReaches(api, bitbucket, settings, wrap)).toEqual(both);
    expect(said(await login(settings))).toContain("is not trusted");
  });

  test("http.sslCAPath", async () => {
    const { api, proxy } = await stand();
    const folder = await authorityFolder();
    await run("openssl", ["rehash", folder]);
    expect(
      await whoReaches(api, bitbucket, { "http.proxy": proxy.url, "http.sslCAPath": folder }),
    ).toEqual(both);
    expect(
      await whoReaches(api, bitbucket, { "http.proxy": proxy.url, GIT_SSL_CAPATH: folder }),
    ).toEqual(both);
  });

  test("OpenSSL's variables", async () => {
    const { api, proxy } = await stand();
    expect(await restReaches(api, { "http.proxy": proxy.url, SSL_CERT_FILE: rest.ca.file })).toBe(
      true,
    );
    const SSL_CERT_DIR = `/nowhere:${await authorityFolder()}`;
    expect(await restReaches(api, { "http.proxy": proxy.url, SSL_CERT_DIR })).toBe(true);
  });

  test("a proxy's own certificate, in http.sslCAPath", async () => {
    const { api, proxy } = await stand({ tls: rest.certificate });
    expect(
      await restReaches(api, {
        "http.proxy": proxy.url,
        "http.sslCAPath": await authorityFolder(),
      }),
    ).toBe(true);
  });

  test.each([
    ["that is not there", async () => join(work(), "absent"), "cannot be read (ENOENT)"],
    ["without one", async () => await emptyFolder(), "holds no certificate"],
  ])("http.sslCAPath %s: said", async (_what, folder, because) => {
    const { proxy } = await stand();
    const path = await folder();
    const result = await login({ "http.proxy": proxy.url, "http.sslCAPath": path });
    expect(said(result)).toContain(`the CA folder ${path} ${because}`);
  });
});

describe("a proxy of SOCKS", () => {
  test.each([
    ["http.proxy", "socks5h", "localhost"],
    ["http.proxy", "socks5", "127.0.0.1"],
    ["http.proxy", "socks4a", "localhost"],
    ["http.proxy", "socks4", "127.0.0.1"],
    ["http.proxy", "socks", "127.0.0.1"],
    ["https_proxy", "socks5h", "localhost"],
    ["HTTPS_PROXY", "socks5", "127.0.0.1"],
    ["ALL_PROXY", "socks5h", "localhost"],
    ["all_proxy", "socks4a", "localhost"],
  ])("%s = %s://", async (setting, scheme, asked) => {
    const api = await serve();
    const proxy = await startSocksProxy();
    rest.after(() => proxy.close());
    const url = `https://localhost:${api.port}`;
    const reached = await whoReaches(api, url, {
      [setting]: `${scheme}://127.0.0.1:${proxy.port}`,
      "http.sslCAInfo": rest.ca.file,
      "credential.bitbucketApiUrl": url,
    });
    expect(reached).toEqual(both);
    expect(new Set(proxy.targets)).toEqual(new Set([`${asked}:${api.port}`]));
  });

  test("with a login", async () => {
    const api = await serve();
    const credentials = { user: "ada@example.com", password: "proxy-secret" };
    const proxy = await startSocksProxy({ credentials });
    rest.after(() => proxy.close());
    const url = `https://localhost:${api.port}`;
    const reached = await whoReaches(api, url, {
      "http.proxy": `socks5h://ada%40example.com:proxy-secret@127.0.0.1:${proxy.port}`,
      "http.sslCAInfo": rest.ca.file,
      "credential.bitbucketApiUrl": url,
    });
    expect(reached).toEqual(both);
  });
});

interface Reached {
  readonly git: boolean;
  readonly rest: boolean;
}

async function whoReaches(
  api: LocalApi,
  url: string,
  settings: ReachSettings,
  wrap?: readonly string[],
): Promise<Reached> {
  await gitAsks(url, settings, wrap);
  const git = api.requests.some(({ line }) => line.startsWith("GET /acme/api.git/info/refs"));
  return { git, rest: await restReaches(api, settings, wrap) };
}

async function restReaches(api: LocalApi, settings: ReachSettings, wrap?: readonly string[]) {
  const before = api.requests.length;
  const result = await login(settings, wrap);
  const isTold = /could not be checked|proxy-secret/u.test(said(result));
  return result.exitCode === 0 && !isTold && api.requests.length > before;
}

async function authority(): Promise<string> {
  return await readFile(rest.ca.file, "utf8");
}

async function emptyFolder(): Promise<string> {
  const folder = join(work(), "authorities");
  await mkdir(folder);
  await writeFile(join(folder, "README.txt"), "nothing\n");
  return folder;
}

async function authorityFolder(): Promise<string> {
  const folder = await emptyFolder();
  await copyFile(rest.ca.file, join(folder, "company.pem"));
  return folder;
}
