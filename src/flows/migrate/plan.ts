// From what was found to what would be done.
import { madeAccounts } from "../../accounts/learned.ts";
import type { RepositoryName } from "../../servers/repository-path.ts";
import type { Context } from "../context.ts";
import { decideActions } from "./decide.ts";
import {
  isOwnerMissing,
  type VerifiedSecret,
  verify,
  type VerifyContext,
  verifyWithOwner,
} from "./verify.ts";
import type { Source } from "./place.ts";
import { groupSteps, type GroupSteps } from "./steps.ts";
import { collectSecrets, type FoundPlace, type FoundSecret } from "./found-secret.ts";

export interface PlanOptions {
  readonly repositories: readonly RepositoryName[];
  /** A guess at the person's: `git config user.email`. */
  readonly email: string | undefined;
  /** The email of the account that an API token belongs to; undefined when nobody says it. */
  readonly askEmail: (found: FoundPlace) => Promise<string | undefined>;
  readonly onProgress: (verified: number, all: number) => void;
}

/** How many secrets Bitbucket is asked about at once. */
const verifiedAtOnce = 8;

/** Changes nothing. Throws `cancelled`, and HelperError `registry`. */
export async function planMigration(
  sources: readonly Source[],
  options: PlanOptions,
  context: Context,
): Promise<readonly GroupSteps[]> {
  // What git merely reported is no account to move a secret into.
  const accounts = madeAccounts(await context.registry.read());
  const confirmed = accounts.flatMap(({ email, emailConfirmed }) =>
    emailConfirmed === true && email !== undefined ? [email] : [],
  );
  const emails = [
    ...new Set([...confirmed, ...(options.email === undefined ? [] : [options.email])]),
  ];
  const verifyContext = { ...context, accounts, emails, repositories: options.repositories };
  const secrets = await verifyAll(collectSecrets(sources), verifyContext, options);
  return groupSteps(sources, decideActions(secrets, accounts, context.now()), context.now());
}

async function verifyAll(
  secrets: readonly FoundSecret[],
  context: VerifyContext,
  { onProgress, askEmail }: PlanOptions,
): Promise<readonly VerifiedSecret[]> {
  const verified: VerifiedSecret[] = [];
  for (let first = 0; first < secrets.length; first += verifiedAtOnce) {
    onProgress(first, secrets.length);
    const some = secrets.slice(first, first + verifiedAtOnce);
    verified.push(...(await Promise.all(some.map((secret) => withVerification(secret, context)))));
  }
  // One question after the other, and only when everything else is known.
  const settled: VerifiedSecret[] = [];
  for (const secret of verified) {
    const [found] = secret.places;
    const isOpen = found !== undefined && isOwnerMissing(secret.verification);
    const email = isOpen ? await askEmail(found) : undefined;
    settled.push(
      email === undefined
        ? secret
        : { ...secret, verification: await verifyWithOwner(secret, email, context) },
    );
  }
  return settled;
}

async function withVerification(
  secret: FoundSecret,
  context: VerifyContext,
): Promise<VerifiedSecret> {
  return { ...secret, verification: await verify(secret, context) };
}
