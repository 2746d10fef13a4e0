// Logins for Bitbucket that lie where other programs keep theirs: app passwords that are dead since 28 July 2026, and
// tokens that are better off here. Looked at as `migrate` does; nobody is asked, and nothing is changed.
import { recognise, tokenKinds } from "../../servers/token-kind.ts";
import { findVariables } from "../migrate/environment-names.ts";
import { findAll } from "../migrate/find-all.ts";
import { type GroupName, groupTitles, type Source } from "../migrate/place.ts";
import { showPaths } from "../../screen/home-path.ts";
import { type Finding, ok, skipped, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";

const migrate = "git credential-bitbucket migrate";

export async function checkElsewhere(context: DoctorContext): Promise<readonly Finding[]> {
  const { git, outside, verbose } = context;
  const { hosts } = await context.settings();
  const shown = showPaths(outside);
  const scope = { folder: undefined, hosts, shown, onProgress: () => {} };
  const { sources, notes } = await findAll(scope, git, outside);
  const findings = [
    ...(verbose ? sources.flatMap((source) => tell(source.title, [source])) : tellGroups(sources)),
    ...tellVariables(context),
    ...notes.map((note) => skipped(note)),
  ];
  return findings.length > 0 ? findings : [ok("no login for bitbucket lies anywhere else")];
}

/** Without the files' names: a folder may be called after a person or a customer. */
function tellGroups(sources: readonly Source[]): readonly Finding[] {
  return Object.entries(groupTitles).flatMap(([name, title]) =>
    tell(
      title,
      sources.filter(({ group }) => group === (name as GroupName)),
    ),
  );
}

function tell(where: string, sources: readonly Source[]): readonly Finding[] {
  const kinds = sources
    .flatMap(({ places }) => places)
    .flatMap(({ secret, username }) => (secret === undefined ? [] : [recognise(secret, username)]));
  if (kinds.length === 0) return [];
  const dead = kinds.filter((kind) => kind === "app-password").length;
  const parts = [count(dead, "dead app password"), count(kinds.length - dead, "other login")];
  return [warning(`${where}: ${parts.filter((part) => part !== "").join(", ")}`, migrate)];
}

function tellVariables({ outside, verbose }: DoctorContext): readonly Finding[] {
  const dead = findVariables(outside.env).filter(
    ({ title }) => title === tokenKinds["app-password"].title,
  );
  if (dead.length === 0) return [];
  const names = verbose ? ` (${dead.map(({ name }) => name).join(", ")})` : "";
  const message = `the environment: ${count(dead.length, "dead app password")}${names}`;
  return [warning(message, `${migrate} --dry-run`)];
}

/** Empty for none. */
function count(number: number, what: string): string {
  if (number === 0) return "";
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
