// Logins of Git Credential Manager in its plain-text store: ~/.gcm/store/NAMESPACE/https/HOST/USER.credential, whose
// first line is the secret, followed by service= and account=.
import { readdir } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Environment } from "../../outside.ts";
import type { ConfigFile } from "./git-configs.ts";
import { managerLogin } from "./manager-service.ts";
import type { Place, Source } from "./place.ts";
import type { ReadText } from "../../files/read-text.ts";
import { removeFile } from "../../files/rewrite-file.ts";
import type { Shown } from "../../screen/home-path.ts";

/** @param configs may name another folder: credential.plaintextStorePath. Throws what reading a folder throws. */
export async function findInManagerFiles(
  configs: readonly ConfigFile[],
  env: Environment,
  shown: Shown,
  read: ReadText,
): Promise<readonly Source[]> {
  const root = storeRoot(configs, env);
  if (root === undefined) return [];
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    },
  );
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".credential"))
    .map(({ parentPath, name }) => join(parentPath, name));
  const sources = await Promise.all(files.map((path) => readCredential(path, shown, read)));
  return sources.flatMap((source) => source ?? []);
}

function storeRoot(configs: readonly ConfigFile[], env: Environment): string | undefined {
  const home = env["HOME"];
  const configured = configs
    .flatMap(({ entries }) => entries)
    .findLast(({ key }) => key === "credential.plaintextstorepath")?.value;
  const named = env["GCM_PLAINTEXT_STORE_PATH"] || configured;
  if (named !== undefined) return isAbsolute(named) ? named : undefined;
  return home !== undefined && isAbsolute(home) ? join(home, ".gcm", "store") : undefined;
}

async function readCredential(
  path: string,
  shown: Shown,
  read: ReadText,
): Promise<Source | undefined> {
  const [secret = "", ...lines] = Buffer.from(read(path) ?? "", "latin1")
    .toString("utf8")
    .split(/\r?\n/u);
  const attribute = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
  const login = managerLogin(attribute("service") ?? "", attribute("account"), secret);
  if (login === undefined) return undefined;
  const place: Place = { at: "", ...login };
  return {
    group: "manager",
    title: shown(path),
    path,
    hasBackups: true,
    places: [place],
    take: async () => ({ done: ["deleted"], backup: await removeFile(path) }),
  };
}
