// Logins in the files of git's helper `store`: one URL a line. git-credential-store(1).
import { realpath } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Environment } from "../../outside.ts";
import type { ConfigFile } from "./git-configs.ts";
import { parseLoginUrl } from "./login-url.ts";
import type { Place, Source } from "./place.ts";
import type { ReadText } from "../../files/read-text.ts";
import { rewriteFile } from "../../files/rewrite-file.ts";
import type { Shown } from "../../screen/home-path.ts";

interface LinePlace extends Place {
  readonly line: string;
}

/** @param configs may name further files: `credential.helper = store --file FILE`. */
export async function findInStoreFiles(
  configs: readonly ConfigFile[],
  env: Environment,
  shown: Shown,
  read: ReadText,
): Promise<readonly Source[]> {
  const paths = new Set<string>();
  for (const path of [...usualFiles(env), ...namedFiles(configs, env["HOME"])]) {
    // Two names of one file; the first one is shown.
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined && !(await isKnown(real, paths))) paths.add(path);
  }
  const sources = await Promise.all([...paths].map((path) => readStoreFile(path, shown, read)));
  return sources.flatMap((source) => source ?? []);
}

async function isKnown(real: string, paths: ReadonlySet<string>): Promise<boolean> {
  for (const path of paths) if ((await realpath(path)) === real) return true;
  return false;
}

function usualFiles(env: Environment): readonly string[] {
  const home = env["HOME"];
  if (home === undefined || !isAbsolute(home)) return [];
  const config = env["XDG_CONFIG_HOME"] || join(home, ".config");
  return [join(home, ".git-credentials"), join(config, "git", "credentials")];
}

function namedFiles(configs: readonly ConfigFile[], home: string | undefined): readonly string[] {
  return configs
    .flatMap(({ entries }) => entries)
    .flatMap(({ key, value }) => (/^credential\.(?:.+\.)?helper$/su.test(key) ? (value ?? []) : []))
    .flatMap((command) => fileOption(command) ?? [])
    .map((file) => (home === undefined ? file : file.replace(/^~(?=\/)/u, home)))
    .filter((file) => isAbsolute(file));
}

/** Git gives the command to a shell; what needs more of one than quotes is left alone. */
function fileOption(command: string): string | undefined {
  const [, option] =
    /^!?(?:(?:\S*\/)?git[- ]credential-)?store\s+(?:.*\s)?--file(?:=|\s+)("[^"$`\\]*"|'[^']*'|[^\s"'$`\\;&|<>()]+)/u.exec(
      command,
    ) ?? [];
  return option?.replace(/^(["'])(.*)\1$/su, "$2");
}

async function readStoreFile(
  path: string,
  shown: Shown,
  read: ReadText,
): Promise<Source | undefined> {
  const lines = (read(path) ?? "").split("\n");
  const places = lines.flatMap((line, index): readonly LinePlace[] => {
    // An editor on Windows ends lines with CRLF.
    const login = parseLoginUrl(line.replace(/\r$/u, ""));
    return login?.secret === undefined ? [] : [{ at: `line ${index + 1}`, ...login, line }];
  });
  if (places.length === 0) return undefined;
  return {
    group: "git-store",
    hasBackups: true,
    title: shown(path),
    path,
    places,
    take: async (some) => {
      const gone = new Set(some.map((place) => (place as LinePlace).line));
      const backup = await rewriteFile(path, (before) =>
        before
          .split(/(?<=\n)/u)
          .filter((line) => !gone.has(line.replace(/\n$/u, "")))
          .join(""),
      );
      return { done: backup === undefined ? [] : some.map(({ at }) => `${at} is gone`), backup };
    },
  };
}
