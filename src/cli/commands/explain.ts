// explain: which account would answer for a URL, why, and what git would be told. No secret is read.
import { openContext } from "../../flows/open-context.ts";
import { type Explanation, explain } from "../../flows/explain.ts";
import type { Outside } from "../../outside.ts";
import { requestFromUrl } from "../../protocol/url.ts";
import { hasToken, redact } from "../../screen/redact.ts";
import { printable } from "../../screen/printable.ts";
import { isLocked, lockedMessage, lockPlace, unlockCommand } from "../../secrets/lock.ts";
import { readTarget } from "../../accounts/target.ts";
import type { CommandInput } from "../command.ts";
import { jsonText } from "../../screen/json-text.ts";

/** Prints an Explanation; with --json as JSON, its keys being stable. */
export async function run(
  { positionals, values }: CommandInput,
  outside: Outside,
): Promise<number> {
  const [url = ""] = positionals;
  const whole = readTarget(requestFromUrl(url, true));
  const path = whole.path === undefined || hasToken(whole.path) ? "" : whole.path;
  const context = await openContext(
    outside,
    "command",
    `${whole.protocol}://${whole.host}/${path}`,
  );
  const request = readTarget(requestFromUrl(url, context.settings.useHttpPath));
  // A token may stand anywhere in what was typed, and parts of it are told.
  const unlocked = redact(await explain(request, context));
  const explanation = isLocked(lockPlace(outside)) ? whileLocked(unlocked) : unlocked;
  outside.stdout.write(values["json"] === true ? jsonText(explanation) : text(explanation));
  return 0;
}

/** What would be answered is held back. */
function whileLocked(explanation: Explanation): Explanation {
  if (!explanation.ours) return explanation;
  const { username: _username, ...rest } = explanation;
  return {
    ...rest,
    problem: lockedMessage,
    otherwise: "answers nothing",
    hint: unlockCommand,
  };
}

function who({ account, username }: Explanation): string {
  if (account !== undefined) return `account '${account}' answers`;
  return username === undefined ? "no account answers" : "no account is asked";
}

function text(explanation: Explanation): string {
  const { because, username, problem, otherwise, hint, another } = explanation;
  const lines = [
    `${who(explanation)}: ${because}`,
    ...(username === undefined ? [] : [`git is told: username ${username}, and its secret`]),
    ...(problem === undefined ? [] : [`problem: ${problem}`]),
    ...(otherwise === undefined ? [] : [`so the helper ${otherwise}`]),
    ...(hint === undefined ? [] : [`next: ${hint}`]),
    ...(another === undefined ? [] : [`for another account: ${another}`]),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}
