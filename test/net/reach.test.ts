// The program's own way to api.bitbucket.org: by git's settings and the environment, as a person has them.
import { describe, expect, test } from "vitest";
import { reachHarness } from "./reach-harness.ts";

const { rest, stand, login, said } = reachHarness();

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
    const { proxy } = await stand({ credentials: { user: "ada", password: "proxy-secret" } });
    const result = await login({ [proxySetting]: proxy.url, [caSetting]: rest.ca.file });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(said(result)).not.toMatch(/could not be checked|proxy-secret/u);
    expect(proxy.targets).toEqual(["api.bitbucket.org:443"]);
  });

  test.each([
    ["nobody named the authority", {}, "is not trusted"],
    ["the authority's file is not there", { "http.sslCAInfo": "/nowhere/ca.pem" }, "ENOENT"],
  ])("%s: said, and the token is kept", async (_what, settings, because) => {
    const { proxy } = await stand();
    const result = await login({ "http.proxy": proxy.url, ...settings });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(said(result)).toContain("could not be checked");
    expect(said(result)).toContain(because);
  });

  test("the proxy says nothing: the program ends by itself", async () => {
    const { proxy } = await stand({ answer: () => {} });
    const settings = { "http.proxy": proxy.url, "credential.bitbucketTimeout": "1" };
    const result = await login(settings);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(said(result)).toContain("bitbucket did not answer within 1 s");
  });

  test("the proxy wants other credentials: said without them", async () => {
    const { proxy } = await stand({ credentials: { user: "ada", password: "right" } });
    const url = `http://ada:wrong-secret@127.0.0.1:${proxy.port}`;
    const result = await login({ "http.proxy": url });
    expect(said(result)).toContain("wants other credentials (407)");
    expect(said(result)).not.toContain("wrong-secret");
  });
});
