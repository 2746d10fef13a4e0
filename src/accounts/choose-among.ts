// Those accounts of a person's that fit a request, and the one of them that is closest. docs/design.md, "Accounts and their choice".
import { accountHost } from "../servers/servers.ts";
import type { RepositoryPath } from "../servers/repository-path.ts";
import { shellWord } from "../screen/shell-word.ts";
import { type Account, isDead, scopeText } from "./account.ts";
import { type Choice, type Missed, missed } from "./choice.ts";
import { type Fit, fitOf, fits, isNamedBy, servesAnyUser } from "./match.ts";
import type { Target } from "./target.ts";

/**
 * Those that the request's user names go before those that serve any user, then the closest scope counts.
 * An account that cannot be served (rejected, expired, dead kind) is chosen only when no other fits: say why, do not serve it.
 * @param now milliseconds since 1970.
 */
export function chooseAmong(target: Target, accounts: readonly Account[], now: number): Choice {
  const { host, place: path, user } = target;
  if (path === "odd") return missed("odd-path", "the path names no repository of bitbucket");
  const covering = accounts.filter(
    (account) =>
      accountHost(account.host) === host &&
      (path === undefined || fitOf(account, path) !== undefined),
  );
  if (covering.length === 0) return missed("no-account", `no account covers ${pathText(path)}`);
  const group = firstGroup(covering, user, now);
  if (group === undefined)
    return missed("other-users", `every account for ${pathText(path)} belongs to another user`);
  return path === undefined ? pickWithoutPath(group) : pickClosest(group, path);
}

const namesShown = 5; // a line of a terminal

interface Group {
  readonly members: readonly Account[];
  readonly alive: boolean;
  readonly named: boolean;
}

function firstGroup(
  accounts: readonly Account[],
  asked: string | undefined,
  now: number,
): Group | undefined {
  for (const alive of [true, false]) {
    const pool = accounts.filter((account) => isDead(account, now) !== alive);
    const named = pool.filter((account) => asked !== undefined && isNamedBy(account, asked));
    if (named.length > 0) return { members: named, alive, named: true };
    const any = pool.filter((account) => asked === undefined || servesAnyUser(account));
    if (any.length > 0) return { members: any, alive, named: false };
  }
  return undefined;
}

function pickClosest(group: Group, path: RepositoryPath): Choice {
  for (const fit of fits) {
    const alike = group.members.filter((account) => fitOf(account, path) === fit);
    const [only] = alike;
    if (only === undefined) continue;
    if (alike.length > 1) return pickNone(group, alike, fit);
    const because = reason(group, scopeText(only.scope));
    if (fit !== "perhaps") return { account: only, because };
    return {
      account: only,
      because: `${because}, if ${pathText(path)} is inside`,
      uncertainProject: true,
    };
  }
  throw new Error("a group covers its path");
}

// A single account is served whatever it covers: its owner has nothing else, and git says no more than the host.
function pickWithoutPath(group: Group): Choice {
  const wide = group.members.filter(({ scope }) => scope.level === "host");
  const alike = wide.length > 0 ? wide : group.members;
  const [only] = alike;
  if (only === undefined) throw new Error("a group has members");
  if (alike.length === 1) {
    const because =
      wide.length > 0 ? scopeText(only.scope) : "the only account that fits, git sent no path";
    return { account: only, because: reason(group, because) };
  }
  return pickNone(group, alike, wide.length > 0 ? "host" : undefined);
}

function pickNone(group: Group, alike: readonly Account[], fit: Fit | undefined): Missed {
  const names = nameList(alike);
  if (!group.alive) return missed("all-dead", `${names} fit alike, and none of them can be served`);
  if (fit === "perhaps") {
    const because = `nobody knows yet whose project holds it: ${names}`;
    const hint = `git -c credential.username=${shellWord(alike[0]?.name ?? "")} fetch`;
    return { ...missed("uncertain-projects", because), candidates: alike, probe: alike, hint };
  }
  if (fit !== undefined)
    return {
      ...missed(
        "ambiguous",
        `${names} fit alike, name one in the url: https://NAME@bitbucket.org/…`,
      ),
      candidates: alike,
    };
  return {
    ...missed("ambiguous", `${names} fit alike, because git sent no path (useHttpPath is off)`),
    candidates: alike,
    hint: "git credential-bitbucket configure",
  };
}

function reason(group: Group, because: string): string {
  return group.named ? `named by the request, ${because}` : because;
}

function nameList(accounts: readonly Account[]): string {
  const names = accounts.slice(0, namesShown).map(({ name }) => `'${name}'`);
  const others = accounts.length - names.length;
  return others > 0 ? `${names.join(", ")} and ${others} more` : names.join(" and ");
}

function pathText(path: RepositoryPath | undefined): string {
  if (path === undefined) return "this host";
  return path.repository === undefined
    ? `snippets of ${path.workspace}`
    : `${path.workspace}/${path.repository}`;
}
