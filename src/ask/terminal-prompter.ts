// The questions of a login on the terminal. Each says what it offers in brackets; Enter takes that.
import { parseScope, type AccountScope } from "../accounts/account.ts";
import { isEmail } from "../servers/email.ts";
import type { TokenFacts } from "../servers/verdict.ts";
import { HelperError } from "../errors.ts";
import { hasToken } from "../screen/redact.ts";
import { printable } from "../screen/printable.ts";
import type { Terminal } from "./terminal.ts";
import { parseExpiry } from "./expiry.ts";
import type { OfferedScope, Prompter } from "./prompter.ts";
import { readToken } from "./token.ts";

/** How often a question is asked again when the answer has no meaning. */
const tries = 3;

/** @param now milliseconds since 1970. */
export function terminalPrompter(terminal: Terminal, now: () => number): Prompter {
  /** Asks until read() takes the answer; throws what it throws at the last try. */
  async function ask<T>(
    question: string,
    offered: string | undefined,
    read: (answer: string) => T,
  ): Promise<T> {
    const brackets = offered === undefined ? "" : ` [${printable(offered)}]`;
    for (let left = tries; ; left -= 1) {
      const answer = (await terminal.ask(`${question}${brackets}: `)).trim();
      try {
        return read(answer === "" ? (offered ?? "") : answer);
      } catch (error) {
        if (!(error instanceof HelperError) || left === 1) throw error;
        terminal.write(`${printable(error.message)}\n`);
      }
    }
  }

  return {
    token: async () => readToken(await terminal.ask("Token (not shown): ", { hidden: true })),
    confirms: async (doubt) => {
      terminal.write(`${doubt}\n`);
      return await ask("Go on with it? (y/n)", "n", isYes);
    },
    email: async (offered) => ({
      email: await ask("Email of your Atlassian account", offered, readEmail),
      emailCertain: true,
    }),
    username: async () =>
      await ask(
        "Your Bitbucket username, or x-token-auth for an OAuth access token",
        undefined,
        readUsername,
      ),
    scope: async (covers, offered) => {
      const { question, text, read } = scopeQuestion(covers, offered);
      return await ask(question, text, read);
    },
    workspace: async (conflict, offered) => {
      terminal.write(`account '${conflict.name}' answers for every repository already\n`);
      return await ask("Workspace to use this token for", offered, (answer) => {
        const scope = answer === "" ? undefined : parseScope({ workspace: answer });
        return scope?.level === "workspace" ? scope.workspace : undefined;
      });
    },
    expires: async (offered) =>
      await ask("It expires on (a date, 90d or never)", offered, (answer) =>
        parseExpiry(answer, now()),
      ),
  };
}

export function isYes(answer: string): boolean {
  return /^y(?:es)?$/iu.test(answer.trim());
}

function readEmail(answer: string): string {
  if (hasToken(answer)) throw new HelperError("usage", "that is a token, not an email address");
  if (isEmail(answer)) return answer;
  throw new HelperError("usage", "that is no email address, such as you@example.com");
}

function readUsername(answer: string): string {
  if (hasToken(answer)) throw new HelperError("usage", "that is a token, not a username");
  if (/^[^\s\p{C}:]+$/u.test(answer)) return answer;
  throw new HelperError("usage", "a username has no spaces and is not empty");
}

interface ScopeQuestion {
  readonly question: string;
  readonly text: string | undefined;
  readonly read: (answer: string) => AccountScope;
}

/** Bitbucket may have told what kind of access token it is; then only its name is missing. */
function scopeQuestion(covers: TokenFacts["covers"], offered: OfferedScope): ScopeQuestion {
  const { workspace, repository, project } = offered;
  const inWorkspace = (name: string | undefined): string | undefined =>
    workspace === undefined || name === undefined ? undefined : `${workspace}/${name}`;
  if (covers === "workspace")
    return {
      question: "A workspace access token; the workspace is",
      text: workspace,
      read: (answer) => required(parseScope({ workspace: answer })),
    };
  if (covers === "project")
    return {
      question: "A project access token; the project is (WORKSPACE/KEY)",
      text: inWorkspace(project),
      read: (answer) => required(parseScope({ project: answer })),
    };
  if (covers === "repository")
    return {
      question: "A repository access token; the repository is (WORKSPACE/REPOSITORY)",
      text: inWorkspace(repository),
      read: (answer) => required(parseScope({ repository: answer })),
    };
  return {
    question: "It is for (WORKSPACE/REPOSITORY, or a whole WORKSPACE)",
    text: inWorkspace(repository),
    read: (answer) =>
      required(parseScope(answer.includes("/") ? { repository: answer } : { workspace: answer })),
  };
}

function required(scope: AccountScope | undefined): AccountScope {
  if (scope === undefined) throw new HelperError("usage", "that names nothing of bitbucket");
  return scope;
}
