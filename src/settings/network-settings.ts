// How to reach Bitbucket's REST interface: as git is told to reach the network. git-config(1), http.*; curl(1), ENVIRONMENT.
import type { Environment, Outside } from "../outside.ts";
import { closestValues, type ConfigEntry, isProtected } from "../git/config-entries.ts";
import { readGitConfig } from "../git/git-config.ts";
import type { RawValue } from "../git/config-value.ts";
import { boolean, file } from "./setting-values.ts";

export interface NetworkSettings {
  /** URL with its scheme; it may hold a user and a password, so it is not shown. Undefined: straight. */
  readonly proxy: string | undefined;
  /** Hosts reached without the proxy, as curl writes them: names separated by commas or spaces, or `*`. */
  readonly noProxy: string | undefined;
  /** PEM files with certificates trusted besides those that Node brings. */
  readonly caFiles: readonly string[];
  /** A folder with more of them. */
  readonly caFolder: string | undefined;
  /** True when http.sslVerify=false is set. It does not apply to us: a token would go to whoever answers. */
  readonly sslVerifyIgnored: boolean;
}

/**
 * @param apiUrl whose http.<url>.* settings apply.
 * Throws HelperError `git` when git cannot read its configuration.
 */
export async function readNetworkSettings(
  outside: Pick<Outside, "env" | "cwd" | "signal">,
  apiUrl: string,
): Promise<NetworkSettings> {
  return networkSettingsFrom(await readGitConfig(outside), apiUrl, outside.env);
}

/**
 * A repository's own proxy and authority would get to read the token, so they count for git only. Whether git checks
 * certificates is told as git has it.
 *
 * @param entries as readGitConfig gives them.
 * @param apiUrl whose http.<url>.* settings apply.
 */
export function networkSettingsFrom(
  entries: readonly ConfigEntry[],
  apiUrl: string,
  env: Environment,
): NetworkSettings {
  const config = closestValues(entries.filter(isProtected), "http", apiUrl);
  const gits = closestValues(entries, "http", apiUrl);
  return {
    proxy: findProxy(config, env, apiUrl),
    noProxy: firstSet(env["no_proxy"], env["NO_PROXY"]),
    caFiles: findCaFiles(config, env),
    caFolder: paths([setting(env["GIT_SSL_CAPATH"], config.get("sslcapath"))], env)[0],
    sslVerifyIgnored:
      boolean.read(gits.get("sslverify") ?? true, undefined) === false ||
      env["GIT_SSL_NO_VERIFY"] !== undefined,
  };
}

/** Git's setting goes before the variables, and an empty one says: no proxy, whatever they say. */
function findProxy(
  config: ReadonlyMap<string, RawValue>,
  env: Environment,
  apiUrl: string,
): string | undefined {
  const configured = config.get("proxy");
  const proxy =
    typeof configured === "string"
      ? configured
      : firstSet(...proxyVariables(apiUrl).map((name) => env[name]));
  if (proxy === undefined || proxy === "") return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

/** HTTP_PROXY in capitals does not count: a CGI request could set it. curl(1). */
function proxyVariables(apiUrl: string): readonly string[] {
  const ofScheme = apiUrl.startsWith("https:") ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"];
  return [...ofScheme, "all_proxy", "ALL_PROXY"];
}

function findCaFiles(config: ReadonlyMap<string, RawValue>, env: Environment): readonly string[] {
  const gits = setting(env["GIT_SSL_CAINFO"], config.get("sslcainfo"));
  // The front starts Node without it, since reading it at the start costs more than everything else.
  const nodes = firstSet(
    env["GIT_CREDENTIAL_BITBUCKET_EXTRA_CA_CERTS"],
    env["NODE_EXTRA_CA_CERTS"],
  );
  return [...new Set(paths([gits, nodes], env))];
}

function setting(variable: string | undefined, configured: RawValue | undefined) {
  return firstSet(variable) ?? (configured === true ? undefined : configured);
}

/** A relative path leads into whatever folder we are in, and the authority there may be anybody's. */
function paths(values: readonly (string | undefined)[], { HOME }: Environment): readonly string[] {
  return values.flatMap((path) => (path === undefined ? [] : (file.read(path, HOME) ?? [])));
}

function firstSet(...values: readonly (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== "");
}
