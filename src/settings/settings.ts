// Settings: git config keys credential.bitbucket…, each with an environment override. docs/design.md, "Settings and the environment".
import { ownHosts } from "../servers/servers.ts";
import { HelperError } from "../errors.ts";
import type { Environment, Outside } from "../outside.ts";
import type { StoreName } from "../store-names.ts";
import { closestValues, type ConfigEntry, isProtected, lastValue } from "../git/config-entries.ts";
import { readGitConfig } from "../git/git-config.ts";
import { settings, type SettingName, type SettingRow } from "./setting-rows.ts";
import type { RawValue } from "../git/config-value.ts";
import { boolean } from "./setting-values.ts";

export interface Settings {
  /** Undefined: keychain when it answers, else file. */
  readonly store: StoreName | undefined;
  /** The key or the variable that says the store, for people. */
  readonly storeSetBy: string | undefined;
  /** Every host that is ours, folded, with its port when it is not 443: bitbucket.org, www.bitbucket.org and the configured ones. */
  readonly hosts: ReadonlySet<string>;
  readonly apiUrl: string;
  readonly validate: "first-use" | "always" | "never";
  /** Limit of one check against REST, at most 5 in `get`. */
  readonly timeoutSeconds: number;
  readonly daemon: boolean;
  readonly idleTimeoutSeconds: number;
  readonly cacheTimeoutSeconds: number;
  readonly logLevel: "silent" | "error" | "warn" | "info" | "debug" | "trace";
  readonly logFile: string | undefined;
  /** False when credential.interactive or GIT_TERMINAL_PROMPT forbids questions. */
  readonly interactive: boolean;
  /** git's useHttpPath for this URL: without it git sends no path. */
  readonly useHttpPath: boolean;
}

/**
 * Reads all settings with one git process.
 *
 * @param url what git asks about: settings are scoped by URL as git scopes them.
 * Throws HelperError `bad-setting` for a value without meaning, naming where it stands but not the value, and `git`
 * when git cannot read its configuration.
 */
export async function readSettings(
  outside: Pick<Outside, "env" | "cwd" | "signal">,
  url = "https://bitbucket.org",
): Promise<Settings> {
  return settingsFrom(await readGitConfig(outside), url, outside.env);
}

/**
 * Ours count from the person's and the administrator's configuration only: a repository would otherwise say where tokens
 * go. A variable goes before the configuration; an empty one counts as not set. The keys that are git's are read as git
 * reads them, from everywhere.
 *
 * @param entries as readGitConfig gives them.
 * @param url what git asks about.
 * Throws HelperError `bad-setting`.
 */
export function settingsFrom(
  entries: readonly ConfigEntry[],
  url: string,
  env: Environment,
): Settings {
  const config = ownValues(entries, url);
  const gits = (name: string): RawValue | undefined => lastValue(entries, "credential", name, url);
  const value = <N extends SettingName>(name: N) => read(settings[name], config, env) as Value<N>;
  return {
    store: value("store"),
    storeSetBy: setBy(settings.store, config, env),
    hosts: new Set([...ownHosts, ...(value("hosts") ?? [])]),
    apiUrl: value("apiUrl") ?? settings.apiUrl.default,
    validate: value("validate") ?? "first-use",
    timeoutSeconds: value("timeout") ?? 5,
    daemon: value("daemon") ?? true,
    idleTimeoutSeconds: value("idleTimeout") ?? 3600,
    cacheTimeoutSeconds: value("cacheTimeout") ?? 900,
    logLevel: value("logLevel") ?? "silent",
    logFile: value("logFile"),
    interactive: mayAsk(gits("interactive"), env["GIT_TERMINAL_PROMPT"]),
    useHttpPath: boolean.read(gits("usehttppath") ?? "", undefined) ?? false,
  };
}

/** @returns the values of our keys that count for a URL, by the folded name behind `credential.`. */
export function ownValues(
  entries: readonly ConfigEntry[],
  url: string,
): ReadonlyMap<string, RawValue> {
  return closestValues(entries.filter(isProtected), "credential", url);
}

/** @returns the folded name of a setting behind `credential.`. */
export function nameOf({ key }: Pick<SettingRow, "key">): string {
  return key.slice("credential.".length).toLowerCase();
}

type Value<N extends SettingName> = ReturnType<(typeof settings)[N]["kind"]["read"]>;

function read(row: SettingRow, config: ReadonlyMap<string, RawValue>, env: Environment): unknown {
  const by = setBy(row, config, env);
  const raw = by === row.env ? env[by] : config.get(nameOf(row));
  if (raw === undefined) return undefined;
  const value = row.kind.read(raw, env["HOME"]);
  if (value !== undefined) return value;
  throw by === row.env
    ? new HelperError("bad-setting", `${row.env} must be ${row.kind.values}`, {
        hint: `unset ${row.env}`,
      })
    : new HelperError("bad-setting", `${row.key} must be ${row.kind.values}`, {
        hint: `git config --show-origin --get-regexp 'credential.*${row.key.slice(11).toLowerCase()}'`,
      });
}

/** @returns the variable or the key, whichever counts; undefined when neither is set. */
function setBy(
  row: SettingRow,
  config: ReadonlyMap<string, RawValue>,
  env: Environment,
): string | undefined {
  if ((env[row.env] ?? "") !== "") return row.env;
  return config.has(nameOf(row)) ? row.key : undefined;
}

/** These two are git's: a value that git would not understand does not forbid anything. */
function mayAsk(interactive: RawValue | undefined, terminalPrompt: string | undefined): boolean {
  if (interactive === "never" || boolean.read(interactive ?? true, undefined) === false)
    return false;
  return boolean.read(terminalPrompt ?? true, undefined) !== false;
}
