// Who asks, from where: what of the caller's environment decides over settings and accounts. The daemon's own
// environment is frozen at its start and says nothing about them.
import { hash } from "node:crypto";
import type { Environment, Outside } from "../outside.ts";
import type { Attribute, Attributes } from "../protocol/attributes.ts";
import { directories } from "../files/directories.ts";
import { mentions } from "./secret-bytes.ts";

/** What `git -c` set, which may be a password: looked at as bytes, and not kept. */
export interface Parameters {
  /** Of settings of ours in it; undefined when there are none. */
  readonly stamp: string | undefined;
  /** Whether there may be a file to include. */
  readonly includes: boolean;
}

export interface Caller {
  readonly home: string;
  /** Where git looks for its own configuration: $XDG_CONFIG_HOME or its default. */
  readonly configHome: string;
  /** The folder of the accounts file. */
  readonly data: string;
  /** Undefined: git's usual files; empty: none. */
  readonly globalConfig: string | undefined;
  readonly systemConfig: string | undefined;
  readonly noSystemConfig: boolean;
  readonly parameters: Parameters;
  /** False when git may not ask, so that nobody can be waited for. */
  readonly mayAsk: boolean;
  /** How often it was told to ask again. */
  readonly waited: number;
}

/** Settings that change what is served. The others matter where a secret is made or checked: in the helper. */
export const answerSettings = [
  "bitbuckethosts",
  "bitbucketvalidate",
  "bitbucketdaemon",
  "bitbucketcachetimeout",
  "bitbucketloglevel",
] as const;

/** The variables that the front hands on, by the header key they stand under; `=` marks one that is set but empty. */
export const callerKeys = {
  home: "HOME",
  config: "XDG_CONFIG_HOME",
  data: "XDG_DATA_HOME",
  gitdir: "GIT_DIR",
  global: "GIT_CONFIG_GLOBAL",
  system: "GIT_CONFIG_SYSTEM",
  nosystem: "GIT_CONFIG_NOSYSTEM",
  parameters: "GIT_CONFIG_PARAMETERS",
  prompt: "GIT_TERMINAL_PROMPT",
} as const;

/**
 * Variables that change what is answered in ways only the helper knows: with one of them set it is asked at once.
 * The front checks the same list.
 */
export const decidingVariables = [
  "BITBUCKET_TOKEN",
  "GIT_CREDENTIAL_BITBUCKET_HOSTS",
  "GIT_CREDENTIAL_BITBUCKET_VALIDATE",
  "GIT_CREDENTIAL_BITBUCKET_DAEMON",
  "GIT_CREDENTIAL_BITBUCKET_CACHE_TIMEOUT",
  "GIT_CREDENTIAL_BITBUCKET_LOG_LEVEL",
  "GIT_CONFIG",
  "GIT_CONFIG_COUNT",
  "GIT_COMMON_DIR",
] as const;

/** Throws HelperError `bad-request` for text that is not UTF-8, and `system` when the caller has no home. */
export function readCaller(header: Attributes): Caller {
  const value = (key: string) => header.text(key) ?? "";
  const set = (key: string) => (value(key).startsWith("=") ? value(key).slice(1) : undefined);
  const env: Environment = {
    HOME: value("home"),
    XDG_DATA_HOME: value("data"),
    XDG_CONFIG_HOME: value("config"),
  };
  const folders = directories(env, process.platform);
  return {
    home: value("home"),
    configHome: value("config").startsWith("/") ? value("config") : `${value("home")}/.config`,
    data: folders.data,
    globalConfig: set("global"),
    systemConfig: set("system"),
    noSystemConfig: !["", "0", "false", "no", "off"].includes(value("nosystem").toLowerCase()),
    parameters: readParameters(header.bytes("parameters") ?? Buffer.alloc(0)),
    mayAsk: !["0", "false", "no", "off"].includes(value("prompt").toLowerCase()),
    waited: Number(value("waited")) || 0,
  };
}

function readParameters(bytes: Uint8Array): Parameters {
  return {
    stamp: mentions(bytes, answerSettings) ? hash("sha256", bytes, "base64") : undefined,
    includes: mentions(bytes, ["include"]),
  };
}

/** What the front would send from here; undefined when a variable decides that only the helper knows. */
export function callerHeader(
  outside: Pick<Outside, "env" | "cwd">,
  waited: number,
): readonly Attribute[] | undefined {
  const { env, cwd } = outside;
  if (decidingVariables.some((name) => env[name] !== undefined)) return undefined;
  const header: [string, string][] = [
    ["cwd", cwd],
    ["waited", String(waited)],
  ];
  for (const [key, name] of Object.entries(callerKeys)) {
    const value = env[name];
    const isMarked = key === "global" || key === "system";
    if (value !== undefined) header.push([key, isMarked ? `=${value}` : value]);
  }
  return header.some(([, value]) => /[\r\n\0]/u.test(value)) ? undefined : header;
}
