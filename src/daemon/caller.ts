// Who asks, from where: what of the caller's environment decides over settings and accounts. The daemon's own
// environment is frozen at its start and says nothing about them.
import { hash } from "node:crypto";
import type { Environment } from "../outside.ts";
import type { Attributes } from "../protocol/attributes.ts";
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
  /** False when nobody is asked from there, so that nobody is to be waited for. */
  readonly mayAsk: boolean;
  /** How often it was told to ask again. */
  readonly waited: number;
}

/** Settings that change what is answered. The others matter where a secret is made or checked: in the helper. */
export const answerSettings = [
  "bitbuckethosts",
  "bitbucketvalidate",
  "bitbucketdaemon",
  "bitbucketcachetimeout",
  "bitbucketloglevel",
  "interactive",
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
    mayAsk: !/^(?:0|(?:false|no|off)$)/iu.test(value("prompt")),
    waited: Number(value("waited")) || 0,
  };
}

function readParameters(bytes: Uint8Array): Parameters {
  return {
    stamp: mentions(bytes, answerSettings) ? hash("sha256", bytes, "base64") : undefined,
    includes: mentions(bytes, ["include"]),
  };
}
