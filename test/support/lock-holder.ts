// Somebody who calls a program under a lock: `( flock -n 200; git fetch ) 200>lock`, with any number of a descriptor.

/** @returns program and arguments; it prints whether the lock was free as soon as the command had ended, and its exit code. */
export function underLock(
  file: string,
  descriptor: number,
  command: readonly string[],
): readonly [string, readonly string[]] {
  return ["python3", ["-c", program, file, String(descriptor), ...command]];
}

const program = `
import fcntl, os, subprocess, sys
file, number, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
opened = os.open(file, os.O_RDWR | os.O_CREAT)
fcntl.flock(opened, fcntl.LOCK_EX)
if opened != number:
    os.dup2(opened, number)
    os.close(opened)
os.set_inheritable(number, True)
code = subprocess.run(command, close_fds=False).returncode
os.close(number)
again = os.open(file, os.O_RDWR)
try:
    fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
    print("free", code)
except OSError:
    print("held", code)
`;
