// Git's configuration for one URL, read by one git process. git-config(1), --get-urlmatch.
// The other file that runs git is git.ts. They are two because of speed: this one is on the path of every `get`, where
// git.ts with its package would cost more than all the rest.
import { execFile } from "node:child_process";
import { HelperError } from "../errors.ts";
import type { Environment, Outside } from "../outside.ts";
import type { RawValue } from "./setting-values.ts";

/**
 * @param section `credential` or `http`.
 * @param url as it matters to git's scoping; parts that git could not match are left out.
 * @returns values by key in lower case, `section.name`, with includes, `-c` and GIT_CONFIG_* applied as git does. Of
 * several values the last one counts. Empty when nothing is set.
 * Throws HelperError `git` when git is missing or cannot read its configuration: git itself would stop, too.
 */
export async function readGitConfig(
  outside: Pick<Outside, "env" | "cwd" | "signal">,
  section: string,
  url: string,
): Promise<ReadonlyMap<string, RawValue>> {
  const args = ["config", "-z", "--get-urlmatch", section, matchable(url)];
  const output = await new Promise<string>((resolve, reject) => {
    const { cwd, signal } = outside;
    const options = { cwd, env: gitEnvironment(outside.env), maxBuffer: 16 << 20, signal };
    execFile("git", args, options, (error, stdout) => {
      // 1: nothing is set.
      if (error === null || error.code === 1) resolve(stdout);
      else reject(failure(error));
    });
  });
  return new Map(output.split("\0").slice(0, -1).map(readEntry));
}

/** Everything git may need, and no secret: a child's environment can be read by whatever it starts. */
export function gitEnvironment(env: Environment): NodeJS.ProcessEnv {
  const { BITBUCKET_TOKEN: _, ...rest } = env;
  return rest;
}

/** The value starts behind the first line feed; a key without "=" has none. */
function readEntry(entry: string): [string, RawValue] {
  const end = entry.indexOf("\n");
  return end === -1 ? [entry, true] : [entry.slice(0, end), entry.slice(end + 1)];
}

/** Git stops at a URL it cannot normalise, and what a server made up must not look like a broken configuration. */
function matchable(url: string): string {
  const [, host, path = ""] = /^(https?:\/\/[\w.:[\]-]+)(\/[\x21-\x7e]*)?$/iu.exec(url) ?? [];
  if (host === undefined) return "https://bitbucket.org";
  return /%|\/\.\.?(?:\/|$)/u.test(path) ? host : host + path;
}

function failure(error: Error & { readonly code?: unknown }): HelperError {
  if (error.code === "ENOENT") {
    return new HelperError("git", "git is not found on PATH", { hint: "command -v git" });
  }
  // Without git's words and without the cause: a section's name may be a URL with a secret in it.
  return new HelperError("git", "git cannot read its configuration", {
    hint: "git config --list --show-origin",
  });
}
