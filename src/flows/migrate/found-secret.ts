// One secret, however many places it lies in.
import { readTarget } from "../../accounts/target.ts";
import { foldAscii } from "../../servers/repository-path.ts";
import { tokenKinds } from "../../servers/token-kind.ts";
import type { RepositoryName } from "../../servers/repository-path.ts";
import type { Secret } from "../../secret.ts";
import type { Place, Source } from "./place.ts";

/** A place of a source. */
export interface FoundPlace {
  readonly source: Source;
  readonly place: Place;
}

export interface FoundSecret {
  readonly secret: Secret;
  readonly host: string;
  readonly places: readonly FoundPlace[];
  /** The person's, where a place names it: none of those that Bitbucket gives to kinds. */
  readonly username: string | undefined;
  /** The one git sent with it, which may tell the kind. */
  readonly gitUsername: string | undefined;
  /** Those it was kept for, where a place says so. */
  readonly repositories: readonly RepositoryName[];
  /** True when it lies in a file under version control, wherever else it lies. */
  readonly isPublic: boolean;
  /** True when it lies only where git copies what .gitmodules says. */
  readonly isCopied: boolean;
  /** True when nothing but the configuration of repositories has it: nobody says that it is the person's. */
  readonly isOfRepository: boolean;
  /** ISO 8601. */
  readonly expires: string | undefined;
}

/** @returns the secrets of all places, each once, in the order in which they were found. */
export function collectSecrets(sources: readonly Source[]): readonly FoundSecret[] {
  const groups: { secret: Secret; host: string; places: FoundPlace[] }[] = [];
  for (const source of sources) {
    for (const place of source.places) {
      const { secret, host } = place;
      if (secret === undefined) continue;
      const known = groups.find((group) => group.host === host && group.secret.equals(secret));
      if (known === undefined) groups.push({ secret, host, places: [{ source, place }] });
      else known.places.push({ source, place });
    }
  }
  return groups.map(describe);
}

function describe({
  secret,
  host,
  places,
}: Pick<FoundSecret, "secret" | "host" | "places">): FoundSecret {
  const logins = places.map(({ place }) => place);
  const usernames = logins.flatMap(({ username }) => username ?? []);
  const repositories = logins.flatMap(({ path }) => readTarget({ host, path }).repository ?? []);
  const unique = new Map(
    repositories.map((name) => [`${name.workspace}/${name.repository}`, name]),
  );
  return {
    secret,
    host,
    places,
    username: usernames.find((name) => !isOfKind(name)),
    gitUsername: usernames.find((name) => isOfKind(name)) ?? usernames[0],
    repositories: [...unique.values()],
    isPublic: places.some(({ source }) => source.isTracked === true),
    isCopied: places.every(({ place }) => place.isCopied === true),
    isOfRepository: places.every(({ source }) => source.isOfRepository === true),
    expires: logins.find(({ expires }) => expires !== undefined)?.expires,
  };
}

/** Bitbucket's own usernames belong to kinds of tokens. */
function isOfKind(username: string): boolean {
  return Object.values(tokenKinds).some(({ gitUsername }) => gitUsername === foldAscii(username));
}
