// Puts the real parts together for one request or command. What is costly opens when it is used.
import { join } from "node:path";
import { openRegistry } from "./accounts/registry.ts";
import type { CheckSubject, Ports } from "./operations/ports.ts";
import type { Outside } from "./outside.ts";
import { problemText } from "./problem-text.ts";
import { chooseStore, openStore, type StoreOptions } from "./stores/open.ts";
import { directories } from "./system/directories.ts";
import { tokenFromEnvironment } from "./system/environment-token.ts";
import { openLog } from "./system/log.ts";
import { mayAsk } from "./system/may-ask.ts";
import { readSettings, type Settings } from "./system/settings.ts";
import { version } from "./version.ts";

/**
 * @param url what git asks about; settings are scoped by it.
 * @param checkLater told which account's token to check once the answer is out.
 * Throws HelperError `bad-setting`, `git` or `system`.
 */
export async function openPorts(
  outside: Outside,
  url?: string,
  checkLater: (account: string) => void = () => {},
): Promise<Ports> {
  const settings = await readSettings(outside, url);
  const { data } = directories(outside.env, outside.platform);
  const warn = (message: string, hint?: string): void => {
    outside.stderr.write(problemText(message, hint));
  };
  const unlock = url === undefined ? "always" : "to-write";
  const stores: StoreOptions = {
    data,
    env: outside.env,
    platform: outside.platform,
    unlock: mayAsk(outside, settings) ? unlock : "never",
  };
  const ports: Ports = {
    settings,
    registry: openRegistry(join(data, "accounts.json")),
    openStore: (name) => openStore(name, stores),
    chooseStore: () => chooseStore(settings.store, stores),
    validate: (subject) => validate(subject, settings, outside),
    login: async (question) => {
      const { askForAccount } = await import("./login/ask.ts");
      return await askForAccount(question, ports, outside);
    },
    environmentToken: tokenFromEnvironment(outside.env),
    now: outside.now,
    log: await openLog(settings, outside, warn),
    warn,
    checkLater,
  };
  return ports;
}

async function validate(subject: CheckSubject, settings: Settings, outside: Outside) {
  const { checkToken } = await import("./bitbucket/check-token.ts");
  const { readNetworkSettings } = await import("./system/network-settings.ts");
  const { proxy, noProxy, caFiles } = await readNetworkSettings(outside, settings.apiUrl);
  return await checkToken(subject, {
    proxy,
    noProxy,
    caFiles,
    apiUrl: settings.apiUrl,
    timeoutMilliseconds: settings.timeoutSeconds * 1000,
    userAgent: `git-credential-bitbucket/${version}`,
  });
}
