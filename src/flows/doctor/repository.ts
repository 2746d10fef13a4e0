// What the repository here says about our settings, and about the way to Bitbucket's REST interface: it does not count.
import { resolve } from "node:path";
import { shellWord } from "../../screen/shell-word.ts";
import { type ConfigEntry, fittingEntries, isProtected } from "../../git/config-entries.ts";
import { findTopLevel } from "../../git/git-repository.ts";
import { printable } from "../../screen/printable.ts";
import { settingRows } from "../../settings/setting-rows.ts";
import { nameOf } from "../../settings/settings.ts";
import { type Finding, ok, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";

/** Those of git that REST goes by, too. */
const network = new Set(["proxy", "sslcainfo", "sslcapath"]);

export async function checkRepository(context: DoctorContext): Promise<readonly Finding[]> {
  const entries = await context.config();
  const { apiUrl } = await context.settings();
  const foreign = entries.filter((entry) => !isProtected(entry));
  const ignored = [
    ...foreign.filter(isOurs),
    ...fittingEntries(foreign, "http", apiUrl)
      .filter(({ name }) => network.has(name))
      .map(({ entry }) => entry),
  ];
  if (ignored.length === 0) return [ok("it says nothing about this program's settings")];
  // Git names its files from there.
  const root = (await findTopLevel(context.git)) ?? context.outside.cwd;
  const findings = ignored.map((entry) => tell(entry, root));
  // A key with several values is one line.
  return [...new Map(findings.map((finding) => [finding.message, finding])).values()];
}

/** Whatever URL it is for. */
function isOurs({ key }: ConfigEntry): boolean {
  return (
    key.startsWith("credential.") && settingRows.some((row) => key.endsWith(`.${nameOf(row)}`))
  );
}

function tell({ key, origin }: ConfigEntry, root: string): Finding {
  const file = resolve(root, origin.replace(/^file:/u, ""));
  const shown = printable(key);
  // A key that cannot be shown cannot be pasted either.
  const change = shown === key ? `--unset-all ${shellWord(key)}` : "--edit";
  return warning(
    `${shown} in ${printable(file)} is ignored: only your own configuration counts`,
    `git config --file ${shellWord(printable(file))} ${change}   # if it is yours: git config --global --edit`,
  );
}
