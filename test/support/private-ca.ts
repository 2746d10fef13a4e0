// A private authority and server certificates of it, made at run time by openssl.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface ServerCertificate {
  /** PEM texts. */
  readonly key: string;
  readonly cert: string;
}

export interface PrivateCa {
  /** The authority's certificate, PEM. */
  readonly file: string;
  /**
   * @param names as in subjectAltName: `DNS:api.bitbucket.org`, `IP:127.0.0.1`.
   * @param days of life; a negative number is a certificate that has expired.
   */
  issue(names: readonly string[], days?: number): Promise<ServerCertificate>;
}

/** @param directory an empty one, for keys and certificates. */
export async function makePrivateCa(directory: string): Promise<PrivateCa> {
  const file = join(directory, "ca.pem");
  const key = join(directory, "ca.key");
  await openssl("req", "-x509", ...newKey(key), "-out", file, "-days", "2", "-subj", "/CN=Test CA");
  let count = 0;
  return {
    file,
    async issue(names, days = 1) {
      const path = join(directory, `server-${(count += 1)}`);
      const request = ["req", "-new", ...newKey(`${path}.key`), "-out", `${path}.csr`];
      await openssl(...request, "-subj", "/CN=server", "-addext", `subjectAltName=${names.join()}`);
      const sign = ["x509", "-req", "-in", `${path}.csr`, "-CA", file, "-CAkey", key];
      await openssl(
        ...sign,
        "-days",
        String(days),
        "-copy_extensions",
        "copy",
        "-out",
        `${path}.pem`,
      );
      return {
        key: await readFile(`${path}.key`, "utf8"),
        cert: await readFile(`${path}.pem`, "utf8"),
      };
    },
  };
}

function newKey(path: string): readonly string[] {
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path];
}

async function openssl(...args: readonly string[]): Promise<void> {
  await run("openssl", args, { env: { PATH: process.env["PATH"] } });
}
