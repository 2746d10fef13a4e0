// The file store in a home of its own, with one key to look at. Every test file of it uses this.
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { HelperError } from "../../../src/errors.ts";
import { openFileStore } from "../../../src/secrets/stores/file.ts";
import type { Store } from "../../../src/secrets/stores/store.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";

export const key = "work/0123456789ab";
export const token = `ATATT3xFfGF0${"a".repeat(180)}`;

export interface FileHome {
  readonly sandbox: Sandbox;
  readonly data: string;
  readonly identity: string;
  readonly secrets: string;
  /** Where the secret of `key` lies. */
  readonly secretFile: string;
  readonly store: Store;
}

/** @returns the home of the test that runs. */
export function useFileHome(): () => FileHome {
  let home: FileHome;
  beforeEach(async () => {
    const sandbox = await openSandbox();
    const data = join(sandbox.home, ".local/share/git-credential-bitbucket");
    home = {
      sandbox,
      data,
      identity: join(data, "identity.txt"),
      secrets: join(data, "secrets"),
      secretFile: join(data, "secrets/work%2f0123456789ab.age"),
      store: openFileStore(data),
    };
  });
  afterEach(async () => {
    await home.sandbox.close();
  });
  return () => home;
}

/** What a fresh reader is told; never the secret. */
export async function refusal(
  { data }: FileHome,
  step: (store: Store) => Promise<unknown>,
): Promise<HelperError> {
  const error: unknown = await step(openFileStore(data)).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof HelperError)) throw new Error("it was not refused", { cause: error });
  expect(`${error.stack}${String(error.cause)}`).not.toContain(token);
  return error;
}
