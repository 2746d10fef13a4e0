// From what was found to what would be done.
import type { RepositoryName } from "../bitbucket/repository-url.ts";
import type { Ports } from "../operations/ports.ts";
import { decideFates } from "./fate.ts";
import { type Court, judge, type Judgement } from "./judge.ts";
import type { Source } from "./place.ts";
import { groupSteps, type GroupSteps } from "./steps.ts";
import { collectSubjects, type Subject } from "./subject.ts";

export interface PlanOptions {
  readonly repositories: readonly RepositoryName[];
  /** A guess at the person's: `git config user.email`. */
  readonly email: string | undefined;
  readonly askEmail: Court["askEmail"];
  readonly onProgress: (judged: number, all: number) => void;
}

/** How many secrets Bitbucket is asked about at once. */
const judgedAtOnce = 8;

/** Changes nothing. Throws `cancelled`, and HelperError `registry`. */
export async function planMigration(
  sources: readonly Source[],
  options: PlanOptions,
  ports: Ports,
): Promise<readonly GroupSteps[]> {
  const accounts = await ports.registry.read();
  const confirmed = accounts.flatMap(({ email, emailConfirmed }) =>
    emailConfirmed === true && email !== undefined ? [email] : [],
  );
  const emails = [
    ...new Set([...confirmed, ...(options.email === undefined ? [] : [options.email])]),
  ];
  const court: Court = {
    accounts,
    ports,
    emails,
    repositories: options.repositories,
    askEmail: oneByOne(options.askEmail),
  };
  const subjects = collectSubjects(sources);
  const judged: (readonly [Subject, Judgement])[] = [];
  for (let first = 0; first < subjects.length; first += judgedAtOnce) {
    options.onProgress(first, subjects.length);
    const some = subjects.slice(first, first + judgedAtOnce);
    judged.push(
      ...(await Promise.all(
        some.map(async (subject) => [subject, await judge(subject, court)] as const),
      )),
    );
  }
  const plan = decideFates(judged, accounts, ports.now());
  return groupSteps(sources, plan, ports.now());
}

/** Two questions at once would mix on the screen. */
function oneByOne(ask: Court["askEmail"]): Court["askEmail"] {
  let before: Promise<unknown> = Promise.resolve();
  return (found) => {
    const answer = before.then(() => ask(found));
    before = answer.catch(() => {});
    return answer;
  };
}
