// Which helpers git asks for Bitbucket, as git reads its configuration: whether ours is among them, who keeps it from being
// asked, and who gets copies of its tokens. docs/git.md, "Configuration".
import { existsSync } from "node:fs";
import { isOwnInclude } from "../../git/helper-lines.ts";
import type { Environment } from "../../outside.ts";
import { helperChain, isOurHelper } from "../../git/helper-chain.ts";
import { programOf } from "../../git/helper-command.ts";
import type { ConfigEntry } from "../../git/git-configuration.ts";
import { isExecutable } from "../../processes/find-program.ts";
import { describeOther, helperName, placeOf, remedyFor } from "../../git/other-helper.ts";
import { printable } from "../../screen/printable.ts";
import { failed, type Finding, ok, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";

const mainHost = "bitbucket.org";
const configure = "git credential-bitbucket configure";
export const showHelpers = "git config --show-origin --get-regexp 'credential.*helper'";

export async function checkHelpers(context: DoctorContext): Promise<readonly Finding[]> {
  const entries = await context.config();
  const { hosts } = await context.settings();
  const findings = new Map<string, Finding>();
  const notAsked: string[] = [];
  for (const host of hosts) {
    const found = examineChain(helperChain(entries, host), context.helper());
    if (found === "not asked") notAsked.push(host);
    // The same line may be wrong for several hosts.
    else for (const finding of found) findings.set(finding.message, finding);
  }
  if (notAsked.length > 0) findings.set("", tellNotAsked(notAsked, entries, context));
  if (findings.size > 0) return [...findings.values()];
  return [ok("git asks this helper for bitbucket's hosts, and no other")];
}

function examineChain(
  chain: readonly ConfigEntry[],
  helper: string,
): readonly Finding[] | "not asked" {
  const place = chain.findLastIndex((entry) => isOurs(entry, helper));
  const ours = chain[place];
  if (ours === undefined) return "not asked";
  const behind = chain.slice(place + 1);
  const cleared = behind.find(({ value }) => isBlank(value));
  if (cleared !== undefined) return [failed(describeOther(cleared), remedyFor(cleared))];
  return [
    ...examineProgram(ours, helper),
    ...before(chain, place).map((entry) =>
      warning(
        `git asks ${helperName(entry)} before this helper, and gives it a copy of every token: ${placeOf(entry)} says so`,
        configure,
      ),
    ),
    ...behind.map((entry) => warning(describeOther(entry), remedyFor(entry))),
  ];
}

function tellNotAsked(
  hosts: readonly string[],
  entries: readonly ConfigEntry[],
  { outside }: DoctorContext,
): Finding {
  // git-lfs asks for the host with www, and hosts of the settings may be somebody else's affair.
  const tell = hosts.includes(mainHost) ? failed : warning;
  const message = `git does not ask this helper for ${printable(hosts.join(", "))}`;
  const copied = entries.find(
    ({ key, value = "" }) => key === "include.path" && isOwnInclude(value),
  );
  if (copied === undefined || tell === warning) return tell(message, configure);
  const here = isContainer(outside.env) ? "in this container" : "on this machine";
  const missing = `${printable(copied.value ?? "")}, which is not ${here}`;
  return tell(`${message}: ${placeOf(copied)} includes ${missing}`, configure);
}

/** Docker, Podman and systemd-nspawn; and what editors set in theirs. */
function isContainer(env: Environment): boolean {
  return (
    ["/.dockerenv", "/run/.containerenv"].some((path) => existsSync(path)) ||
    ["container", "REMOTE_CONTAINERS", "CODESPACES"].some((name) => (env[name] ?? "") !== "")
  );
}

/** Those that no blank entry has cleared. */
function before(chain: readonly ConfigEntry[], place: number): readonly ConfigEntry[] {
  const start = chain.slice(0, place).findLastIndex(({ value }) => isBlank(value)) + 1;
  return chain.slice(start, place);
}

function isBlank(value: string | undefined): boolean {
  return value === undefined || value === "";
}

function isOurs(entry: ConfigEntry, helper: string): boolean {
  return entry.value === helper || isOurHelper(entry);
}

function examineProgram(entry: ConfigEntry, helper: string): readonly Finding[] {
  const { value = "" } = entry;
  const program = programOf(value);
  if (value === helper || program === undefined) return [];
  const named = `${printable(program)}, as ${placeOf(entry)} says`;
  return [
    isExecutable(program)
      ? warning(`git runs another copy of this program: ${named}`, configure)
      : failed(`the program that git is to run is gone: ${named}`, configure),
  ];
}

/** Without it git does not say which repository it is about, and accounts of one repository cannot be chosen. */
export async function checkHttpPath(context: DoctorContext): Promise<Finding> {
  const { useHttpPath } = await context.settings();
  if (useHttpPath) return ok("git says which repository it is about");
  const message = "git does not say which repository it is about";
  const entries = await context.config();
  const refusing = entries.findLast(({ key }) => /^credential\..*usehttppath$/u.test(key));
  if (refusing === undefined) return warning(message, configure);
  return warning(
    `${message}: ${placeOf(refusing)} says so`,
    "git config --show-origin --get-regexp 'credential.*usehttppath'",
  );
}
