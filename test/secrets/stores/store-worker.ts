// A store used by another process: `node worker STORE OPERATION [KEY]`, the secret on stdin, the answer as one line of JSON.
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../support/project.ts";
import type { RunResult, Sandbox } from "../../support/sandbox.ts";
import { buildWorker } from "../../support/worker.ts";

export type StoreAnswer =
  | { readonly value: unknown }
  | { readonly error: { readonly code: string; readonly message: string; readonly hint?: string } };

/** @returns the script; it finds the data folder as the program does. */
export async function buildStoreWorker(folder: string): Promise<string> {
  // keytar is looked for beside the program.
  await symlink(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  return await buildWorker(
    folder,
    "store-worker",
    `import { readFileSync } from "node:fs";
     import { HelperError } from "./src/errors.ts";
     import { Secret } from "./src/secret.ts";
     import { openStore } from "./src/secrets/stores/open.ts";
     import { directories } from "./src/files/directories.ts";
     // As the program does.
     process.removeAllListeners("warning");
     const [, , name, operation, key] = process.argv;
     const { data } = directories(process.env, process.platform);
     try {
       const store = await openStore(name, { data, env: process.env, platform: process.platform });
       const steps = {
         get: async () => (await store.get(key))?.reveal() ?? null,
         set: async () => (await store.set(key, new Secret(readFileSync(0, "utf8")))) ?? null,
         delete: () => store.delete(key),
         list: () => store.list(),
       };
       console.log(JSON.stringify({ value: await steps[operation]() }));
     } catch (error) {
       if (!(error instanceof HelperError)) throw error;
       const { code, message, hint } = error;
       console.log(JSON.stringify({ error: { code, message, hint } }));
     }`,
  );
}

/** @returns what a process answered that said nothing on stderr and ended well. */
export function answerOf({ stdout, stderr, exitCode }: RunResult): StoreAnswer {
  if (stderr !== "" || exitCode !== 0) throw new Error(`exit ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as StoreAnswer;
}

/** Uses a store in a process of its own. */
export async function useElsewhere(
  sandbox: Sandbox,
  worker: string,
  args: readonly string[],
  options: { readonly secret?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<StoreAnswer> {
  const run = sandbox.run(process.execPath, [worker, ...args], {
    input: options.secret,
    env: options.env,
  });
  return answerOf(await run);
}
