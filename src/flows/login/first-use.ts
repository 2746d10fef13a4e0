// The question in the middle of git's work: who asks, how often, and how several git processes share one answer.
import { join } from "node:path";
import { accountState } from "../../accounts/account.ts";
import { chooseAccount } from "../../accounts/choose.ts";
import { HelperError } from "../../errors.ts";
import { readSecret } from "../../secrets/read.ts";
import type { Context } from "../context.ts";
import { nothing, type Result } from "../result.ts";
import type { LoginQuestion } from "./question.ts";
import { redact } from "../../screen/redact.ts";
import { meetingDirectory } from "../../files/directories.ts";
import { withLock } from "../../files/lock.ts";
import { mayAsk } from "../../ask/may-ask.ts";
import { printable } from "../../screen/printable.ts";
import { openTerminal, type Terminal } from "../../ask/terminal.ts";
import { noteCancelled, wasCancelled } from "../../ask/cancelled-question.ts";
import { serverOf } from "../../servers/servers.ts";
import { askOnce, servedBy } from "./one-try.ts";

const tries = 3;
/** How long another git process may take to answer the same question. */
const patienceMilliseconds = 120_000;

/**
 * Up to three tries. Of several git processes at once, one asks; the others take the account that came of it, or hear that
 * the person cancelled.
 * @returns a miss when nobody may or can be asked. Throws HelperError `cancelled` when the person, or the last try, gave up.
 */
export async function askForAccount(question: LoginQuestion, context: Context): Promise<Result> {
  const { outside } = context;
  if (!mayAsk(outside, context.settings, "get")) return nothing;
  const terminal = openTerminal(outside.platform);
  if (terminal === undefined) return nothing;
  try {
    const folder = meetingDirectory(outside.env, outside.platform);
    const cancelled = join(folder, "login.cancelled");
    const since = outside.now();
    return await inTurn(join(folder, "login.lock"), async () => {
      const answer = await answeredMeanwhile(question, context);
      if (answer !== undefined) return answer;
      if (wasCancelled(cancelled, question, since))
        throw new HelperError("cancelled", "cancelled in another git process");
      try {
        return await askAtTerminal(question, terminal, context);
      } catch (error) {
        if (isCancelled(error)) await noteCancelled(cancelled, question, outside.now());
        throw error;
      }
    });
  } finally {
    terminal.close();
  }
}

/** Where processes have no place to meet, each asks for itself. */
async function inTurn<T>(lock: string, ask: () => Promise<T>): Promise<T> {
  let hasBegun = false;
  const begin = async (): Promise<T> => {
    hasBegun = true;
    return await ask();
  };
  try {
    return await withLock(lock, begin, patienceMilliseconds);
  } catch (error) {
    if (hasBegun || !(error instanceof HelperError) || error.code === "busy") throw error;
    return await ask();
  }
}

/** @returns the account that serves the request by now: another process asked while this one waited. */
async function answeredMeanwhile(
  { target, renews }: LoginQuestion,
  context: Context,
): Promise<Result | undefined> {
  const { account } = chooseAccount(target, await context.registry.read(), context.now());
  if (account === undefined || account.secretKey === renews?.secretKey) return undefined;
  if (!["approved", "unverified"].includes(accountState(account, context.now()))) return undefined;
  const secret = await readSecret(account, context);
  return secret && servedBy({ account, secret }, target);
}

async function askAtTerminal(
  question: LoginQuestion,
  terminal: Terminal,
  context: Context,
): Promise<Result> {
  terminal.write(introduction(question));
  for (let left = tries; left > 0; left -= 1) {
    try {
      return await askOnce(question, terminal, context);
    } catch (error) {
      if (!isWorthAnotherTry(error)) throw error;
      terminal.write(`${printable(error.message)}\n`);
    }
  }
  throw new HelperError("cancelled", "no token that works was given");
}

function isCancelled(error: unknown): boolean {
  return error instanceof HelperError && error.code === "cancelled";
}

function isWorthAnotherTry(error: unknown): error is HelperError {
  return error instanceof HelperError && ["bad-token", "rejected", "usage"].includes(error.code);
}

function introduction({ target, renews }: LoginQuestion): string {
  const { path, host } = target;
  const place = redact(printable(path === undefined || path === "" ? host : `${host}/${path}`));
  const what =
    renews === undefined
      ? `git needs a Bitbucket token for ${place}`
      : `git needs a new token of account '${renews.name}' for ${place}`;
  return `${what}\n${serverOf(host).shortInstructions}`;
}
