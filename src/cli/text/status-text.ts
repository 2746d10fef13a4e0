// The answer of `status` for people.
import { tokenKinds } from "../../servers/token-kind.ts";
import type { Style } from "../../screen/style.ts";
import { accountText, problemLines, row } from "./account-text.ts";
import type { Problem } from "../../accounts/problems.ts";
import type { Status, StoreStatus } from "../../flows/status.ts";
import type { TokenStatus } from "../../flows/environment-status.ts";

type Paint = (style: Style, text: string) => string;

/** @param now milliseconds since 1970. */
export function statusText(status: Status, now: number, paint: Paint): string {
  const blocks = status.accounts.map(({ account, problems }) =>
    accountText(account, problems, now, paint),
  );
  if (status.environment !== undefined) blocks.unshift(environmentText(status.environment, paint));
  if (status.accounts.length === 0)
    blocks.push("there are no accounts yet\nnext: git credential-bitbucket login\n");
  return [...blocks, storeText(status.store, paint), ...checksText(status.checksOff)].join("\n");
}

function checksText(off: Problem | undefined): readonly string[] {
  return off === undefined ? [] : [`${off.message}\nnext: ${off.next}\n`];
}

function environmentText({ kind, scope, problems }: TokenStatus, paint: Paint): string {
  return [
    paint("bold", "BITBUCKET_TOKEN"),
    row("kind", tokenKinds[kind].title, paint),
    row("for", scope, paint),
    ...problemLines(problems, paint),
    "",
  ].join("\n");
}

function storeText({ name, setBy, problems }: StoreStatus, paint: Paint): string {
  const found = name === "keychain" ? "since it answers" : "since no keychain answers";
  const because = setBy === undefined ? found : `as ${setBy} says`;
  const sentence =
    problems.length === 0
      ? `new secrets go to the ${name} store, ${because}`
      : `new secrets should go to the ${name} store, ${because}, but they cannot`;
  return [sentence, ...problemLines(problems, paint), ""].join("\n");
}
