// A token and what is known of it → a verdict. docs/bitbucket.md, "REST".
import type { CheckSubject } from "../check-subject.ts";
import type { RepositoryName } from "../repository-path.ts";
import { doubtAbout, unknown } from "./doubt.ts";
import { identitiesFor, type Identity } from "./identity.ts";
import { isEmail } from "../email.ts";
import { readRepositoryAnswer, type RepositoryAnswer } from "./repository-answer.ts";
import type { Rest } from "../../net/rest.ts";
import { isFailure } from "../../net/rest-answer.ts";
import { blockedByScopes, missingScopes } from "./scopes.ts";
import { tokenKinds } from "../token-kind.ts";
import { readUserAnswer } from "./user-answer.ts";
import type { TokenFacts, Verdict } from "../verdict.ts";

export interface ValidateOptions {
  /** Before a 401 is believed. */
  readonly pauseMilliseconds?: number | undefined;
}

type AskOnly = Omit<Rest, "close">;

/** Never throws for what Bitbucket or the network do; what is no answer is `unknown`. */
export async function validateToken(
  subject: CheckSubject,
  rest: AskOnly,
  { pauseMilliseconds = 400 }: ValidateOptions = {},
): Promise<Verdict> {
  const identities = identitiesFor(subject);
  if (identities.length === 0) return unsendable(subject);
  let proven = false;
  for (const identity of identities) {
    const found = await ask(identity, rest, pauseMilliseconds);
    if (found.outcome === "accepted")
      return await readAlive(subject, identity, { ...found.facts, ...emailOf(identity) }, rest);
    // What goes wrong with a second way takes nothing from the proof of the first.
    if (found.outcome === "unknown" && !proven) return found;
    proven ||= found.outcome === "denied" && identity.certain;
  }
  return proven ? rejected : unproven(subject);
}

type Found =
  | { readonly outcome: "accepted"; readonly facts: TokenFacts }
  | { readonly outcome: "denied" }
  | (Verdict & { outcome: "unknown" });

/** BCLOUD-24107: a good token gets a 401 now and then, so one alone is no proof. */
async function ask(identity: Identity, rest: AskOnly, pauseMilliseconds: number): Promise<Found> {
  const first = await askOnce(identity, rest);
  if (first.outcome !== "denied" || !identity.certain) return first;
  await rest.pause(pauseMilliseconds);
  const second = await askOnce(identity, rest);
  if (second.outcome !== "unknown") return second;
  return { ...second, because: `bitbucket answered 401 once, then: ${second.because}` };
}

async function askOnce(identity: Identity, rest: AskOnly): Promise<Found> {
  const result = await rest.get("/2.0/user", identity.authorization);
  const answer = isFailure(result) ? undefined : readUserAnswer(result);
  return answer ?? doubtAbout(result);
}

function emailOf({ email }: Identity): TokenFacts {
  return email === undefined ? {} : { email };
}

/** The token is alive: what does it see, and what may it do? */
async function readAlive(
  subject: CheckSubject,
  identity: Identity,
  user: TokenFacts,
  rest: AskOnly,
): Promise<Verdict> {
  const { sees, project, ...told } = await askRepository(subject.repository, identity, rest);
  if (told.because !== undefined) return unknown("refused", told.because);
  const scopes = user.scopes ?? told.scopes;
  // However an API token was sent and whatever Bitbucket then calls it: git needs the username of its own kind.
  const kind = subject.kind === "api-token" ? subject.kind : (user.kind ?? subject.kind);
  const facts: TokenFacts = {
    ...user,
    kind,
    ...(scopes && { scopes }),
    ...(project !== undefined && { project }),
    ...(sees !== undefined && { seesRepository: sees }),
  };
  const blocked = scopes && blockedByScopes(kind, scopes);
  if (blocked) return { outcome: "lacks-scope", facts, ...blocked };
  if (told.required !== undefined) {
    const missing = told.required.length > 0 ? told.required : missingScopes(kind, [], "fetch");
    return { outcome: "lacks-scope", facts, missing, blocks: "fetch and push" };
  }
  return { outcome: "valid", facts };
}

async function askRepository(
  name: RepositoryName | undefined,
  identity: Identity,
  rest: AskOnly,
): Promise<RepositoryAnswer> {
  if (name === undefined || !isSlug(name.workspace) || !isSlug(name.repository)) return {};
  const path = `${encodeURIComponent(name.workspace)}/${encodeURIComponent(name.repository)}`;
  const result = await rest.get(
    `/2.0/repositories/${path}?fields=full_name,project.key`,
    identity.authorization,
  );
  return readRepositoryAnswer(result, `${name.workspace}/${name.repository}`);
}

/** What could climb out of the path is no repository. */
function isSlug(text: string): boolean {
  return /^(?!\.{1,2}$)[\w.{}-]+$/u.test(text);
}

const rejected: Verdict = {
  outcome: "rejected",
  because: "bitbucket does not know the token (401): it is revoked, expired or without scopes",
};

function unproven({ kind, email }: CheckSubject): Verdict {
  if (kind === "unknown")
    return unknown("identity", "bitbucket does not take the secret as a token (401)");
  const tried =
    email === undefined
      ? "it is not known to whom the token belongs"
      : isEmail(email)
        ? `bitbucket does not take the token with ${email}, which was never confirmed (401)`
        : "what stands for the email is a username";
  return unknown("identity", `${tried}; the check needs the Atlassian account email`);
}

function unsendable({ kind, asked }: CheckSubject): Verdict {
  if (!tokenKinds[kind].usable)
    return unknown("unsendable", `bitbucket takes no ${tokenKinds[kind].title} any more`);
  const because =
    kind === "unknown" && asked !== true
      ? "nobody knows what kind of token this is, so it was sent nowhere"
      : "it has characters that no token has, so it was sent nowhere";
  return unknown("unsendable", because);
}
