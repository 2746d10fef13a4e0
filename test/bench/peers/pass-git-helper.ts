// pass-git-helper reads a password store: pass(1), whose files gpg decrypts.
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findProgram, versionOf } from "../find-program.ts";
import { request, secret } from "../warm-home.ts";
import type { Environment, Peer } from "./peer.ts";

const person = "ada@example.com";

export const passGitHelper: Peer = {
  name: "pass-git-helper",
  needs: ["pass-git-helper", "pass", "gpg", "gpgconf"],
  what: "pass-git-helper reading the same secret from pass and gpg",
  version: (program) => `${versionOf(program)} (pass ${passVersion()}, gpg ${gpgVersion()})`,
  async open(program, home, base) {
    const gnupg = join(home.home, "gnupg");
    const env = {
      ...base,
      GNUPGHOME: gnupg,
      PASSWORD_STORE_DIR: join(home.home, "password-store"),
    };
    const mapping = join(home.home, "git-pass-mapping.ini");
    await mkdir(gnupg, { mode: 0o700 });
    await writeFile(mapping, "[bitbucket.org*]\ntarget=bitbucket.org/acme\n");
    try {
      keepInPass(env);
    } catch (error) {
      endAgent(env);
      throw error;
    }
    return {
      get: {
        command: [program, "--mapping", mapping, "get"],
        input: request,
        env,
        expected: (stdout) => stdout === `password=${secret}\nusername=x-token-auth\n`,
      },
      close: () => Promise.resolve(endAgent(env)),
    };
  },
};

/** Under a key without passphrase, so that nobody is asked for one. */
function keepInPass(env: Environment): void {
  const run = (command: string, args: readonly string[], input = "") =>
    execFileSync(command, args, { env, input, stdio: ["pipe", "ignore", "pipe"] });
  const key = ["--quick-generate-key", person, "default", "default", "never"];
  run("gpg", ["--batch", "--quiet", "--passphrase", "", ...key]);
  run("pass", ["init", person]);
  run("pass", ["insert", "--multiline", "bitbucket.org/acme"], `${secret}\nx-token-auth\n`);
}

/** With it go its sockets, which gpg may have put into a folder of the machine's. */
function endAgent(env: Environment): void {
  for (const order of [["--kill", "all"], ["--remove-socketdir"]]) {
    execFileSync("gpgconf", order, { env, stdio: "ignore" });
  }
}

function passVersion(): string {
  return versionOf(findProgram("pass") ?? "", { args: ["version"], pattern: /\bv(\d[\d.]*)/u });
}

function gpgVersion(): string {
  return versionOf(findProgram("gpg") ?? "", { args: ["--version"], pattern: /^gpg .* (\S+)$/mu });
}
