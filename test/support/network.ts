// How programs under test reach the simulator under Bitbucket's real names, without knowing.
//
// namespace        a mount and network namespace with a hosts file of its own, and port 443 on its loopback; for root
// user-namespace   the same for anybody, where the kernel allows user namespaces
// proxy            an HTTP proxy on loopback, named by git's http.proxy, that takes CONNECT to those names; everywhere
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { startConnectProxy } from "./connect-proxy.ts";
import { projectRoot } from "./project.ts";

export type NetworkKind = keyof typeof namespaceFlags | "proxy";

const namespaceFlags = {
  namespace: ["--mount", "--net"],
  "user-namespace": ["--map-root-user", "--mount", "--net"],
} as const;

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
 * @param directory for the hosts file.
 * @param kind the first in the order above that the machine allows, unless told; then it throws when it is not possible.
 */
export async function openNetwork(
  names: readonly string[],
  directory: string,
  kind?: NetworkKind,
): Promise<Network> {
  if (kind === "proxy") return await openProxy(names);
  const kinds = kind === undefined ? (["namespace", "user-namespace"] as const) : [kind];
  const problems: string[] = [];
  for (const one of kinds) {
    const network = await openNamespace(names, directory, one);
    if (typeof network !== "string") return network;
    problems.push(`${one}: ${network}`);
  }
  const problem = `no namespace for the network: ${problems.join("; ")}`;
  if (kind !== undefined) throw new Error(problem);
  process.stderr.write(`${problem}; using a proxy\n`);
  return await openProxy(names);
}

/** @returns the kinds that this machine allows. */
export async function possibleNetworks(directory: string): Promise<readonly NetworkKind[]> {
  const possible: NetworkKind[] = ["proxy"];
  for (const kind of ["namespace", "user-namespace"] as const) {
    const network = await openNamespace([], directory, kind);
    if (typeof network === "string") continue;
    possible.push(kind);
    network.listener.close();
    await network.close();
  }
  return possible;
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
  kind: keyof typeof namespaceFlags,
): Promise<Network | string> {
  const hosts = join(await mkdtemp(join(directory, "network-")), "hosts");
  await writeFile(hosts, `127.0.0.1 ${["localhost", ...names].join(" ")}\n`);
  const setUp = 'mount --bind "$1" /etc/hosts && ip link set lo up && shift && exec "$@"';
  const holder = join(projectRoot, "test/support/namespace-holder.mjs");
  const command = ["sh", "-c", setUp, "sh", hosts, process.execPath, holder];
  const child = spawn("unshare", [...namespaceFlags[kind], ...command], {
    env: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const listener = await listening(child);
  if (typeof listener === "string") return listener;
  const enter = ["nsenter", `--target=${child.pid}`, "--mount", "--net"];
  if (kind === "user-namespace") enter.push("--user", "--preserve-credentials");
  return {
    kind,
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
