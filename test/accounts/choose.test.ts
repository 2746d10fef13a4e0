import { describe, expect, test } from "vitest";
import type { Account } from "../../src/accounts/account.ts";
import type { Miss } from "../../src/accounts/choice.ts";
import { chooseAccount } from "../../src/accounts/choose.ts";
import type { Request } from "../../src/protocol/request.ts";
import {
  exampleAccount,
  exampleRequest as request,
  inProject,
  inRepository,
  inWorkspace,
} from "./example-account.ts";

const now = Date.parse("2026-06-01T00:00:00.000Z");

const rejected = { state: "rejected" } as const;
const expired = { expires: "2026-05-31T00:00:00.000Z" } as const;

// The people and robots of the tables below.
const accounts = {
  alice: exampleAccount({ name: "work", username: "alice", email: "alice@example.com" }),
  bob: exampleAccount({ name: "home", username: "bob", email: "bob@example.com" }),
  anyone: exampleAccount({ name: "anyone" }),
  acme: exampleAccount({ name: "acme", kind: "access-token", scope: inWorkspace("acme") }),
  acmeUser: exampleAccount({ name: "acme-user", scope: inWorkspace("Acme") }),
  other: exampleAccount({ name: "other", kind: "access-token", scope: inWorkspace("other") }),
  api: exampleAccount({ name: "api", kind: "access-token", scope: inRepository("acme", "api") }),
  apiToo: exampleAccount({
    name: "api-2",
    kind: "access-token",
    scope: inRepository("acme", "API"),
  }),
  web: exampleAccount({ name: "web", kind: "access-token", scope: inRepository("acme", "web") }),
  inside: exampleAccount({
    name: "core",
    kind: "access-token",
    scope: inProject("acme", "CORE"),
    projectRepositories: { "acme/api": true },
  }),
  outside: exampleAccount({
    name: "ops",
    kind: "access-token",
    scope: inProject("acme", "OPS"),
    projectRepositories: { "acme/api": false },
  }),
  perhaps: exampleAccount({ name: "lab", kind: "access-token", scope: inProject("acme", "LAB") }),
  perhapsToo: exampleAccount({
    name: "lab-2",
    kind: "access-token",
    scope: inProject("acme", "LAB2"),
  }),
  oauth: exampleAccount({ name: "app", kind: "oauth-token", gitUsername: "x-token-auth" }),
  opaque: exampleAccount({ name: "opaque", kind: "unknown", gitUsername: "carol" }),
  elsewhere: exampleAccount({ name: "elsewhere", host: "bitbucket.example:8443" }),
} satisfies Record<string, Account>;

type Who = keyof typeof accounts;
type Row = readonly [title: string, who: readonly Who[], asked: Partial<Request>, outcome: string];

function outcomeOf(who: readonly Account[], asked: Partial<Request>): string {
  const choice = chooseAccount(request(asked), who, now);
  if (choice.account === undefined) return choice.miss;
  return `${choice.account.name}${choice.uncertainProject === true ? "?" : ""}: ${choice.because}`;
}

