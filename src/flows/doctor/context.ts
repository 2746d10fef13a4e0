// What the checks look at. Each thing is read once, whoever asks first, and nobody is ever asked or prompted.
import { setTimeout as sleep } from "node:timers/promises";
import type { Account } from "../../accounts/account.ts";
import type { RestResult } from "../../net/rest-answer.ts";
import { openContext, readRestSettings } from "../open-context.ts";
import { reachServer } from "../../servers/remote.ts";
import { usualHost } from "../../servers/servers.ts";
import { HelperError } from "../../errors.ts";
import type { Context } from "../context.ts";
import type { Outside } from "../../outside.ts";
import { type ConfigEntry, listConfig } from "../../git/git-configuration.ts";
import { type Git, openGit } from "../../git/git.ts";
import { type NetworkSettings, readNetworkSettings } from "../../settings/network-settings.ts";
import { readSettings, type Settings } from "../../settings/settings.ts";

/** What came of asking Bitbucket's REST interface without a secret. */
export interface Reach {
  readonly result: RestResult;
  /** Milliseconds since 1970, on this machine's clock. */
  readonly sent: number;
  readonly received: number;
}

export interface DoctorContext {
  readonly outside: Outside;
  /** Whether names of persons, accounts and hosts may be shown. */
  readonly verbose: boolean;
  readonly git: Git;
  /** The value of credential.helper that names this program. Throws HelperError `system`. */
  readonly helper: () => string;
  readonly config: () => Promise<readonly ConfigEntry[]>;
  readonly settings: () => Promise<Settings>;
  /** A keychain that is locked stays so. */
  readonly flow: () => Promise<Context>;
  readonly accounts: () => Promise<readonly Account[]>;
  /** As they hold for the API. */
  readonly network: () => Promise<NetworkSettings>;
  readonly reach: () => Promise<Reach>;
}

/** Git reads a few files; when that takes longer, one of them does not answer. */
const gitSeconds = 8;
const longestReachSeconds = 10;

/** @param outside its signal must fire when the run is over, so that nothing of it goes on. */
export function openDoctorContext(
  outside: Outside,
  helper: () => string,
  verbose: boolean,
): DoctorContext {
  const git = openGit(outside);
  const config = once(() => soon(listConfig(git)));
  const settings = once(() => soon(readSettings(outside)));
  const flow = once(async () => {
    // With settings that cannot be read, whoever needs them tells the same.
    await settings();
    return await openContext({ ...outside, env: quietly(outside.env) });
  });
  return {
    outside,
    verbose,
    git,
    helper,
    config,
    settings,
    flow,
    accounts: once(async () => await (await flow()).registry.read()),
    network: once(async () => soon(readNetworkSettings(outside, (await settings()).apiUrl))),
    reach: once(async () => reach(await settings(), outside)),
  };
}

/** A token of the environment has a check of its own, and no keychain may ask on the screen. */
function quietly(env: Outside["env"]): Outside["env"] {
  return { ...env, GIT_TERMINAL_PROMPT: "0", BITBUCKET_TOKEN: undefined };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => (started ??= read());
}

async function soon<T>(answer: Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = async (): Promise<never> => {
    await sleep(gitSeconds * 1000, undefined, { signal: done.signal });
    throw new HelperError("git", `git does not read its configuration within ${gitSeconds} s`, {
      hint: "git config --list --show-origin",
    });
  };
  try {
    return await Promise.race([answer, late()]);
  } finally {
    done.abort();
  }
}

async function reach(settings: Settings, outside: Outside): Promise<Reach> {
  const seconds = Math.min(settings.timeoutSeconds, longestReachSeconds);
  const rest = await readRestSettings(settings.apiUrl, seconds, outside);
  const sent = outside.now();
  const result = await reachServer(usualHost, rest);
  return { result, sent, received: outside.now() };
}
