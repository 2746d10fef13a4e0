// store: git says that a credential worked. One of ours is approved; one that is new to us is learned, for exactly what git
// reported it for: it may have been typed at git's question, or stood in a URL that somebody else wrote. git also reports
// a login that a public repository never looked at. See accounts/learned.ts.
import { type Account, isPastEnd, type Learned } from "../accounts/account.ts";
import { learnedName } from "../accounts/account-name.ts";
import { approve } from "../accounts/apply-verdict.ts";
import { hasFingerprint } from "../accounts/fingerprint.ts";
import { forgetLearned } from "../secrets/forget.ts";
import { keepAccount, restoreSecret } from "../secrets/keep.ts";
import { holdsSecret } from "../secrets/read.ts";
import { isLearned, isOfPlace, placeOf, superfluous } from "../accounts/learned.ts";
import { isReportFor } from "../accounts/match.ts";
import { ownHosts } from "../servers/servers.ts";
import { recognise, tokenKinds } from "../servers/token-kind.ts";
import { readTarget, type Report } from "../accounts/target.ts";
import type { Secret } from "../secret.ts";
import { printable } from "../screen/printable.ts";
import { appPasswordNote } from "./app-password.ts";
import { HelperError } from "../errors.ts";
import { confirm } from "./confirm.ts";
import { isoInstant } from "../accounts/expiry-instant.ts";
import type { Context } from "./context.ts";
import { nothing, type Note, type Result } from "./result.ts";

/** A request that is whole and meant to be kept. */
type Success = Report & { readonly username: string; readonly password: Secret };

/** Throws what stores and registry throw when they cannot tell or keep; git ignores it, and nothing changed. */
export async function store(report: Report, context: Context): Promise<Result> {
  if (!isToKeep(report, context)) return nothing;
  const place = placeOf(report);
  if (place === undefined) return nothing;
  const accounts = await context.registry.read();
  const own = accounts.filter((account) => account.host === report.host);
  let isKnown = false;
  let isHeld = false;
  for (const account of own) {
    if (!(await isHolder(account, place, report, context))) continue;
    isHeld = true;
    if (!isLearned(account) || context.learns) await restore(account, report.password, context);
    const isMeant = isLearned(account) || isReportFor(account, report);
    isKnown ||= isMeant;
    await confirm(
      account,
      report,
      isMeant ? approval(account, report, context) : undefined,
      context,
    );
  }
  if (isKnown) return nothing;
  if (!isHeld && own.some((account) => wasBefore(account, place, report))) return nothing;
  return await learn(report, place, context);
}

function isToKeep(report: Report, context: Context): report is Success {
  if (report.ephemeral || !report.username || report.password?.length === 0) return false;
  if (report.password === undefined) return false;
  if (context.environmentToken?.secret.equals(report.password) === true) return false;
  return report.passwordExpiry === undefined || report.passwordExpiry * 1000 > context.now();
}

/** Found by its fingerprint, the secret may be gone from its store: nobody else would ever write it again. */
async function restore(account: Account, secret: Secret, context: Context): Promise<void> {
  try {
    await restoreSecret(account, secret, context);
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    context.log.warn({ account: account.name, message: error.message }, "not put back");
  }
}

/** A made account may be told of any place; of learned ones each place has its own copy. */
async function isHolder(
  account: Account,
  place: Learned,
  { password }: Success,
  context: Context,
): Promise<boolean> {
  if (isLearned(account) && !isOfPlace(account, place)) return false;
  // Its secret is deleted, and its fingerprint alone serves nobody.
  if (account.state === "rejected") return false;
  return await holdsSecret(account, password, context);
}

/** Of what the account has another secret for by now: elsewhere the old one may be all there is. */
function wasBefore(account: Account, place: Learned, report: Success): boolean {
  const isMeant = isLearned(account) ? isOfPlace(account, place) : isReportFor(account, report);
  if (!isMeant) return false;
  return account.superseded?.some((known) => hasFingerprint(report.password, known)) ?? false;
}

/** @returns how the account is after git's success with its secret; undefined when that changes nothing. */
function approval(
  account: Account,
  report: Success,
  context: Context,
): ((account: Account) => Account) | undefined {
  const { repository } = report;
  const inside =
    account.scope.level === "project" && repository !== undefined
      ? `${repository.workspace}/${repository.repository}`
      : undefined;
  const isKnown = inside === undefined || account.projectRepositories?.[inside] === true;
  const isApproved = account.state === "approved" && account.refusals === undefined;
  if (isApproved && isKnown && !isPastEnd(account, context.now())) return undefined;
  return (current) => learnInside(approve(current, context.now()), inside);
}

function learnInside(account: Account, repository: string | undefined): Account {
  if (repository === undefined) return account;
  return {
    ...account,
    projectRepositories: { ...account.projectRepositories, [repository]: true },
  };
}

async function learn(report: Success, place: Learned, context: Context): Promise<Result> {
  const kind = recognise(report.password, report.username);
  if (!tokenKinds[kind].usable) return appPasswordNote(report);
  if (!context.learns) return nothing;
  const { repository } = readTarget({ host: report.host, path: place.path });
  let former: Account | undefined;
  const account = await keepAccount(
    {
      name: learnedName(place),
      kind,
      host: report.host,
      // What it answers stands in `learned`; the scope only says no more than that.
      scope: repository === undefined ? { level: "host" } : { level: "repository", ...repository },
      gitUsername: place.username,
      learned: place,
      store: await context.chooseStore(),
      state: "approved",
      validated: new Date(context.now()).toISOString(),
      expires: isoInstant(report.passwordExpiry),
    },
    report.password,
    context,
    (accounts) =>
      (former = accounts.find((one) => one.host === report.host && isOfPlace(one, place))),
    report.oauthRefreshToken,
  );
  context.log.info({ account: account.name }, "learned");
  const gone = superfluous(await context.registry.read());
  await forgetLearned(gone, context);
  return {
    notes: former === undefined ? learnedNotes(account, place) : [],
    forgotten: gone.map(({ name }) => name),
  };
}

/**
 * Said once. Not for hosts that the person has named in the settings: `login` makes no accounts for them, so that git's
 * report is the usual way there, and git's own tests want a helper to be silent.
 */
function learnedNotes({ name, host }: Account, { username, path }: Learned): readonly Note[] {
  if (!ownHosts.includes(host)) return [];
  const what = path === undefined ? "what no account answers" : `${path} only`;
  return [
    {
      level: "warning",
      message: `git logged in as ${printable(username)} with a secret of its own, which is kept for ${printable(what)}`,
      hint: `git credential-bitbucket logout ${name}`,
    },
  ];
}
