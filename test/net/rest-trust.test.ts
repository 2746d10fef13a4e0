// Whom the REST client trusts: real certificates of a private authority, good and bad.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import tls from "node:tls";
import { dir } from "tmp-promise";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makePrivateCa } from "../support/private-ca.ts";
import { always } from "../servers/cloud/local-api.ts";
import { answered, restHarness } from "./rest-harness.ts";

const rest = restHarness();

/** Node asks for it at each connection. */
const blind = "NODE_TLS_REJECT_UNAUTHORIZED";
afterEach(() => {
  delete process.env[blind];
});

describe.each(["1", "0"])(`trust, with ${blind}=%s`, (verify) => {
  beforeEach(() => {
    process.env[blind] = verify;
  });

  test("an authority that nobody named", async () => {
    const api = await rest.serve(always(200));
    expect(await rest.get({ apiUrl: api.url, caFiles: [] })).toMatchObject({
      failure: "tls",
      because: expect.stringMatching(/is not trusted \(\w+\)$/u) as string,
    });
    expect(api.requests).toEqual([]);
  });

  test("another authority of the same name", async () => {
    const other = await dir({ unsafeCleanup: true });
    rest.after(other.cleanup);
    const stranger = await (await makePrivateCa(other.path)).issue(["IP:127.0.0.1"]);
    const api = await rest.serve(always(200), stranger);
    expect(await rest.get({ apiUrl: api.url })).toMatchObject({ failure: "tls" });
    expect(api.requests).toEqual([]);
  });

  test("a certificate that has expired", async () => {
    const api = await rest.serve(always(200), await rest.ca.issue(["IP:127.0.0.1"], -1));
    expect(await rest.get({ apiUrl: api.url })).toMatchObject({
      failure: "tls",
      because: expect.stringContaining("has expired") as string,
    });
    expect(api.requests).toEqual([]);
  });

  test.each([["DNS:api.bitbucket.org"], ["DNS:127.0.0.1"], ["IP:127.0.0.2"]])(
    "a certificate for %s",
    async (name) => {
      const api = await rest.serve(always(200), await rest.ca.issue([name]));
      expect(await rest.get({ apiUrl: api.url })).toMatchObject({
        failure: "tls",
        because: expect.stringContaining("is for another name") as string,
      });
      expect(api.requests).toEqual([]);
    },
  );

  test("a server with plain http behind an https URL", async () => {
    const api = await rest.serve(always(200), null);
    const result = await rest.get({ apiUrl: `https://127.0.0.1:${api.port}` });
    expect(result).toMatchObject({ failure: "tls" });
    expect(api.requests).toEqual([]);
  });

  test("a server that speaks nothing newer than TLS 1.1, where Node is told to take it", async () => {
    const { DEFAULT_CIPHERS, DEFAULT_MIN_VERSION } = tls;
    const ciphers = "DEFAULT:@SECLEVEL=0";
    // What --tls-min-v1.0 and --tls-cipher-list in NODE_OPTIONS do.
    Object.assign(tls, { DEFAULT_CIPHERS: ciphers, DEFAULT_MIN_VERSION: "TLSv1" });
    try {
      const old = { ...rest.certificate, ciphers, minVersion: "TLSv1", maxVersion: "TLSv1.1" };
      const api = await rest.serve(always(200), old);
      expect(await rest.get({ apiUrl: api.url })).toMatchObject({ failure: "tls" });
      expect(api.requests).toEqual([]);
    } finally {
      Object.assign(tls, { DEFAULT_CIPHERS, DEFAULT_MIN_VERSION });
    }
  });

  test("several files, the same one twice", async () => {
    const api = await rest.serve(always(200));
    const many = join(rest.folder, "many.pem");
    await writeFile(many, tls.rootCertificates.slice(0, 3).join("\n"));
    const result = await rest.get({ apiUrl: api.url, caFiles: [many, rest.ca.file, rest.ca.file] });
    expect(answered(result).status).toBe(200);
  });

  test.each([
    ["absent.pem", undefined, "cannot be read (ENOENT)"],
    ["empty.pem", "", "holds no certificate"],
    ["text.pem", "hello", "holds no certificate"],
    [
      "damaged.pem",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
      "holds a damaged certificate",
    ],
  ])("the file %s is named", async (name, content, reason) => {
    const api = await rest.serve(always(200));
    const file = join(rest.folder, name);
    if (content !== undefined) await writeFile(file, content);
    expect(await rest.get({ apiUrl: api.url, caFiles: [rest.ca.file, file] })).toEqual({
      failure: "certificates",
      because: `the CA file ${file} ${reason}`,
    });
    expect(api.connections()).toBe(0);
  });
});
