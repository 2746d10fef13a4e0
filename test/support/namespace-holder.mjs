// Runs inside a network namespace of a test: listens there on 127.0.0.1:443 and hands the listening socket to the test,
// which lives outside; then keeps the namespace until the test goes, and ends whatever a test left running in it.
import { readdirSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";

const server = createServer();
server.listen(443, "127.0.0.1", () => {
  // Both would accept connections, so this one stops.
  process.send("listening", server, () => server.close());
});
process.once("disconnect", () => {
  endOthers();
  process.exit();
});

/** Daemons of the program under test: nothing else can be in this namespace. */
function endOthers() {
  const namespace = readlinkSync("/proc/self/ns/net");
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (readlinkSync(`/proc/${name}/ns/net`) === namespace) process.kill(pid, "SIGKILL");
    } catch {
      // It ended meanwhile, or is somebody else's.
    }
  }
}
