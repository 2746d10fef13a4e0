// What becomes of each secret: moved into an account, taken away or left. Decided one after the other, since an account that
// one makes may stand in the way of the next.
import { type Account, accountState } from "../../accounts/account.ts";
import { applyVerdict } from "../../accounts/apply-verdict.ts";
import { isRefused } from "../../accounts/refusals.ts";
import { guessScope } from "../../accounts/default-scope.ts";
import { nameAccount } from "../../accounts/account-name.ts";
import { tokenKinds } from "../../servers/token-kind.ts";
import { findConflict, isSameLogin } from "../../accounts/same-login.ts";
import type { Candidate, Place, Proof } from "../login/candidate.ts";
import { accessScope, type NoScope, type Scope } from "./access-scope.ts";
import type { Judgement } from "./judge.ts";
import { narrowScope } from "./narrow-scope.ts";
import type { Subject } from "./subject.ts";

export type Fate =
  /** The name of the account is foretold for people; it is chosen when it is made. */
  | {
      readonly does: "move";
      readonly candidate: Candidate;
      readonly proof: Proof;
      readonly place: Place;
      readonly name: string;
    }
  /** An account has the secret already, or a better one of the same user. */
  | { readonly does: "drop"; readonly account: string; readonly same: boolean }
  | { readonly does: "delete"; readonly certain: boolean }
  | { readonly does: "leave"; readonly because: string; readonly hint?: string | undefined };

export interface Decided {
  readonly subject: Subject;
  readonly judgement: Judgement;
  readonly fate: Fate;
}

export interface Plan {
  readonly decided: readonly Decided[];
  /** As they would be afterwards. */
  readonly accounts: readonly Account[];
}

/** @param now milliseconds since 1970. */
export function decideFates(
  judged: readonly (readonly [Subject, Judgement])[],
  accounts: readonly Account[],
  now: number,
): Plan {
  const after = [...accounts];
  const decided = new Map<Subject, Decided>();
  // Of two tokens of one user, the one that can do more becomes the account. What only a repository has comes last: it
  // must not stand where an account of the person's will.
  for (const [subject, judgement] of judged.toSorted(
    ([one, its], [other, others]) =>
      Number(one.isOfRepository) - Number(other.isOfRepository) || rank(its) - rank(others),
  )) {
    const fate = decide(subject, judgement, after, now);
    if (fate.does === "move") replace(after, foretell(fate, after, now));
    decided.set(subject, { subject, judgement, fate });
  }
  return { decided: judged.flatMap(([subject]) => decided.get(subject) ?? []), accounts: after };
}

function replace(accounts: Account[], account: Account): void {
  const at = accounts.findIndex(({ name }) => name === account.name);
  accounts.splice(at === -1 ? accounts.length : at, at === -1 ? 0 : 1, account);
}

function rank(judgement: Judgement): number {
  if (judgement.state !== "usable") return 0;
  const outcome = judgement.proof.verdict?.outcome;
  return outcome === "valid" ? 1 : outcome === "lacks-scope" ? 2 : 3;
}

function decide(
  subject: Subject,
  judgement: Judgement,
  accounts: readonly Account[],
  now: number,
): Fate {
  if (judgement.state === "known")
    return { does: "drop", account: judgement.account.name, same: true };
  if (judgement.state === "dead") return { does: "delete", certain: judgement.certain };
  if (judgement.state === "unclear") {
    const { because, hint } = judgement;
    return { does: "leave", because, hint };
  }
  const { candidate, proof } = judgement;
  if (
    candidate.kind === "oauth-token" &&
    subject.found.every(({ source }) => source.group === "manager")
  )
    return {
      does: "leave",
      because: "Git Credential Manager renews it by itself",
      hint: "git credential-bitbucket login",
    };
  const findScope = subject.isOfRepository ? narrowScope : scopeFor;
  const scope = findScope(subject, candidate, proof, accounts, now);
  if ("because" in scope) return { does: "leave", ...scope };
  const rest = besideOthers({ ...candidate, ...scope }, proof, accounts, now);
  if (rest !== undefined) return rest;
  const place = { ...scope, expires: subject.expires };
  const moved = { does: "move", candidate, proof, place } as const;
  return { ...moved, name: foretell(moved, accounts, now).name };
}

/** An account of the same login is replaced only when its own token is dead, or surely worse. */
function besideOthers(
  candidate: Candidate & Scope,
  { verdict }: Proof,
  accounts: readonly Account[],
  now: number,
): Fate | undefined {
  const same = accounts.find((account) => isSameLogin(account, candidate));
  if (same === undefined) return undefined;
  const state = accountState(same, now);
  const isInQuestion = isRefused(same, now);
  if (state === "approved" && !isInQuestion)
    return { does: "drop", account: same.name, same: false };
  if (state === "expired" || state === "rejected") return undefined;
  if (isInQuestion && verdict !== undefined && "facts" in verdict) return undefined;
  return {
    does: "leave",
    because: `account '${same.name}' has another that is not checked`,
    hint: "git credential-bitbucket status --check",
  };
}

function scopeFor(
  subject: Subject,
  candidate: Candidate,
  proof: Proof,
  accounts: readonly Account[],
  now: number,
): Scope | NoScope {
  const [repository] = subject.repositories;
  if (candidate.kind === "access-token") return accessScope(subject, proof);
  if (candidate.kind === "unknown")
    return guessScope("unknown", repository && { ...repository, part: "repository" }, []);
  const conflict = findConflict(accounts, candidate, now);
  if (conflict === undefined) return { scope: { level: "host" } };
  if (repository !== undefined)
    return { scope: { level: "workspace", workspace: repository.workspace } };
  return {
    because: `account '${conflict.name}' answers for every repository already`,
    hint: "git credential-bitbucket login --workspace WORKSPACE",
  };
}

/** The account as it will be, as far as choosing among accounts goes. */
function foretell(
  { candidate, proof, place }: Pick<Fate & { does: "move" }, "candidate" | "proof" | "place">,
  accounts: readonly Account[],
  now: number,
): Account {
  const { kind, host, username, email } = candidate;
  const draft = {
    kind,
    host,
    username,
    email,
    scope: place.scope,
    scopeGuessed: place.scopeGuessed,
    gitUsername: tokenKinds[kind].gitUsername ?? username ?? "",
    store: "file",
    state: "unverified",
  } as const;
  const proved =
    proof.verdict === undefined ? draft : applyVerdict(draft, proof.verdict, now, proof.repository);
  const former = accounts.find((account) =>
    isSameLogin(account, { ...candidate, scope: proved.scope }),
  );
  const taken = accounts.map((account) => account.name);
  const name = former?.name ?? nameAccount(proved, taken);
  return { ...proved, name, secretKey: "", created: new Date(now).toISOString() };
}
