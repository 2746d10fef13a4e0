// A real password store for tests: pass(1) and gpg in a home of their own.
//
//   const sandbox = await openSandbox();
//   const passwords = await openPasswordStore(sandbox);
//   await passwords.lock();                 // the agent forgets the passphrase; unlock() gives it back
//   await passwords.close();                // before sandbox.close()
//
// Needs the Debian packages pass and gpg.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunResult, Sandbox } from "./sandbox.ts";

export interface PasswordStore {
  readonly root: string;
  readonly passphrase: string;
  /** Runs pass, which must end well. @returns what it printed. */
  pass(...args: readonly string[]): Promise<string>;
  lock(): Promise<void>;
  unlock(): Promise<void>;
  /** Ends the agent. */
  close(): Promise<void>;
}

const passphrase = "passphrase of a test key";
const address = "ada@example.com";

/** @param key `plain`: a key without a passphrase, which cannot be locked. */
export async function openPasswordStore(
  sandbox: Pick<Sandbox, "home" | "run">,
  key: "plain" | "protected" = "plain",
): Promise<PasswordStore> {
  const gnupg = join(sandbox.home, ".gnupg");
  await mkdir(gnupg, { mode: 0o700 });
  // As many rounds as a tenth of a second takes are the default.
  await writeFile(join(gnupg, "gpg-agent.conf"), "s2k-count 65536\n");
  const run = async (program: string, ...args: readonly string[]): Promise<string> =>
    succeeded(await sandbox.run(program, args));
  const unlocking = ["--batch", "--quiet", "--pinentry-mode=loopback", "--passphrase"];
  const word = key === "plain" ? "" : passphrase;
  await run("gpg", ...unlocking, word, "--quick-generate-key", address, "future-default");
  await run("pass", "init", address);
  const sample = join(gnupg, "sample.gpg");
  await run(
    "gpg",
    "--batch",
    "--encrypt",
    "-r",
    address,
    "-o",
    sample,
    join(gnupg, "gpg-agent.conf"),
  );
  return {
    root: join(sandbox.home, ".password-store"),
    passphrase,
    pass: (...args) => run("pass", ...args),
    async lock() {
      await run("gpgconf", "--reload", "gpg-agent");
    },
    async unlock() {
      await run("gpg", ...unlocking, word, "--decrypt", sample);
    },
    async close() {
      await run("gpgconf", "--kill", "gpg-agent");
    },
  };
}

function succeeded({ stdout, stderr, exitCode }: RunResult): string {
  if (exitCode !== 0) throw new Error(`exit ${exitCode}: ${stderr}`);
  return stdout;
}
