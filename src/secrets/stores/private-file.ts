// Reading what nobody else may have written or read.
import { HelperError } from "../../errors.ts";
import { checkPrivate } from "../../files/files.ts";
import { loadRegularFile } from "../../files/regular-file.ts";

/** Secrets and identities are a few kB. */
const maxBytes = 1 << 20;

/**
 * @returns the bytes, or undefined when there is no such file.
 * Throws HelperError `store-unavailable` when it is not ours alone, not a file, or cannot be read.
 */
export async function readPrivateFile(path: string): Promise<Buffer | undefined> {
  return await inStore(async () => {
    if (!(await checkPrivate(path))) return undefined;
    // Looked at above; that it did not become a link since is the kernel's to say.
    return await loadRegularFile(path, maxBytes, { links: "refuse", own: true });
  });
}

/** Runs a step on files; what fails in it is the store's failure. */
export async function inStore<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof HelperError) {
      if (error.code !== "system") throw error;
      throw new HelperError("store-unavailable", error.message, { hint: error.hint, cause: error });
    }
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new HelperError("store-unavailable", `the file store cannot be used (${code})`, {
      cause: error,
    });
  }
}
