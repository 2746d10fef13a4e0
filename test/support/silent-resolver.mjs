// Runs a command where a name server takes every question and answers none: `node silent-resolver.mjs COMMAND ARGS`, in
// a mount and network namespace of its own. Its standard streams and its exit code are the command's.
import { spawn, execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";

const settings = join(tmpdir(), "resolv.conf");
writeFileSync(settings, "nameserver 127.0.0.1\n");
execFileSync("mount", ["--bind", settings, "/etc/resolv.conf"]);
execFileSync("ip", ["link", "set", "lo", "up"]);

const server = createSocket("udp4");
server.bind(53, "127.0.0.1", () => {
  const [command, ...args] = process.argv.slice(2);
  const child = spawn(command, args, { stdio: "inherit" });
  child.once("close", (code) => {
    process.exitCode = code ?? 255;
    server.close();
  });
});
