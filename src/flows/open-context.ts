// Puts the real parts together for one request or command. What is costly opens when it is used.
import { join } from "node:path";
import { openRegistry } from "../accounts/registry.ts";
import type { RestSettings } from "../net/rest.ts";
import type { Ports } from "./context.ts";
import type { Outside } from "../outside.ts";
import { problemText, warningText } from "../screen/problem-text.ts";
import { holdBack } from "../secrets/stores/hold-back.ts";
import { chooseStore, openStore, probeStore, type StoreOptions } from "../secrets/stores/open.ts";
import { directories } from "../files/directories.ts";
import { tokenFromEnvironment } from "../settings/environment-token.ts";
import { isInPipeline, mayAsk } from "../ask/may-ask.ts";
import { openLog } from "../log/open-log.ts";
import type { ConfigEntry } from "../git/config-entries.ts";
import { readGitConfig } from "../git/git-config.ts";
import { settingsFrom } from "../settings/settings.ts";
import { version } from "../version.ts";

/** What the parts are put together for. */
export interface Occasion {
  /** What git asks about; settings are scoped by it. */
  readonly url?: string;
  /** Told which account's token to check once the answer is out; given when git waits for an answer. */
  readonly checkLater?: (account: string) => void;
  readonly served?: Ports["served"];
  readonly forgotten?: Ports["forgotten"];
}

/** However long a check may take, git is not kept waiting for more. */
const longestCheckForGitSeconds = 5;

/** Throws HelperError `bad-setting`, `git` or `system`. */
export async function openPorts(outside: Outside, occasion: Occasion = {}): Promise<Ports> {
  const { url = "https://bitbucket.org", checkLater, served, forgotten } = occasion;
  const config = await readGitConfig(outside);
  const settings = settingsFrom(config, url, outside.env);
  const checkSeconds =
    checkLater === undefined
      ? settings.timeoutSeconds
      : Math.min(settings.timeoutSeconds, longestCheckForGitSeconds);
  const { data, state } = directories(outside.env, outside.platform);
  const warn = (message: string, hint?: string): void => {
    outside.stderr.write(problemText(message, hint));
  };
  const note = (message: string, hint?: string): void => {
    outside.stderr.write(warningText(message, hint));
  };
  const isCommand = checkLater === undefined;
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
  const ports: Ports = {
    settings,
    registry: openRegistry(join(data, "accounts.json")),
    openStore: async (name) => holdBack(await openStore(name, stores), data),
    chooseStore: () => chooseStore(settings.store, stores),
    probeStore: (name) => probeStore(name, stores),
    validate: async (subject) => {
      const { checkToken } = await import("../servers/cloud/check-token.ts");
      const { apiUrl } = settings;
      return await checkToken(
        subject,
        await readRestSettings(apiUrl, checkSeconds, outside, config),
      );
    },
    login: async (question) => {
      const { askForAccount } = await import("./login/first-use.ts");
      return await askForAccount(question, ports, outside);
    },
    learns: !isInPipeline(outside.env),
    environmentToken: tokenFromEnvironment(outside.env),
    now: outside.now,
    log: await openLog(settings, outside, warn),
    warn,
    note,
    warnRarely: async (name, message, hint) => {
      const { isFirstThisMinute } = await import("../files/once-a-minute.ts");
      if (!(await isFirstThisMinute(join(state, "reminders"), name, outside.now()))) return;
      warn(message, hint);
    },
    isLastWay: async (host) => {
      const { isLastWay } = await import("./last-way.ts");
      return isLastWay(host, config, settings, outside);
    },
    remind: async (name, message, hint) => {
      const { isFirstToday } = await import("../files/once-a-day.ts");
      if (!(await isFirstToday(join(state, "reminders"), name, outside.now()))) return;
      note(message, hint);
    },
    checkLater: checkLater ?? (() => {}),
    served,
    forgotten,
  };
  return ports;
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
  const { proxy, noProxy, caFiles } = networkSettingsFrom(entries, apiUrl, outside.env);
  return {
    proxy,
    noProxy,
    caFiles,
    apiUrl,
    timeoutMilliseconds: seconds * 1000,
    userAgent: `git-credential-bitbucket/${version}`,
  };
}
