// Logins in netrc files, from which git takes them before it asks any helper: curl reads them for it.
import { isAbsolute, join } from "node:path";
import { accountHost, ownHosts } from "../../servers/servers.ts";
import { foldAscii } from "../../servers/repository-path.ts";
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
  note: (text: string) => void,
): Promise<readonly Source[]> {
  const home = env["HOME"];
  if (home === undefined || !isAbsolute(home)) return [];
  const sources = await Promise.all(
    [".netrc", "_netrc"].map((name) => readNetrc(join(home, name), shown, read, note)),
  );
  return sources.flatMap((source) => source ?? []);
}

async function readNetrc(
  path: string,
  shown: Shown,
  read: ReadText,
  note: (text: string) => void,
): Promise<Source | undefined> {
  const text = read(path) ?? "";
  const entries = parseNetrc(text);
  for (const entry of entries.filter(isLeft)) note(leftNote(path, entry, shown));
  const places = entries.flatMap((entry) => placeOf(entry) ?? []);
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

/** Its password may be another host's, or git does not use it: what it is worth is not asked, and it stays. */
function isLeft({ machine, isClear }: NetrcEntry): boolean {
  const host = foldAscii(machine ?? "");
  return host === "api.bitbucket.org" || (!isClear && ownHosts.includes(host));
}

function leftNote(path: string, { line, isClear, machine }: NetrcEntry, shown: Shown): string {
  const why = isClear ? `is for ${foldAscii(machine ?? "")}, which git never asks` : "is unclear";
  return `${shown(path)}, line ${line}, ${why}: it is left, look at it yourself`;
}

function placeOf(entry: NetrcEntry): EntryPlace | undefined {
  const { machine, login, password, isClear } = entry;
  if (!isClear || password === undefined || password === "") return undefined;
  const secret = new Secret(toUtf8(password));
  // An entry for every machine is Bitbucket's when nobody else could have made its secret.
  const isOurs =
    machine === undefined
      ? recognise(secret) === "app-password"
      : ownHosts.includes(foldAscii(machine));
  if (!isOurs) return undefined;
  const pair = readPair(login === undefined ? undefined : toUtf8(login), toUtf8(password));
  const host = accountHost(foldAscii(machine ?? "bitbucket.org"));
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
