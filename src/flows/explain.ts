// What `get` would do for a request, without doing it: no store is opened, nobody is asked, nothing changes.
import { type Account, accountState, answerUsername } from "../accounts/account.ts";
import { accountProblem } from "../accounts/account-problem.ts";
import type { Chosen } from "../accounts/choice.ts";
import { chooseAccount } from "../accounts/choose.ts";
import { tokenKinds } from "../servers/token-kind.ts";
import type { Target } from "../accounts/target.ts";
import { isOurs, type Request } from "../protocol/request.ts";
import { shellWord } from "../screen/shell-word.ts";
import { environmentCredential, environmentTokenFor } from "./environment-credential.ts";
import { asksForToken } from "./get.ts";
import type { Context } from "./context.ts";
import type { EnvironmentToken } from "../settings/environment-token.ts";

/** Texts are for people. What does not apply is absent. */
export interface Explanation {
  /** False for a request that this helper never answers. */
  readonly ours: boolean;
  /** Name of the account that answers. */
  readonly account?: string;
  readonly because: string;
  /** What git is told as username; absent when git is told nothing. */
  readonly username?: string;
  /** What stands in the way. */
  readonly problem?: string;
  /** What would happen instead: a question, or nothing. */
  readonly otherwise?: "asks for a token" | "answers nothing";
  /** The next command. */
  readonly hint?: string | undefined;
  /** The command that gives the repository's workspace an account of its own, where one for every repository answers. */
  readonly another?: string;
}

/** Throws what the registry throws. */
export async function explain(
  request: Pick<Request, "protocol"> & Target,
  context: Context,
): Promise<Explanation> {
  if (!isOurs(request, context.settings.hosts)) return foreign(request);
  const token = environmentTokenFor(request, context);
  if (token !== undefined) return explainEnvironment(token, request);
  const choice = chooseAccount(request, await context.registry.read(), context.now());
  if (choice.account !== undefined)
    return {
      ...explainAccount(choice.account, choice.because, request, context),
      ...deadOf(choice, context),
    };
  const asks = asksForToken(choice.miss);
  return {
    ours: true,
    because: choice.because,
    otherwise: asks ? "asks for a token" : "answers nothing",
    ...((choice.hint ?? asks) && { hint: choice.hint ?? "git credential-bitbucket login" }),
  };
}

function foreign({ protocol }: Pick<Request, "protocol">): Explanation {
  return {
    ours: false,
    because:
      protocol === "https"
        ? "the host is not bitbucket.org and not in credential.bitbucketHosts"
        : "only https is answered: over anything else a token could be read on the way",
    otherwise: "answers nothing",
  };
}

function explainEnvironment(token: EnvironmentToken, target: Target): Explanation {
  const { credential, notes: [note] = [] } = environmentCredential(token, target);
  return {
    ours: true,
    because: "BITBUCKET_TOKEN goes before every account while it is set",
    ...(credential && { username: credential.username }),
    ...(note && { otherwise: "answers nothing", problem: note.message, hint: note.hint }),
  };
}

function explainAccount(
  account: Account,
  because: string,
  target: Target,
  context: Context,
): Explanation {
  const told = { ours: true, account: account.name, because, ...another(account, target) };
  const problem = accountProblem(account, context.now());
  const username = answerUsername(account, target);
  if (problem === undefined) return { ...told, username };
  const { message, hint } = problem;
  // Served unless Bitbucket rejects it.
  const isDead = ["rejected", "expired"].includes(accountState(account, context.now()));
  if (!isDead && tokenKinds[account.kind].usable)
    return { ...told, username, problem: message, hint };
  return { ...told, problem: message, otherwise: "asks for a token", hint };
}

/** A login that git reported answers in its place, and the person may want theirs back. */
function deadOf(
  { insteadOf }: Chosen,
  context: Context,
): Pick<Explanation, "problem" | "hint"> | undefined {
  const problem = insteadOf && accountProblem(insteadOf, context.now());
  return problem && { problem: problem.message, hint: problem.hint };
}

function another(
  { scope, learned }: Account,
  { place }: Target,
): Pick<Explanation, "another"> | undefined {
  if (learned !== undefined || scope.level !== "host" || typeof place !== "object")
    return undefined;
  return { another: `git credential-bitbucket login --workspace ${shellWord(place.workspace)}` };
}
