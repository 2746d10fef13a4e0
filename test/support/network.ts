// How programs under test reach the simulator under Bitbucket's real names, without knowing.
//
// namespace   a mount and network namespace with a hosts file of its own, and port 443 on its loopback; needs root, or
//             user namespaces
// proxy       an HTTP proxy on loopback, named by git's http.proxy, that takes CONNECT to those names; works everywhere
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { startConnectProxy } from "./connect-proxy.ts";
import { projectRoot } from "./project.ts";

export type NetworkKind = "namespace" | "proxy";

export interface Network {
  readonly kind: NetworkKind;
  /** Where the programs' connections to port 443 of the names arrive. */
  readonly listener: Server;
  /** What git's config must say in the programs' home. */
  readonly gitConfig: Readonly<Record<string, string>>;
  /** The command that runs this one where the names lead to the simulator. */
  wrap(command: readonly string[], cwd: string): readonly string[];
  /** Ends the namespace with all that still runs in it. */
  close(): Promise<void>;
}

/**
 * @param kind the namespace where the machine allows it, otherwise the proxy, unless told.
 * @param directory for the hosts file.
 */
export async function openNetwork(
  names: readonly string[],
  directory: string,
  kind?: NetworkKind,
): Promise<Network> {
  if (kind === "proxy") return await openProxy(names);
  const problems: string[] = [];
  for (const flags of [
    ["-m", "-n"],
    ["-r", "-m", "-n"],
  ]) {
    const network = await openNamespace(names, directory, flags);
    if (typeof network !== "string") return network;
    problems.push(network);
  }
  if (kind === "namespace") throw new Error(`no network namespace: ${problems.join("; ")}`);
  return await openProxy(names);
}

async function openProxy(names: readonly string[]): Promise<Network> {
  const listener = createServer();
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  const here = { host: "127.0.0.1", port };
  const routes = Object.fromEntries(names.map((name) => [`${name}:443`, here]));
  const proxy = await startConnectProxy({ routes });
  return {
    kind: "proxy",
    listener,
    gitConfig: { "http.proxy": proxy.url },
    wrap: (command) => command,
    close: () => proxy.close(),
  };
}

/** @returns why it is not possible, as a text. */
async function openNamespace(
  names: readonly string[],
  directory: string,
  flags: readonly string[],
): Promise<Network | string> {
  const hosts = join(await mkdtemp(join(directory, "network-")), "hosts");
  await writeFile(hosts, `127.0.0.1 ${["localhost", ...names].join(" ")}\n`);
  const setUp = 'mount --bind "$1" /etc/hosts && ip link set lo up && shift && exec "$@"';
  const holder = join(projectRoot, "test/support/namespace-holder.mjs");
  const command = ["sh", "-c", setUp, "sh", hosts, process.execPath, holder];
  const child = spawn("unshare", [...flags, ...command], {
    env: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const listener = await listening(child);
  if (typeof listener === "string") return listener;
  const enter = ["nsenter", `--target=${child.pid}`, "--mount", "--net"];
  if (flags.includes("-r")) enter.push("--user", "--preserve-credentials");
  return {
    kind: "namespace",
    listener,
    gitConfig: {},
    // nsenter leaves the working directory for the namespace's root.
    wrap: (wrapped, cwd) => [...enter, "--", "sh", "-c", 'cd "$0" && exec "$@"', cwd, ...wrapped],
    async close() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

/** @returns the listening socket, or what unshare said. */
async function listening(child: ChildProcess): Promise<Server | string> {
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  return await new Promise((resolve) => {
    child.once("message", (_message, handle) => resolve(handle as Server));
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code) => resolve(complaint.trim() || `unshare ended with ${code}`));
  });
}
