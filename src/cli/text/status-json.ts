// The answer of `status --json` for programs. Members are added in later versions, never renamed or given another meaning.
import { type Account, accountState } from "../../accounts/account.ts";
import { isDoubtful } from "../../accounts/refusals.ts";
import type { Problem } from "../../accounts/problems.ts";
import type { Status, AccountStatus } from "../../flows/status.ts";
import { commandOfKey } from "../../secrets/stores/command-key.ts";
import { jsonText } from "../../screen/json-text.ts";

/**
 * One object and a line feed:
 *
 *     version       1
 *     locked        whether secrets are locked: git gets none then, and no account works
 *     accounts      [{ name, kind, host, scope, gitUsername, username, email, store, state, scopes, created, validated,
 *                      checked, expires, learned, doubtful, works, problems, check }]
 *     environment   { variable, kind, works, problems, check }, or null without BITBUCKET_TOKEN
 *     store         { name, chosen, problems }: where a new secret would go, whether a setting says so, and
 *                   why it could not go there
 *     reached       whether the last check of an account got as far as Bitbucket; true when there was none
 *
 * kind is api-token, access-token, oauth-token, app-password, data-center-token or unknown. scope is { level } with
 * workspace, project and repository as the level (host, workspace, project, repository) has them. state is approved,
 * unverified, rejected or expired. learned is there only for a login that git reported: { username, path }, exactly what it
 * answers for; command only where one prints the token: its program and arguments. doubtful: git was refused with it 3 times within 10 minutes, and Bitbucket could not be asked. Instants are
 * ISO 8601. problems are [{ message, next, fatal }], next a command or null;
 * works is false when one of them is fatal. check is what --check found (valid, lacks-scope, rejected, unknown), else null.
 * What is not known is null. There is never anything of a secret.
 *
 * @param now milliseconds since 1970.
 */
export function statusJson(status: Status, locked: boolean, now: number): string {
  const { accounts, environment, store } = status;
  const answer = {
    version: 1,
    locked,
    accounts: accounts.map((account) => accountStatusJson(account, now)),
    environment:
      environment === undefined
        ? null
        : {
            variable: "BITBUCKET_TOKEN",
            kind: environment.kind,
            ...problemsJson(environment.problems),
            check: environment.outcome ?? null,
          },
    store: {
      name: store.name,
      chosen: store.setBy !== undefined,
      problems: problemsJson(store.problems).problems,
    },
    reached: status.checksOff === undefined,
  };
  return jsonText(answer);
}

function accountStatusJson({ account, problems, outcome }: AccountStatus, now: number) {
  return { ...accountJson(account, now), ...problemsJson(problems), check: outcome ?? null };
}

function accountJson(account: Account, now: number) {
  const { name, kind, host, scope, gitUsername, store, created } = account;
  const command = commandOfKey(account.secretKey);
  return {
    name,
    kind,
    host,
    scope,
    gitUsername,
    username: account.username ?? null,
    email: account.email ?? null,
    store,
    ...(command !== undefined && { command }),
    state: accountState(account, now),
    scopes: account.scopes ?? null,
    created,
    validated: account.validated ?? null,
    checked: account.checked ?? null,
    expires: account.expires ?? null,
    doubtful: isDoubtful(account, now),
    ...(account.learned !== undefined && { learned: { path: null, ...account.learned } }),
  };
}

function problemsJson(problems: readonly Problem[]) {
  return {
    works: !problems.some(({ fatal }) => fatal),
    problems: problems.map(({ message, next, fatal }) => ({ message, next: next ?? null, fatal })),
  };
}