describe("chooseAccount", () => {
  test.each<Row>([
    ["nothing there", [], {}, "no-account"],
    ["another host", ["elsewhere"], {}, "no-account"],
    [
      "the other host itself",
      ["elsewhere", "alice"],
      { host: "bitbucket.example:8443" },
      "elsewhere: every repository",
    ],
    ["www", ["alice"], { host: "www.bitbucket.org" }, "work: every repository"],
    ["a subdomain", ["alice"], { host: "api.bitbucket.org" }, "no-account"],
    // the closest scope
    ["host", ["alice"], {}, "work: every repository"],
    ["workspace before host", ["alice", "acme"], {}, "acme: workspace acme"],
    ["project before workspace", ["alice", "acme", "inside"], {}, "core: project acme/CORE"],
    [
      "repository before project",
      ["acme", "inside", "api", "alice"],
      {},
      "api: repository acme/api",
    ],
    ["whatever the order", ["api", "alice", "inside", "acme"], {}, "api: repository acme/api"],
    ["another repository", ["web"], {}, "no-account"],
    ["another workspace", ["other"], {}, "no-account"],
    ["others beside", ["web", "other", "elsewhere", "alice"], {}, "work: every repository"],
    ["slugs fold", ["api"], { path: "ACME/Api" }, "api: repository acme/api"],
    ["slugs of accounts fold", ["acmeUser", "alice"], {}, "acme-user: workspace Acme"],
    ["a repository as prefix of another", ["api"], { path: "acme/api2" }, "no-account"],
    ["a workspace as prefix of another", ["acme"], { path: "acme2/api" }, "no-account"],
    // parts of a repository
    ["wiki", ["api", "alice"], { path: "acme/api.git/wiki" }, "api: repository acme/api"],
    [
      "LFS",
      ["api", "alice"],
      { path: "acme/api.git/info/lfs/objects/batch" },
      "api: repository acme/api",
    ],
    [
      "snippets belong to workspaces",
      ["api", "inside", "perhaps", "acme"],
      { path: "snippets/acme/x1" },
      "acme: workspace acme",
    ],
    [
      "snippets and no workspace",
      ["api", "inside", "perhaps"],
      { path: "snippets/acme/x1" },
      "no-account",
    ],
    [
      "snippets of the host",
      ["api", "alice"],
      { path: "snippets/acme/x1.git" },
      "work: every repository",
    ],
    // paths that name nothing
    ["dots", ["alice"], { path: "acme/../other" }, "odd-path"],
    ["one segment", ["alice"], { path: "acme" }, "odd-path"],
    ["a line separator", ["alice"], { path: "acme/api\u{2028}" }, "odd-path"],
    // projects
    ["inside goes before perhaps", ["perhaps", "inside"], {}, "core: project acme/CORE"],
    ["outside is out", ["outside"], {}, "no-account"],
    ["outside, and the workspace", ["outside", "acme"], {}, "acme: workspace acme"],
    ["perhaps", ["perhaps"], {}, "lab?: project acme/LAB, if acme/api is inside"],
    [
      "perhaps goes before workspace",
      ["acme", "perhaps", "outside"],
      {},
      "lab?: project acme/LAB, if acme/api is inside",
    ],
    ["perhaps goes behind repository", ["perhaps", "api"], {}, "api: repository acme/api"],
    ["perhaps in its workspace only", ["perhaps"], { path: "other/api" }, "no-account"],
    ["two perhaps", ["perhaps", "perhapsToo", "acme"], {}, "uncertain-projects"],
    [
      "two perhaps and one inside",
      ["perhaps", "perhapsToo", "inside"],
      {},
      "core: project acme/CORE",
    ],
    // several alike
    ["two of the host", ["alice", "bob"], {}, "ambiguous"],
    ["two of the host, one of the workspace", ["alice", "bob", "acme"], {}, "acme: workspace acme"],
    ["two of a repository hide the wider ones", ["api", "apiToo", "alice"], {}, "ambiguous"],
    ["two of a workspace", ["acme", "acmeUser"], {}, "ambiguous"],
    // users
    [
      "its username",
      ["alice", "bob"],
      { username: "alice" },
      "work: named by the request, every repository",
    ],
    [
      "its name",
      ["alice", "bob"],
      { username: "home" },
      "home: named by the request, every repository",
    ],
    [
      "its email",
      ["alice", "bob"],
      { username: "bob@example.com" },
      "home: named by the request, every repository",
    ],
    [
      "in another case",
      ["alice", "bob"],
      { username: "ALICE" },
      "work: named by the request, every repository",
    ],
    ["a look-alike", ["alice"], { username: "\u{430}lice" }, "other-users"],
    [
      "its git username",
      ["alice", "api"],
      { username: "x-token-auth" },
      "api: named by the request, repository acme/api",
    ],
    [
      "the git username of two",
      ["alice", "bob"],
      { username: "x-bitbucket-api-token-auth" },
      "ambiguous",
    ],
    ["somebody else", ["alice", "bob"], { username: "mallory" }, "other-users"],
    [
      "an access token serves any",
      ["alice", "api"],
      { username: "mallory" },
      "api: repository acme/api",
    ],
    [
      "an API token of nobody known too",
      ["alice", "anyone"],
      { username: "mallory" },
      "anyone: every repository",
    ],
    [
      "an OAuth token of nobody known too",
      ["alice", "oauth"],
      { username: "mallory" },
      "app: every repository",
    ],
    [
      "the named one goes before the closer one",
      ["alice", "api"],
      { username: "alice" },
      "work: named by the request, every repository",
    ],
    ["named, but for another workspace", ["other", "alice"], { username: "other" }, "other-users"],
    [
      "named, but it does not cover the path",
      ["other", "acme"],
      { username: "other" },
      "acme: workspace acme",
    ],
    ["nobody asked for", ["alice", "bob", "api"], { username: "" }, "api: repository acme/api"],
    [
      "unknown kind, its own username",
      ["opaque"],
      { username: "carol" },
      "opaque: named by the request, every repository",
    ],
    ["unknown kind, another username", ["opaque"], { username: "dave" }, "other-users"],
    ["unknown kind, no username", ["opaque"], {}, "opaque: every repository"],
    // no path
    [
      "no path, one of the host",
      ["alice", "api", "acme"],
      { path: undefined },
      "work: every repository",
    ],
    [
      "no path, a single repository token",
      ["api"],
      { path: undefined },
      "api: the only account that fits, git sent no path",
    ],
    ["empty path", ["api"], { path: "" }, "api: the only account that fits, git sent no path"],
    ["no path, several", ["api", "web"], { path: undefined }, "ambiguous"],
    ["no path, two of the host", ["alice", "bob", "api"], { path: undefined }, "ambiguous"],
    [
      "no path, named",
      ["api", "web"],
      { path: undefined, username: "web" },
      "web: named by the request, the only account that fits, git sent no path",
    ],
    [
      "no path, other users",
      ["alice", "bob"],
      { path: undefined, username: "mallory" },
      "other-users",
    ],
    ["no path, another host", ["elsewhere"], { path: undefined }, "no-account"],
  ])("%s", (_title, who, asked, outcome) => {
    expect(
      outcomeOf(
        who.map((name) => accounts[name]),
        asked,
      ),
    ).toBe(outcome);
  });

  test.each<[string, Account[], Partial<Request>, string]>([
    [
      "a dead one when nothing else fits",
      [{ ...accounts.api, ...rejected }],
      {},
      "api: repository acme/api",
    ],
    ["an expired one likewise", [{ ...accounts.alice, ...expired }], {}, "work: every repository"],
    [
      "the living one, though it is wider",
      [{ ...accounts.api, ...rejected }, accounts.alice],
      {},
      "work: every repository",
    ],
    [
      "the living one, though the dead one is named",
      [{ ...accounts.alice, ...expired }, accounts.api],
      { username: "alice" },
      "api: repository acme/api",
    ],
    [
      "the living one of two alike",
      [{ ...accounts.alice, ...rejected }, accounts.bob],
      {},
      "home: every repository",
    ],
    [
      "not a living one of another user",
      [{ ...accounts.alice, ...rejected }, accounts.bob],
      { username: "alice" },
      "work: named by the request, every repository",
    ],
    [
      "not a living one of another repository",
      [{ ...accounts.api, ...rejected }, accounts.web],
      {},
      "api: repository acme/api",
    ],
    [
      "a living one of a project, perhaps",
      [{ ...accounts.api, ...rejected }, accounts.perhaps],
      {},
      "lab?: project acme/LAB, if acme/api is inside",
    ],
    [
      "none of two dead ones",
      [
        { ...accounts.alice, ...rejected },
        { ...accounts.bob, ...expired },
      ],
      {},
      "all-dead",
    ],
    [
      "none of two dead ones without a path",
      [
        { ...accounts.api, ...rejected },
        { ...accounts.web, ...expired },
      ],
      { path: undefined },
      "all-dead",
    ],
    [
      "none of two dead ones of projects",
      [
        { ...accounts.perhaps, ...rejected },
        { ...accounts.perhapsToo, ...rejected },
      ],
      {},
      "all-dead",
    ],
    [
      "none of two living ones beside a dead one",
      [{ ...accounts.api, ...rejected }, accounts.alice, accounts.bob],
      {},
      "ambiguous",
    ],
    [
      "an unverified one as any living one",
      [{ ...accounts.alice, state: "unverified" }],
      {},
      "work: every repository",
    ],
    [
      "an app password as a dead one",
      [
        exampleAccount({ name: "old", kind: "app-password", scope: inRepository("acme", "api") }),
        accounts.alice,
      ],
      {},
      "work: every repository",
    ],
    [
      "an app password that is alone",
      [exampleAccount({ name: "old", kind: "app-password" })],
      {},
      "old: every repository",
    ],
  ])("takes %s", (_title, list, asked, outcome) => {
    expect(outcomeOf(list, asked)).toBe(outcome);
  });

  test.each<[Miss, readonly Who[], Partial<Request>, object]>([
    ["no-account", ["web"], {}, { because: "no account covers acme/api" }],
    [
      "no-account",
      [],
      { path: "snippets/acme/x" },
      { because: "no account covers snippets of acme" },
    ],
    ["no-account", [], { path: undefined }, { because: "no account covers this host" }],
    [
      "odd-path",
      ["alice"],
      { path: "x" },
      { because: "the path names no repository of bitbucket" },
    ],
    [
      "other-users",
      ["alice"],
      { username: "eve" },
      { because: "every account for acme/api belongs to another user" },
    ],
    [
      "ambiguous",
      ["alice", "bob"],
      {},
      {
        because: "'work' and 'home' fit alike, name one in the url: https://NAME@bitbucket.org/…",
        candidates: [accounts.alice, accounts.bob],
      },
    ],
    [
      "ambiguous",
      ["api", "web"],
      { path: undefined },
      {
        because: "'api' and 'web' fit alike, because git sent no path (useHttpPath is off)",
        candidates: [accounts.api, accounts.web],
        hint: "git credential-bitbucket configure",
      },
    ],
    [
      "uncertain-projects",
      ["perhaps", "acme", "perhapsToo"],
      {},
      {
        because: "nobody knows yet whose project holds it: 'lab' and 'lab-2'",
        candidates: [accounts.perhaps, accounts.perhapsToo],
        probe: [accounts.perhaps, accounts.perhapsToo],
        hint: "git -c credential.username=lab fetch",
      },
    ],
  ])("says why: %s of %j", (miss, who, asked, details) => {
    const choice = chooseAccount(
      request(asked),
      who.map((name) => accounts[name]),
      now,
    );
    expect(choice).toEqual({ account: undefined, miss, ...details });
  });

  test("names a few of many", () => {
    const many = Array.from({ length: 8 }, (_, index) => exampleAccount({ name: `a${index}` }));
    expect(chooseAccount(request(), many, now).because).toMatch(
      /^'a0', 'a1', 'a2', 'a3', 'a4' and 3 more fit alike/u,
    );
  });

  test("repeats nothing of a hostile request", () => {
    const hostile = { username: "\u{1b}[31mEVE", path: "acme/\u{1b}[31mEVE", host: "\u{1b}EVE" };
    for (const key of ["username", "path", "host"] as const) {
      const asked = request({ [key]: hostile[key] });
      expect(chooseAccount(asked, [accounts.alice], now).because).not.toContain("EVE");
    }
  });
});

