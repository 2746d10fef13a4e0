// As whom a REST call is made: BITBUCKET_TOKEN, an account that is named, or the one that git would get for the place in the
// address.
import { type Account, isDead } from "../../accounts/account.ts";
import { accountProblem } from "../../accounts/account-problem.ts";
import { chooseAccount } from "../../accounts/choose.ts";
import { isLearned } from "../../accounts/learned.ts";
import { readTarget, type Target } from "../../accounts/target.ts";
import { HelperError } from "../../errors.ts";
import { shellWord } from "../../screen/shell-word.ts";
import type { Secret } from "../../secret.ts";
import { readSecret } from "../../secrets/read.ts";
import { foldAscii } from "../../servers/repository-path.ts";
import { tokenKinds } from "../../servers/token-kind.ts";
import { serverOf, usualHost, usualServer } from "../../servers/servers.ts";
import type { Context } from "../context.ts";

export interface ApiIdentity {
  /** Value of the Authorization header. */
  readonly authorization: Secret;
  /** Undefined for BITBUCKET_TOKEN. */
  readonly account: string | undefined;
}

/**
 * @param path from /2.0/ on.
 * @param name of an account; the choice is by the path without it.
 * Throws HelperError `unknown-account` where none answers, or none of its tokens can be used for REST; what stores throw.
 */
export async function apiIdentity(
  path: string,
  name: string | undefined,
  context: Context,
): Promise<ApiIdentity> {
  const { environmentToken } = context;
  if (name === undefined && environmentToken !== undefined) {
    const authorization = usualServer.restAuthorization(environmentToken);
    if (authorization !== undefined) return { authorization, account: undefined };
    throw new HelperError("unknown-account", "BITBUCKET_TOKEN needs an email for the api", {
      hint: "export BITBUCKET_EMAIL=you@example.com",
    });
  }
  const accounts = await context.registry.read();
  const account = name === undefined ? chosen(path, accounts, context) : named(name, accounts);
  const problem = accountProblem(account, context.now());
  if (problem !== undefined && isDead(account, context.now()))
    throw new HelperError("unknown-account", problem.message, { hint: problem.hint });
  const secret = await readSecret(account, context);
  if (secret === undefined) {
    const message = `the secret of account '${account.name}' is not in its store`;
    throw new HelperError("unknown-account", message, { hint: renewal(account) });
  }
  const authorization = serverOf(account.host).restAuthorization({
    ...account,
    secret,
  });
  if (authorization !== undefined) return { authorization, account: account.name };
  if (account.kind === "api-token")
    throw new HelperError(
      "unknown-account",
      `account '${account.name}' has no email, which the api wants beside such a token`,
      { hint: `${renewal(account)} --email you@example.com` },
    );
  throw new HelperError(
    "unknown-account",
    `nobody knows how the api wants the token of account '${account.name}': its kind is ${tokenKinds[account.kind].title}`,
    { hint: renewal(account) },
  );
}

function renewal({ name }: Account): string {
  return `git credential-bitbucket login --account ${shellWord(name)}`;
}

function named(name: string, accounts: readonly Account[]): Account {
  const account = accounts.find((one) => one.name === name);
  if (account !== undefined) return account;
  throw new HelperError("unknown-account", `there is no account '${name}'`, {
    hint: "git credential-bitbucket status",
  });
}

function chosen(path: string, accounts: readonly Account[], { now }: Context): Account {
  // What git reported may be a stranger's: it goes to git's own server only.
  const own = accounts.filter((account) => !isLearned(account));
  const choice = chooseAccount(targetOf(path), own, now());
  if (choice.account !== undefined) return choice.account;
  const [candidate] = choice.candidates ?? [];
  throw new HelperError("unknown-account", choice.because, {
    hint:
      candidate === undefined
        ? "git credential-bitbucket login"
        : `git credential-bitbucket api --account ${shellWord(candidate.name)} …`,
  });
}

/** `/2.0/repositories/W/R/…` is about a repository, what else names a workspace about that, and `/2.0/user` about neither. */
function targetOf(path: string): Target {
  const [, resource = "", workspace, repository] =
    /^\/2\.0\/([^/?]+)(?:\/([^/?]+))?(?:\/([^/?]+))?/u.exec(path) ?? [];
  const host = { host: usualHost, username: undefined };
  if (resource === "repositories" && workspace !== undefined && repository !== undefined)
    return readTarget({ ...host, path: `${decoded(workspace)}/${decoded(repository)}` });
  const target = readTarget({ ...host, path: undefined });
  const isOfWorkspace = ["repositories", "workspaces", "snippets"].includes(resource);
  if (!isOfWorkspace || workspace === undefined) return target;
  return { ...target, place: { workspace: foldAscii(decoded(workspace)), part: "snippet" } };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
