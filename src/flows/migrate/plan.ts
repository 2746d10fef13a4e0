// From what was found to what would be done.
import { madeAccounts } from "../../accounts/learned.ts";
import type { RepositoryName } from "../../servers/repository-path.ts";
import type { Context } from "../context.ts";
import { decideFates } from "./fate.ts";
import { type Court, isOwnerMissing, judge, type Judgement, judgeWithOwner } from "./judge.ts";
import type { Source } from "./place.ts";
import { groupSteps, type GroupSteps } from "./steps.ts";
import { collectSubjects, type Found, type Subject } from "./subject.ts";

export interface PlanOptions {
  readonly repositories: readonly RepositoryName[];
  /** A guess at the person's: `git config user.email`. */
  readonly email: string | undefined;
  /** The email of the account that an API token belongs to; undefined when nobody says it. */
  readonly askEmail: (found: Found) => Promise<string | undefined>;
  readonly onProgress: (judged: number, all: number) => void;
}

/** How many secrets Bitbucket is asked about at once. */
const judgedAtOnce = 8;

/** Changes nothing. Throws `cancelled`, and HelperError `registry`. */
export async function planMigration(
  sources: readonly Source[],
  options: PlanOptions,
  ports: Context,
): Promise<readonly GroupSteps[]> {
  // What git merely reported is no account to move a secret into.
  const accounts = madeAccounts(await ports.registry.read());
  const confirmed = accounts.flatMap(({ email, emailConfirmed }) =>
    emailConfirmed === true && email !== undefined ? [email] : [],
  );
  const emails = [
    ...new Set([...confirmed, ...(options.email === undefined ? [] : [options.email])]),
  ];
  const court: Court = { accounts, ports, emails, repositories: options.repositories };
  const judged = await judgeAll(collectSubjects(sources), court, options);
  const plan = decideFates(judged, accounts, ports.now());
  return groupSteps(sources, plan, ports.now());
}

type Judged = readonly [Subject, Judgement];

async function judgeAll(
  subjects: readonly Subject[],
  court: Court,
  { onProgress, askEmail }: PlanOptions,
): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  for (let first = 0; first < subjects.length; first += judgedAtOnce) {
    onProgress(first, subjects.length);
    const some = subjects.slice(first, first + judgedAtOnce);
    const judgements = some.map(async (subject) => [subject, await judge(subject, court)] as const);
    judged.push(...(await Promise.all(judgements)));
  }
  // One question after the other, and only when everything else is known.
  const settled: Judged[] = [];
  for (const [subject, judgement] of judged) {
    const [found] = subject.found;
    const isOpen = found !== undefined && isOwnerMissing(judgement);
    const email = isOpen ? await askEmail(found) : undefined;
    settled.push([
      subject,
      email === undefined ? judgement : await judgeWithOwner(subject, email, court),
    ]);
  }
  return settled;
}
