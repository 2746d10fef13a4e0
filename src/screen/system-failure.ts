// What the system refuses anywhere is no bug of ours: said as a sentence, with what to look at.
import { HelperError } from "../errors.ts";
import { shellWord } from "./shell-word.ts";

/** What shows the cause, by the error's name in errno(3). */
const looks: Readonly<Record<string, (path: string) => string>> = {
  EACCES: (path) => `ls -ld ${shellWord(path)}`,
  EPERM: (path) => `ls -ld ${shellWord(path)}`,
  EROFS: (path) => `findmnt --target ${shellWord(path)}`,
  ENOSPC: (path) => `df -h ${shellWord(path)}`,
  EDQUOT: (path) => `df -h ${shellWord(path)}`,
  EIO: () => "dmesg | tail",
  ESTALE: (path) => `findmnt --target ${shellWord(path)}`,
  EBUSY: (path) => `findmnt --target ${shellWord(path)}`,
  EINTR: () => "git fetch",
};

/** @returns HelperError `system`; undefined when the system did not make the error. */
export function systemFailure(error: unknown): HelperError | undefined {
  const { code = "", syscall, path, dest } = error as NodeJS.ErrnoException & { dest?: string };
  const look = looks[code];
  if (look === undefined || syscall === undefined) return undefined;
  const at = dest ?? path;
  const what = at === undefined ? `the system refuses ${syscall}` : `cannot ${syscall} ${at}`;
  return new HelperError("system", `${what} (${code})`, { hint: look(at ?? "~"), cause: error });
}
