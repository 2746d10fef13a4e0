// Logins in netrc files, from which git takes them before it asks any helper: curl reads them for it.
import { isAbsolute, join } from "node:path";
import { accountHost, ownHosts } from "../../servers/servers.ts";
import { recognise } from "../../servers/token-kind.ts";
import type { Environment } from "../../outside.ts";
import { Secret } from "../../secret.ts";
import { readPair } from "./login-url.ts";
import { type NetrcEntry, parseNetrc, withoutEntries } from "./netrc.ts";
import type { Place, Source } from "./place.ts";
import type { ReadText } from "../../files/read-text.ts";
import { rewriteFile } from "../../files/rewrite-file.ts";
import type { Shown } from "../../screen/home-path.ts";

interface EntryPlace extends Place {
  readonly entry: NetrcEntry;
}

/** _netrc is the name on Windows; curl reads it elsewhere, too. */
export async function findInNetrc(
  env: Environment,
  shown: Shown,
  read: ReadText,
): Promise<readonly Source[]> {
  const home = env["HOME"];
  if (home === undefined || !isAbsolute(home)) return [];
  const sources = await Promise.all(
    [".netrc", "_netrc"].map((name) => readNetrc(join(home, name), shown, read)),
  );
  return sources.flatMap((source) => source ?? []);
}

async function readNetrc(path: string, shown: Shown, read: ReadText): Promise<Source | undefined> {
  const text = read(path) ?? "";
  const places = parseNetrc(text).flatMap((entry) => placeOf(entry) ?? []);
  if (places.length === 0) return undefined;
  return {
    group: "netrc",
    hasBackups: true,
    title: shown(path),
    path,
    places,
    take: async (some) => {
      const backup = await rewriteFile(path, (before) =>
        withoutEntries(before, matching(before, some)),
      );
      return { done: backup === undefined ? [] : some.map(({ at }) => `${at} is gone`), backup };
    },
  };
}

function placeOf(entry: NetrcEntry): EntryPlace | undefined {
  const { machine, login, password } = entry;
  if (password === undefined || password === "") return undefined;
  const secret = new Secret(toUtf8(password));
  // An entry for every machine is Bitbucket's when nobody else could have made its secret.
  const isOurs =
    machine === undefined
      ? recognise(secret) === "app-password"
      : ownHosts.includes(machine.toLowerCase());
  if (!isOurs) return undefined;
  const pair = readPair(login === undefined ? undefined : toUtf8(login), toUtf8(password));
  const host = accountHost(machine?.toLowerCase() ?? "bitbucket.org");
  return { at: `line ${entry.line}`, host, ...pair, entry };
}

/** The entries in the text as it is now; what changed since it was read stays. */
function matching(text: string, places: readonly Place[]): readonly NetrcEntry[] {
  const wanted = places.map((place) => (place as EntryPlace).entry);
  return parseNetrc(text).filter((entry) =>
    wanted.some(
      ({ machine, login, password }) =>
        machine === entry.machine && login === entry.login && password === entry.password,
    ),
  );
}

function toUtf8(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8");
}
