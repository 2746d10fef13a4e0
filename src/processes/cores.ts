// Cores: the memory of a process that crashed, written to a file or handed to a program. Ours would hold secrets.
import { writeFileSync } from "node:fs";

/**
 * From now on, cores of this process and of all that it starts hold none of their memory. Where cores are handed to a
 * program, Linux does not ask the limit that the front sets, only this filter. core(5).
 */
export function emptyCores(platform: NodeJS.Platform): void {
  if (platform !== "linux") return;
  try {
    writeFileSync("/proc/self/coredump_filter", "0");
  } catch {
    // Without /proc the limit has to do.
  }
}
