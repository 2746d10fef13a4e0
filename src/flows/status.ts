// What `status` tells: accounts, store and environment, each with its problems. Asks the stores which secrets are there,
// and Bitbucket only when told to.
import { type Account, repositoryOf } from "../accounts/account.ts";
import { checkCommand, doctorCommand, verdictProblems } from "../servers/verdict-text.ts";
import type { Verdict } from "../servers/verdict.ts";
import { HelperError } from "../errors.ts";
import { checkAccount } from "./check.ts";
import type { Context } from "./context.ts";
import { storeSettingAdvice } from "./store-advice.ts";
import type { Store } from "../secrets/stores/store.ts";
import type { StoreName } from "../store-names.ts";
import { environmentStatus, type TokenStatus } from "./environment-status.ts";
import {
  afterCheck,
  checksOff,
  findProblems,
  loginCommand,
  logoutCommand,
  type Problem,
} from "../accounts/problems.ts";
import { isLearned } from "../accounts/learned.ts";

export interface Status {
  readonly accounts: readonly AccountStatus[];
  readonly environment?: TokenStatus | undefined;
  readonly store: StoreStatus;
  /** Said once, not of every account. */
  readonly checksOff: Problem | undefined;
}

export interface AccountStatus {
  readonly account: Account;
  readonly problems: readonly Problem[];
  /** What Bitbucket said just now; undefined when it was not asked. */
  readonly outcome?: Verdict["outcome"] | undefined;
}

/** Where a new secret would go. */
export interface StoreStatus {
  readonly name: StoreName;
  /** The key or the variable that says so; undefined when it is chosen because of what is here. */
  readonly setBy: string | undefined;
  readonly problems: readonly Problem[];
}

type Stores = (name: StoreName) => Promise<OpenedStore>;

interface OpenedStore {
  readonly store: Store;
  readonly keys: ReadonlySet<string>;
}

/** How many tokens Bitbucket is asked about at once. */
const checkedAtOnce = 8;

/** Never throws for one account: what is wrong with it is told. Throws HelperError `registry`. */
export async function readStatus(context: Context, check: boolean): Promise<Status> {
  const accounts = await context.registry.read();
  const stores = remember(context);
  const statuses: AccountStatus[] = [];
  for (let first = 0; first < accounts.length; first += checkedAtOnce) {
    const some = accounts.slice(first, first + checkedAtOnce);
    statuses.push(
      ...(await Promise.all(some.map((account) => accountStatus(account, stores, context, check)))),
    );
  }
  return {
    accounts: statuses,
    environment: await environmentStatus(context, check),
    store: await storeStatus(context),
    checksOff: checksOff(statuses.map(({ account }) => account)),
  };
}

/** Opens and lists each store once: a keychain that does not answer takes seconds to say so. */
function remember(context: Context): Stores {
  const opened = new Map<StoreName, Promise<OpenedStore>>();
  const open = async (name: StoreName): Promise<OpenedStore> => {
    const store = await context.openStore(name);
    return { store, keys: new Set(await store.list()) };
  };
  return (name) => {
    const known = opened.get(name) ?? open(name);
    opened.set(name, known);
    return known;
  };
}

async function accountStatus(
  account: Account,
  stores: Stores,
  context: Context,
  check: boolean,
): Promise<AccountStatus> {
  try {
    const { store, keys } = await stores(account.store);
    const mayLack = store.isReadOnly !== true;
    if (mayLack && !keys.has(account.secretKey))
      return { account, problems: withoutSecret(account, context) };
    // Nobody logged in with it here, and its secret may be a stranger's: it is sent to Bitbucket by git alone.
    const secret = check && !isLearned(account) ? await store.get(account.secretKey) : undefined;
    if (secret === undefined)
      return { account, problems: [...findProblems(account, context.now()), ...doubts(context)] };
    const answer = await checkAccount(account, secret, context, repositoryOf(account));
    const { account: checked, verdict, unwritten } = answer;
    return {
      account: checked,
      problems: [
        ...problemsAfter(checked, verdict, context),
        ...(unwritten === undefined ? [] : [troubleOf(unwritten)]),
      ],
      outcome: verdict.outcome,
    };
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    return { account, problems: [troubleOf(error), ...findProblems(account, context.now())] };
  }
}

/** A secret that Bitbucket rejected is deleted: then the rejection is what there is to say. */
function withoutSecret(account: Account, context: Context): readonly Problem[] {
  const known = findProblems(account, context.now());
  if (account.state === "rejected") return known;
  const message = `its secret is not in the ${account.store} store`;
  if (isLearned(account))
    return [{ message, next: logoutCommand(account), fatal: false }, ...known];
  return [{ message, next: loginCommand(account), fatal: true }, ...known];
}

/** A token that was rejected here since looks as it did before. */
function doubts({ registry }: Context): readonly Problem[] {
  if (registry.isWritable()) return [];
  const message = "nothing can be written here, so this may be out of date";
  return [{ message, next: checkCommand, fatal: false }];
}

function problemsAfter(account: Account, verdict: Verdict, context: Context): readonly Problem[] {
  const recorded = findProblems(account, context.now());
  const told = afterCheck(verdictProblems(verdict, account, repositoryOf(account)), verdict);
  if (verdict.outcome === "rejected") return told;
  const said = new Set(recorded.map(({ message }) => message));
  const more = told.filter(({ message }) => !said.has(message));
  // What keeps Bitbucket from answering has its own next command.
  const isMore = verdict.outcome === "unknown" && more.length > 0;
  const left = isMore ? recorded.map((problem) => withoutCheck(problem)) : recorded;
  return [...left, ...more];
}

function withoutCheck(problem: Problem): Problem {
  const isOfCheck = problem.next === checkCommand || problem.next === doctorCommand;
  return isOfCheck ? { ...problem, next: undefined } : problem;
}

function troubleOf(error: HelperError): Problem {
  return { message: error.message, next: error.hint, fatal: true };
}

async function storeStatus(context: Context): Promise<StoreStatus> {
  const { storeSetBy: setBy } = context.settings;
  const name = await context.chooseStore();
  if (setBy === undefined) return { name, setBy, problems: [] };
  try {
    await context.probeStore(name);
    return { name, setBy, problems: [] };
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    // The accounts that there are may work all the same.
    const next = storeSettingAdvice(error, setBy);
    return { name, setBy, problems: [{ message: error.message, next, fatal: false }] };
  }
}
