// The end of a process that still asks for a name.

/**
 * Ends this process at once when a name is still being looked up: nothing breaks that off, and an exit waits for its thread,
 * 10 s and more. Everything that was written must be out. The exit code is lost, so this is for git's calls: git does not
 * look at it, and neither git nor a shell says anything about a program that SIGPIPE ended.
 */
export function endPastResolver(): void {
  if (process.platform === "win32") return;
  if (!process.getActiveResourcesInfo().includes("GetAddrInfoReqWrap")) return;
  // Node ignores it from its start. When the last listener goes, it counts again.
  process.once("SIGPIPE", () => {}).removeAllListeners("SIGPIPE");
  process.kill(process.pid, "SIGPIPE");
}
