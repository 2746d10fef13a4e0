// Which words name this person and their places. What cannot be found out cannot be in the text either.
import { realpathSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { isAbsolute } from "node:path";
import { ownHosts, usualServer } from "../../servers/servers.ts";
import { parseProxy } from "../../net/proxy.ts";
import { HelperError } from "../../errors.ts";
import type { Outside } from "../../outside.ts";
import type { PrivateWords } from "./mask.ts";
import type { DoctorContext } from "./context.ts";

/** @returns the paths of the home, which is shown as ~ to everybody. */
export function homesOf({ env }: Pick<Outside, "env">): readonly string[] {
  const home = env["HOME"] ?? "";
  if (!isAbsolute(home)) return [];
  const plain = home.replace(/[\\/]+$/u, "");
  // As git and node write it on Windows.
  const written = [plain, plain.replaceAll("\\", "/")];
  try {
    return [...written, realpathSync(plain)];
  } catch {
    return written;
  }
}

/** Waits for what the checks read as well. */
export async function findPrivateWords(context: DoctorContext): Promise<PrivateWords> {
  const accounts = (await known(context.accounts)) ?? [];
  const { env } = context.outside;
  return {
    accounts: accounts.map(({ name }) => name),
    users: words(
      ...accounts.flatMap(({ name, username }) => [name, username]),
      env["USER"],
      env["LOGNAME"],
      loginName(),
      env["BITBUCKET_USERNAME"],
    ),
    emails: words(...accounts.map(({ email }) => email), env["BITBUCKET_EMAIL"]),
    hosts: words(hostname(), hostname().split(".")[0], ...(await namedHosts(context))),
  };
}

async function namedHosts(context: DoctorContext): Promise<readonly (string | undefined)[]> {
  const settings = await known(context.settings);
  const network = await known(context.network);
  const proxy = parseProxy(network?.proxy ?? "");
  const api = settings === undefined ? undefined : new URL(settings.apiUrl);
  const named = [...(settings?.hosts ?? []), api?.host, api?.hostname];
  if (proxy !== "unsupported") named.push(proxy.name, proxy.hostname);
  return named.filter(
    (host) => host !== undefined && !ownHosts.includes(host) && host !== usualServer.apiHost,
  );
}

function words(...list: readonly (string | undefined)[]): readonly string[] {
  return list.flatMap((word) => (word === undefined || word === "" ? [] : [word]));
}

/** @returns undefined when it cannot be read: a check says so. */
async function known<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof HelperError) return undefined;
    throw error;
  }
}

function loginName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // A container's user need not have a name.
    return undefined;
  }
}
