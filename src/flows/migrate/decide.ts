// What becomes of each secret: moved into an account, taken away or left. PlanItem one after the other, since an account that
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
import type { Verification, VerifiedSecret } from "./verify.ts";
import { narrowScope } from "./narrow-scope.ts";
import type { FoundSecret } from "./found-secret.ts";

export type Action =
  /** The name of the account is told beforehand; it is chosen when it is made. */
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

/** A secret that was found, what is known of it, and what becomes of it. */
export interface PlanItem extends VerifiedSecret {
  readonly action: Action;
}

export interface Plan {
  readonly items: readonly PlanItem[];
  /** As they would be afterwards. */
  readonly accounts: readonly Account[];
}

/** @param now milliseconds since 1970. */
export function decideActions(
  secrets: readonly VerifiedSecret[],
  accounts: readonly Account[],
  now: number,
): Plan {
  const after = [...accounts];
  const items = new Map<VerifiedSecret, PlanItem>();
  // Of two tokens of one user, the one that can do more becomes the account. What only a repository has comes last: it
  // must not stand where an account of the person's will.
  for (const secret of secrets.toSorted(
    (one, other) =>
      Number(one.isOfRepository) - Number(other.isOfRepository) ||
      rank(one.verification) - rank(other.verification),
  )) {
    const action = decide(secret, after, now);
    if (action.does === "move") replace(after, expectAccount(action, after, now));
    items.set(secret, { ...secret, action });
  }
  return { items: secrets.flatMap((secret) => items.get(secret) ?? []), accounts: after };
}

function replace(accounts: Account[], account: Account): void {
  const at = accounts.findIndex(({ name }) => name === account.name);
  accounts.splice(at === -1 ? accounts.length : at, at === -1 ? 0 : 1, account);
}

function rank(verification: Verification): number {
  if (verification.state !== "usable") return 0;
  const outcome = verification.proof.verdict?.outcome;
  return outcome === "valid" ? 1 : outcome === "lacks-scope" ? 2 : 3;
}

function decide(found: VerifiedSecret, accounts: readonly Account[], now: number): Action {
  const { verification } = found;
  if (verification.state === "known")
    return { does: "drop", account: verification.account.name, same: true };
  if (verification.state === "dead") return { does: "delete", certain: verification.certain };
  if (verification.state === "unclear") {
    const { because, hint } = verification;
    return { does: "leave", because, hint };
  }
  const { candidate, proof } = verification;
  if (
    candidate.kind === "oauth-token" &&
    found.places.every(({ source }) => source.group === "manager")
  )
    return {
      does: "leave",
      because: "Git Credential Manager renews it by itself",
      hint: "git credential-bitbucket login",
    };
  const findScope = found.isOfRepository ? narrowScope : scopeFor;
  const scope = findScope(found, candidate, proof, accounts, now);
  if ("because" in scope) return { does: "leave", ...scope };
  const rest = besideOthers({ ...candidate, ...scope }, proof, accounts, now);
  if (rest !== undefined) return rest;
  const place = { ...scope, expires: found.expires };
  const moved = { does: "move", candidate, proof, place } as const;
  return { ...moved, name: expectAccount(moved, accounts, now).name };
}

/** An account of the same login is replaced only when its own token is dead, or surely worse. */
function besideOthers(
  candidate: Candidate & Scope,
  { verdict }: Proof,
  accounts: readonly Account[],
  now: number,
): Action | undefined {
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
  found: FoundSecret,
  candidate: Candidate,
  proof: Proof,
  accounts: readonly Account[],
  now: number,
): Scope | NoScope {
  const [repository] = found.repositories;
  if (candidate.kind === "access-token") return accessScope(found, proof);
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
function expectAccount(
  { candidate, proof, place }: Pick<Action & { does: "move" }, "candidate" | "proof" | "place">,
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