describe("a doubtful account", () => {
  const before = new Date(now - 60_000).toISOString();
  const doubtful = { refusals: [before, before, before] };
  const api = { ...accounts.api, ...doubtful };
  const choose = (who: readonly Account[], asked: Partial<Request> = {}) => {
    const { account, because } = chooseAccount(request(asked), who, now);
    return [account?.name, because];
  };

  test.each<[string, readonly Account[], Partial<Request>, string | undefined, string]>([
    ["answers alone", [api], {}, "api", "repository acme/api, though it is doubtful"],
    [
      "comes behind a wider one",
      [api, accounts.bob],
      {},
      "home",
      "every repository, since account 'api' is doubtful",
    ],
    [
      "comes behind another than the one named",
      [{ ...accounts.alice, ...doubtful }, accounts.anyone],
      { username: "alice" },
      "anyone",
      "every repository, since account 'work' is doubtful",
    ],
    [
      "leaves the answer to the one that it was alike with",
      [{ ...accounts.alice, ...doubtful }, accounts.bob],
      {},
      "home",
      "every repository, since another is doubtful",
    ],
    [
      "goes before those that cannot be served",
      [api, { ...accounts.acme, ...rejected }, { ...accounts.bob, ...expired }],
      {},
      "api",
      "repository acme/api, though it is doubtful",
    ],
    [
      "answers where the others are alike",
      [api, accounts.alice, accounts.bob],
      {},
      "api",
      "repository acme/api, though it is doubtful",
    ],
    [
      "answers as before where all are doubtful",
      [api, { ...accounts.bob, ...doubtful }],
      {},
      "api",
      "repository acme/api, though it is doubtful",
    ],
    [
      "is no reason where another answers anyway",
      [accounts.api, { ...accounts.bob, ...doubtful }],
      {},
      "api",
      "repository acme/api",
    ],
    [
      "that cannot be served is none",
      [{ ...api, ...rejected }, accounts.bob],
      {},
      "home",
      "every repository",
    ],
  ])("%s", (_title, who, asked, name, because) => {
    expect(choose(who, asked)).toEqual([name, because]);
  });
});
