import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Environment } from "../../src/outside.ts";
import { readNetworkSettings } from "../../src/settings/network-settings.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.close());

const configure = (text: string) => writeFile(join(sandbox.home, ".gitconfig"), text);
const network = (env: Environment = {}, apiUrl = "https://api.bitbucket.org") =>
  readNetworkSettings({ env: { ...sandbox.env, ...env }, cwd: sandbox.work }, apiUrl);

describe("readNetworkSettings", () => {
  it("goes straight when nothing is set", async () => {
    expect(await network()).toMatchObject({
      proxy: undefined,
      noProxy: undefined,
      caFiles: [],
      caFolder: undefined,
      sslVerifyIgnored: false,
    });
  });

  it.each([
    [{ https_proxy: "http://a", HTTPS_PROXY: "http://b", all_proxy: "http://c" }, "http://a"],
    [{ HTTPS_PROXY: "http://b", all_proxy: "http://c", ALL_PROXY: "http://d" }, "http://b"],
    [{ https_proxy: "", all_proxy: "http://c", ALL_PROXY: "http://d" }, "http://c"],
    [{ ALL_PROXY: "http://d", http_proxy: "http://e", HTTP_PROXY: "http://f" }, "http://d"],
    [{ http_proxy: "http://e", HTTP_PROXY: "http://f" }, undefined],
    [{ https_proxy: "proxy.example:3128" }, "http://proxy.example:3128"],
    [{ https_proxy: "https://u:p@proxy.example" }, "https://u:p@proxy.example"],
  ])("takes the proxy of the variables as curl does: %j", async (env, proxy) => {
    expect((await network(env)).proxy).toBe(proxy);
  });

  it("takes http_proxy, but not HTTP_PROXY, for a loopback address", async () => {
    const env = { http_proxy: "http://e", HTTP_PROXY: "http://f", https_proxy: "http://a" };
    expect((await network(env, "http://localhost:1")).proxy).toBe("http://e");
    const upper = { HTTP_PROXY: "http://f" };
    expect((await network(upper, "http://localhost:1")).proxy).toBeUndefined();
  });

  it("puts git's proxy for this URL before the variables, and lets an empty one switch them off", async () => {
    await configure(`
      [http]
        proxy = http://all
      [http "https://api.bitbucket.org"]
        proxy = api:8080
      [http "https://straight.example"]
        proxy =`);
    const env = { https_proxy: "http://a", no_proxy: "localhost", NO_PROXY: "other" };
    expect(await network(env)).toMatchObject({ proxy: "http://api:8080", noProxy: "localhost" });
    expect((await network(env, "https://api.example")).proxy).toBe("http://all");
    expect((await network(env, "https://straight.example/v")).proxy).toBeUndefined();
    expect((await network({ NO_PROXY: "other" })).noProxy).toBe("other");
  });

  it("trusts what git and Node are told to trust, the variable before git's setting", async () => {
    await configure(`[http]\n sslCAInfo = ~/ca.pem`);
    expect((await network()).caFiles).toEqual([join(sandbox.home, "ca.pem")]);
    const env = { GIT_SSL_CAINFO: "/git.pem", NODE_EXTRA_CA_CERTS: "/node.pem" };
    expect((await network(env)).caFiles).toEqual(["/git.pem", "/node.pem"]);
    const front = { ...env, GIT_CREDENTIAL_BITBUCKET_EXTRA_CA_CERTS: "/front.pem" };
    expect((await network(front)).caFiles).toEqual(["/git.pem", "/front.pem"]);
    const relative = { GIT_SSL_CAINFO: "git.pem", NODE_EXTRA_CA_CERTS: "./node.pem" };
    expect((await network(relative)).caFiles).toEqual([]);
    const same = { GIT_SSL_CAINFO: "/a.pem", NODE_EXTRA_CA_CERTS: "/a.pem" };
    expect((await network(same)).caFiles).toEqual(["/a.pem"]);
  });

  it("takes more authorities from the folder that git is told, the variable before the setting", async () => {
    await configure(`[http]\n sslCAPath = ~/certs`);
    expect((await network()).caFolder).toBe(join(sandbox.home, "certs"));
    expect((await network({ GIT_SSL_CAPATH: "/certs" })).caFolder).toBe("/certs");
    expect((await network({ GIT_SSL_CAPATH: "certs" })).caFolder).toBeUndefined();
  });

  it("says when certificates were not to be checked, which does not apply", async () => {
    expect((await network({ GIT_SSL_NO_VERIFY: "1" })).sslVerifyIgnored).toBe(true);
    await configure(`[http "https://api.bitbucket.org"]\n sslVerify = false`);
    expect((await network()).sslVerifyIgnored).toBe(true);
    expect((await network({}, "https://api.example")).sslVerifyIgnored).toBe(false);
  });
});
