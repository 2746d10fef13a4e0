// Whether a secret that was found is dead or alive, and whose it is. Bitbucket is asked where it can tell; only its 401 to
// an identity that somebody vouches for, or a kind that it takes no more, is death. docs/design.md, "Verdicts".
import type { Account } from "../../accounts/account.ts";
import { hasFingerprint } from "../../accounts/fingerprint.ts";
import type { CheckSubject } from "../../servers/check-subject.ts";
import { isEmail } from "../../servers/email.ts";
import { recognise, type TokenKind, tokenKinds } from "../../servers/token-kind.ts";
import { explainVerdict } from "../../servers/verdict-text.ts";
import type { Verdict } from "../../servers/verdict.ts";
import { HelperError } from "../../errors.ts";
import type { Candidate, Proof } from "../login/candidate.ts";
import type { RepositoryName } from "../../servers/repository-path.ts";
import { readSecret } from "../../secrets/read.ts";
import type { Context } from "../context.ts";
import type { Secret } from "../../secret.ts";
import type { FoundSecret } from "./found-secret.ts";

/** `because` is for people: a few words. */
type Opinion =
  | { readonly state: "known"; readonly account: Account }
  /** Uncertain when only everything that lives could be ruled out. */
  | { readonly state: "dead"; readonly because: string; readonly certain: boolean }
  | { readonly state: "unclear"; readonly because: string; readonly hint?: string }
  /** Lives, or may: then the proof has no verdict that says so. */
  | { readonly state: "usable"; readonly candidate: Candidate; readonly proof: Proof };

export type Verification = Opinion & {
  readonly kind: TokenKind;
  readonly username?: string | undefined;
};

export interface VerifiedSecret extends FoundSecret {
  readonly verification: Verification;
}

export interface VerifyContext extends Context {
  /** Those that a person made. */
  readonly accounts: readonly Account[];
  /** Emails whose Atlassian account an API token may belong to. */
  readonly emails: readonly string[];
  /** Repositories that an access token without a path may be for. */
  readonly repositories: readonly RepositoryName[];
}

/** More would take Bitbucket's patience and the person's. */
const mostTries = 10;

/** Never throws for what Bitbucket or the network do. */
export async function verify(found: FoundSecret, context: VerifyContext): Promise<Verification> {
  const { secret, expires } = found;
  const kind = recognise(secret, found.gitUsername);
  const { username } = found;
  if (kind === "app-password")
    return { kind, username, state: "dead", certain: true, because: "dead since 28 July 2026" };
  if (!tokenKinds[kind].usable)
    return { kind, username, state: "unclear", because: "not one of bitbucket.org's" };
  const foreign = readForeign(found);
  if (foreign !== undefined) return { ...foreign, kind, username };
  const known = await findKnown(found, context);
  if (known !== undefined) return { ...known, kind, username };
  if (expires !== undefined && Date.parse(expires) <= context.now())
    return {
      kind,
      username,
      state: "dead",
      certain: true,
      because: `expired on ${expires.slice(0, 10)}`,
    };
  const proof = context.settings.validate === "never" ? {} : await prove(found, kind, context);
  return readProof(found, kind, proof);
}

/**
 * A secret that may be that of whoever wrote a repository: an account with it would work for them, and to ask Bitbucket
 * about it would tell them who looks. It is left where it is, since the file is not the person's alone.
 */
function readForeign({ isPublic, isCopied }: FoundSecret): Opinion | undefined {
  if (isPublic)
    return {
      state: "unclear",
      because: "public: anybody who can read the repository has it; revoke it",
    };
  if (isCopied)
    return {
      state: "unclear",
      because: "git took it from .gitmodules; if it is yours, others have it: revoke it",
    };
  return undefined;
}

async function findKnown(
  { secret }: FoundSecret,
  context: VerifyContext,
): Promise<Opinion | undefined> {
  for (const account of context.accounts) {
    const { name } = account;
    if (account.superseded?.some((known) => hasFingerprint(secret, known)) === true)
      return { state: "dead", certain: false, because: `account '${name}' has a newer one` };
    const isItsOwn =
      account.fingerprint === undefined || hasFingerprint(secret, account.fingerprint);
    if (!isItsOwn) continue;
    if (account.state === "rejected")
      return { state: "dead", certain: true, because: "rejected by bitbucket" };
    // The record alone is no reason to take the secret away from anywhere else.
    const stored = await readStored(account, context);
    if (stored?.equals(secret) === true) return { state: "known", account };
    if (account.fingerprint !== undefined)
      return {
        state: "unclear",
        because: `account '${name}' has it, but its store does not`,
        hint: "git credential-bitbucket status",
      };
  }
  return undefined;
}

