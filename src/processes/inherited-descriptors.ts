// Descriptors that whoever called this program left open: `( flock -n 200; git fetch ) 200>lock`. Node marks only those
// up to the first gap above 15 so that its children do not get them. The others would stay open in what is left running,
// and the lock with them.
import { closeSync, readdirSync, readFileSync } from "node:fs";

const closeOnExec = 0o2000000; // O_CLOEXEC of Linux, as proc_pid_fdinfo(5) shows it
const firstBeyondStreams = 3;

/**
 * Closes in this process what its children would inherit besides stdin, stdout and stderr. Node opens everything of its
 * own close-on-exec, so all others came from outside. To be called before a process is started that may outlive this one.
 *
 * Linux only. On macOS Node starts children with POSIX_SPAWN_CLOEXEC_DEFAULT, and they get nothing that is not named.
 * @param kept one that stays open, such as the socket of a service manager.
 */
export function closeInheritedDescriptors(platform: NodeJS.Platform, kept?: number): void {
  if (platform !== "linux") return;
  for (const fd of inheritedDescriptors()) if (fd !== kept) close(fd);
}

function inheritedDescriptors(): readonly number[] {
  try {
    const open = readdirSync("/proc/self/fd").map(Number);
    return open.filter((fd) => fd >= firstBeyondStreams && isInherited(fd));
  } catch {
    // Without /proc nobody can tell them from Node's own.
    return [];
  }
}

function isInherited(fd: number): boolean {
  try {
    const [, flags] =
      /^flags:\s*(\d+)$/mu.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "latin1")) ?? [];
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    // That of the listing itself, which is closed by now.
    return false;
  }
}

function close(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // Closed meanwhile.
  }
}
