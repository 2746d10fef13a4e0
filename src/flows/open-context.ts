// Puts the real parts together for one request or command. What is costly opens when it is used.
import { join } from "node:path";
import { openRegistry } from "../accounts/registry.ts";
import type { RestSettings } from "../net/rest.ts";
import { systemAuthorities } from "../net/system-authorities.ts";
import type { Context } from "./context.ts";
import type { Outside } from "../outside.ts";
import { holdBack } from "../secrets/stores/hold-back.ts";
import { chooseStore, openStore, probeStore, type StoreOptions } from "../secrets/stores/open.ts";
import { directories } from "../files/directories.ts";
import { tokenFromEnvironment } from "../settings/environment-token.ts";
import { isInPipeline, mayAsk } from "../ask/may-ask.ts";
import { openLog } from "../log/open-log.ts";
import type { ConfigEntry } from "../git/config-entries.ts";
import { readGitConfig } from "../git/git-config.ts";
import { settingsFrom } from "../settings/settings.ts";
import { verifyToken } from "../servers/remote.ts";
import { version } from "../version.ts";

/** However long a check may take, git is not kept waiting for more. */
const longestCheckForGitSeconds = 5;

/**
 * @param purpose a command may take its time and unlock stores; git's operations may not.
 * @param url what git asks about: settings are scoped by it.
 * Throws HelperError `bad-setting`, `git` or `system`.
 */
export async function openContext(
  outside: Outside,
  purpose: "command" | "operation" = "command",
  url = "https://bitbucket.org",
): Promise<Context> {
  const config = await readGitConfig(outside);
  const settings = settingsFrom(config, url, outside.env);
  const { timeoutSeconds, apiUrl } = settings;
  const isCommand = purpose === "command";
  const checkSeconds = isCommand
    ? timeoutSeconds
    : Math.min(timeoutSeconds, longestCheckForGitSeconds);
  const { data } = directories(outside.env, outside.platform);
  const stores: StoreOptions = {
    data,
    env: outside.env,
    platform: outside.platform,
    unlock: !mayAsk(outside, settings) ? "never" : isCommand ? "always" : "to-write",
    askPassphrase: mayAsk(outside, settings, isCommand ? "command" : "get")
      ? async (occasion) => {
          const { askPassphrase } = await import("../ask/passphrase.ts");
          return await askPassphrase(occasion, outside);
        }
      : undefined,
  };
  return {
    outside,
    config,
    settings,
    registry: openRegistry(join(data, "accounts.json")),
    openStore: async (name) => holdBack(await openStore(name, stores), data),
    chooseStore: () => chooseStore(settings.store, stores),
    probeStore: (name) => probeStore(name, stores),
    validate: (host, subject) =>
      verifyToken(host, subject, () => readRestSettings(apiUrl, checkSeconds, outside, config)),
    learns: !isInPipeline(outside.env),
    environmentToken: tokenFromEnvironment(outside.env),
    now: outside.now,
    log: await openLog(settings, outside),
  };
}

/**
 * How Bitbucket's REST interface is reached from here.
 * @param config git's configuration, where it has been read already. Throws HelperError `git`.
 */
export async function readRestSettings(
  apiUrl: string,
  seconds: number,
  outside: Pick<Outside, "env" | "cwd" | "signal">,
  config?: readonly ConfigEntry[],
): Promise<RestSettings> {
  const { networkSettingsFrom } = await import("../settings/network-settings.ts");
  const entries = config ?? (await readGitConfig(outside));
  const { sslVerifyIgnored: _, ...network } = networkSettingsFrom(entries, apiUrl, outside.env);
  return {
    ...network,
    system: systemAuthorities(outside.env),
    apiUrl,
    timeoutMilliseconds: seconds * 1000,
    userAgent: `git-credential-bitbucket/${version}`,
  };
}