async function readStored(account: Account, context: Context): Promise<Secret | undefined> {
  try {
    return await readSecret(account, context);
  } catch (error) {
    if (error instanceof HelperError) return undefined;
    throw error;
  }
}

/** Whether an email would settle whether the token lives. */
export function isOwnerMissing(verification: Verification): boolean {
  return (
    verification.kind === "api-token" &&
    verification.state === "usable" &&
    isIdentityMissing(verification.proof.verdict)
  );
}

/**
 * @param email of the Atlassian account that the API token belongs to, as a person says. A 401 counts then, but people
 * also mistype: it is no reason to delete where there is no backup.
 */
export async function verifyWithOwner(
  found: FoundSecret,
  email: string,
  context: VerifyContext,
): Promise<Verification> {
  const kind = "api-token";
  const question = {
    kind,
    email,
    emailCertain: true,
    repository: found.repositories[0],
  } as const;
  const verification = readProof(found, kind, await ask(found, question, context));
  return verification.state === "dead" ? { ...verification, certain: false } : verification;
}

type Question = Omit<CheckSubject, "secret" | "asked">;

async function prove(found: FoundSecret, kind: TokenKind, context: VerifyContext): Promise<Proof> {
  const own = found.repositories[0];
  if (kind === "access-token") return await proveAccessToken(found, context);
  const emails = kind === "api-token" ? emailsFor(found, context) : [];
  let proof = await ask(found, { kind, repository: own, email: emails[0] }, context);
  for (const email of emails.slice(1)) {
    if (!isIdentityMissing(proof.verdict)) return proof;
    proof = await ask(found, { kind, repository: own, email }, context);
  }
  return proof;
}

/** An access token says what kind of thing it covers but not which; what it sees tells. */
async function proveAccessToken(found: FoundSecret, context: VerifyContext): Promise<Proof> {
  const kind = "access-token";
  const candidates = found.repositories.length > 0 ? found.repositories : context.repositories;
  for (const repository of candidates.slice(0, mostTries)) {
    const proof = await ask(found, { kind, repository }, context);
    if (proof.verdict?.outcome === "rejected" || proof.verdict?.outcome === "unknown") return proof;
    if (proof.verdict?.facts.seesRepository === true) return proof;
  }
  return await ask(found, { kind }, context);
}

async function ask(
  { host, secret }: FoundSecret,
  question: Question,
  context: VerifyContext,
): Promise<Proof> {
  const verdict = await context.validate(host, { ...question, secret, asked: true });
  return { verdict, repository: question.repository };
}

function emailsFor({ username }: FoundSecret, { emails }: VerifyContext): readonly string[] {
  const named = username !== undefined && isEmail(username) ? [username] : [];
  return [...new Set([...named, ...emails])].slice(0, mostTries);
}

function isIdentityMissing(verdict: Verdict | undefined): boolean {
  return verdict?.outcome === "unknown" && verdict.doubt === "identity";
}

function readProof(found: FoundSecret, kind: TokenKind, proof: Proof): Verification {
  const { secret, host, username } = found;
  const { verdict } = proof;
  const facts = verdict !== undefined && "facts" in verdict ? verdict.facts : {};
  const named = { kind: facts.kind ?? kind, username: facts.username ?? username };
  if (verdict?.outcome === "rejected")
    return { ...named, state: "dead", certain: true, because: "rejected by bitbucket (401)" };
  if (kind === "unknown" && verdict?.outcome !== "valid" && verdict?.outcome !== "lacks-scope") {
    if (verdict?.doubt === "identity" || verdict?.doubt === "unsendable")
      return { ...named, state: "dead", certain: false, because: "no token that bitbucket takes" };
    const because = verdict === undefined ? "not checked" : explainVerdict(verdict, named).message;
    return { ...named, state: "unclear", because };
  }
  const own =
    username === undefined || isEmail(username) ? facts.username : (facts.username ?? username);
  const candidate: Candidate = {
    secret,
    kind: named.kind,
    host,
    username: named.kind === "access-token" ? undefined : own,
    email: facts.email,
    emailCertain: facts.email !== undefined,
  };
  return { ...named, state: "usable", candidate, proof };
}
