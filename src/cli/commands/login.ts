// login: a token from the terminal or from standard input becomes an account. docs/design.md, "Commands".
import { madeAccounts } from "../../accounts/learned.ts";
import { openContext } from "../../flows/open-context.ts";
import { HelperError } from "../../errors.ts";
import { terminalPrompter, isYes } from "../../ask/terminal-prompter.ts";
import { type LoggedIn, logIn, type LoginOptions } from "../../flows/login/login.ts";
import { usualServer } from "../../servers/servers.ts";
import { loginReport } from "../text/login-report.ts";
import { readLoginOptions } from "./login-options.ts";
import { noPrompter } from "../../ask/no-prompter.ts";
import { readOffers } from "../../flows/login/offers.ts";
import type { Context } from "../../flows/context.ts";
import { sweepAbandoned } from "../../secrets/orphans.ts";
import type { Outside } from "../../outside.ts";
import { warningText } from "../../screen/problem-text.ts";
import { findBrowser, openInBrowser } from "../../ask/browser.ts";
import { mayAsk } from "../../ask/may-ask.ts";
import { isLocked, lockedNote, lockPlace } from "../../secrets/lock.ts";
import { openTerminal, type Terminal } from "../../ask/terminal.ts";
import { readTokenFromStdin } from "../../ask/token.ts";
import type { Secret } from "../../secret.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { printedToken } from "../../flows/login/printed-token.ts";
import type { CommandInput } from "../command.ts";
import { forgetInDaemon } from "../tell-daemon.ts";

export async function run({ values }: CommandInput, outside: Outside): Promise<number> {
  const options = readLoginOptions(values, outside);
  if (values["with-token"] === true) refuseTerminal(outside);
  const context = await openContext(outside);
  const checked = {
    ...options,
    validate: options.validate && context.settings.validate !== "never",
  };
  const result = await logInFrom(values["with-token"] === true, checked, context, outside);
  await sweepAbandoned(context);
  if (result.renewed) await forgetInDaemon(result.account.name, outside);
  outside.stdout.write(loginReport(result, context, outside));
  if (isLocked(lockPlace(outside))) outside.stdout.write(lockedNote);
  return 0;
}

/** What is typed there would stand on the screen. */
function refuseTerminal({ stdin }: Outside): void {
  if ("isTTY" in stdin && stdin.isTTY === true)
    throw new HelperError(
      "usage",
      "--with-token reads standard input, which is the terminal here",
      {
        hint: "git credential-bitbucket login",
      },
    );
}

async function logInFrom(
  withToken: boolean,
  options: LoginOptions,
  context: Context,
  outside: Outside,
): Promise<LoggedIn> {
  const { command } = options;
  if (command !== undefined)
    return await fromElsewhere(
      `--command ${shellWord(command.map(shellWord).join(" "))}`,
      () => printedToken(command, context),
      options,
      context,
      outside,
    );
  if (!withToken) return await fromTerminal(options, context, outside);
  const read = (): Promise<Secret> => readTokenFromStdin(outside.stdin);
  return await fromElsewhere("--with-token", read, options, context, outside);
}

async function fromElsewhere(
  how: string,
  token: () => Promise<Secret>,
  options: LoginOptions,
  context: Context,
  outside: Outside,
): Promise<LoggedIn> {
  const offers = await readOffers(outside, context.settings.hosts);
  const prompter = noPrompter(how, token, (message) => {
    outside.stderr.write(warningText(message));
  });
  // Nobody said that the repository one stands in has anything to do with it.
  return await logIn(
    options,
    prompter,
    { ...offers, repository: undefined },
    await context.registry.read(),
    context,
  );
}

async function fromTerminal(
  options: LoginOptions,
  context: Context,
  outside: Outside,
): Promise<LoggedIn> {
  if (!mayAsk(outside, context.settings))
    throw notInteractive(
      "GIT_TERMINAL_PROMPT, credential.interactive or CI forbids to ask for a token",
    );
  const terminal = openTerminal(outside.platform);
  if (terminal === undefined) throw notInteractive("there is no terminal to ask for a token");
  try {
    const accounts = await context.registry.read();
    const offers = await readOffers(outside, context.settings.hosts);
    const renews = madeAccounts(accounts).find(({ name }) => name === options.account);
    if (renews !== undefined) terminal.write(`A new token for account '${renews.name}'.\n`);
    terminal.write(usualServer.instructions);
    await offerBrowser(terminal, outside);
    const prompter = terminalPrompter(terminal, context.now);
    return await logIn(options, prompter, offers, accounts, context);
  } finally {
    terminal.close();
  }
}

function notInteractive(message: string): HelperError {
  return new HelperError("not-interactive", message, {
    hint: "git credential-bitbucket login --with-token < TOKEN-FILE",
  });
}

/** Never opens it without asking. */
async function offerBrowser(terminal: Terminal, outside: Outside): Promise<void> {
  const browser = findBrowser(outside);
  if (browser === undefined) return;
  const answer = await terminal.ask("Open that page in the browser? (y/n) [n]: ");
  if (isYes(answer)) openInBrowser(browser, usualServer.tokenPage, outside);
}
