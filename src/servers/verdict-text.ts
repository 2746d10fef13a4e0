// What a verdict means, for people: a sentence and what to do next. docs/design.md, "Verdicts".
import type { RepositoryName } from "./repository-path.ts";
import { shellWord } from "../screen/shell-word.ts";
import { tokenKinds, type TokenKind } from "./token-kind.ts";
import type { Blocked, Doubt, Verdict } from "./verdict.ts";

/** Asks Bitbucket again. */
export const checkCommand = "git credential-bitbucket status --check";
/** Says what keeps Bitbucket from being asked. */
export const doctorCommand = "git credential-bitbucket doctor";

/** Whose token it is; an Account is one. */
export interface VerdictSubject {
  /** The account's name, when there is an account. */
  readonly name?: string | undefined;
  readonly kind: TokenKind;
  readonly email?: string | undefined;
}

export interface VerdictText {
  /** Lower case, without full stop. */
  readonly message: string;
  /** Ends in a command one can paste. */
  readonly hint?: string | undefined;
}

/** @returns the worst there is to say: the first of verdictProblems, or that the token works. */
export function explainVerdict(
  verdict: Verdict,
  subject: VerdictSubject,
  repository?: RepositoryName,
): VerdictText {
  const [worst] = verdictProblems(verdict, subject, repository);
  return worst ?? { message: `bitbucket accepts ${theToken(subject)}` };
}

/** @returns everything that will not work or is not known, the worst first; empty when all is well. */
export function verdictProblems(
  verdict: Verdict,
  subject: VerdictSubject,
  repository?: RepositoryName,
): readonly VerdictText[] {
  if (!tokenKinds[subject.kind].usable) return [unusableText(subject)];
  if (verdict.outcome === "rejected") return [rejectedText(subject)];
  if (verdict.outcome === "unknown") return [doubtText(verdict, subject)];
  const blindness = unseen(verdict.facts.seesRepository, subject, repository);
  if (verdict.outcome === "valid") return blindness;
  const scopes = verdict.missing.length === 1 ? "that scope" : "those scopes";
  const hint = renew(`make a token with ${scopes}`, subject);
  return [{ message: describeBlocked(verdict), hint }, ...blindness];
}

function unusableText(subject: VerdictSubject): VerdictText {
  const message =
    subject.kind === "app-password"
      ? "app passwords stopped working on 28 July 2026"
      : `bitbucket.org takes no ${tokenKinds[subject.kind].title}`;
  const made = tokenKinds[subject.kind].made;
  return { message, hint: renew(`make an API token with scopes at ${made}`, subject) };
}

/** Bitbucket's 401 tells none of these from the others. */
function rejectedText(subject: VerdictSubject): VerdictText {
  const causes = ["revoked", "expired"];
  if (subject.kind === "api-token") causes.push("made without scopes");
  if (subject.kind === "api-token" && subject.email !== undefined)
    causes.push(`not of ${subject.email}`);
  const last = causes.pop();
  return {
    message: `bitbucket rejected ${theToken(subject)} (401): it is ${causes.join(", ")} or ${last}`,
    hint: renew("make a new one", subject),
  };
}

function doubtText(
  verdict: Verdict & { outcome: "unknown" },
  subject: VerdictSubject,
): VerdictText {
  const hint =
    verdict.doubt === "identity" && subject.kind === "api-token"
      ? `${loginCommand(subject)} --email YOU@EXAMPLE.COM`
      : (hints[verdict.doubt ?? "elsewhere"] ?? loginCommand(subject));
  return { message: `${theToken(subject)} could not be checked: ${verdict.because}`, hint };
}

// Undefined: another token, or more said about this one.
const hints: Readonly<Record<Doubt, string | undefined>> = {
  timeout: doctorCommand,
  network: doctorCommand,
  garbage: doctorCommand,
  elsewhere: doctorCommand,
  tls: "git config --global http.sslCAInfo /PATH/TO/CA.pem",
  certificates: "git config --show-origin --get-all http.sslCAInfo",
  proxy: "git config --show-origin --get-regexp 'http.*proxy'",
  secret: undefined,
  identity: undefined,
  unsendable: undefined,
  busy: checkCommand,
  fault: checkCommand,
  refused: checkCommand,
};

/** A token that works, but not here. */
function unseen(
  sees: boolean | undefined,
  subject: VerdictSubject,
  repository: RepositoryName | undefined,
): readonly VerdictText[] {
  if (sees !== false || repository === undefined) return [];
  const name = `${repository.workspace}/${repository.repository}`;
  return [
    {
      message: `${theToken(subject)} does not see ${name}: the name is wrong or the token is for something else`,
      hint: `git credential-bitbucket login --repository ${shellWord(name)}`,
    },
  ];
}

function theToken({ name }: VerdictSubject): string {
  return name === undefined ? "the token" : `the token of account '${name}'`;
}

function renew(first: string, subject: VerdictSubject): string {
  return `${first} and run: ${loginCommand(subject)}`;
}

function loginCommand({ name }: VerdictSubject): string {
  const command = "git credential-bitbucket login";
  return name === undefined ? command : `${command} --account ${shellWord(name)}`;
}

/** The sentence for people: `fetch works, push will fail: the token lacks write:repository:bitbucket`. */
function describeBlocked({ blocks, missing }: Blocked): string {
  const lacks = `the token lacks ${missing.join(" and ")}`;
  return blocks === "push"
    ? `fetch works, push will fail: ${lacks}`
    : `fetch and push will fail: ${lacks}`;
}
