// From git's call to its answer: reads the request, runs the operation, writes once. git-credential(1); spec, section 2.
import { HelperError } from "./errors.ts";
import { accountHost, bitbucketHosts } from "./bitbucket/host.ts";
import type { Outside } from "./outside.ts";
import { capabilityAnswer, formatCredential, formatQuit } from "./protocol/credential.ts";
import { maxRequestBytes, parseAttributes } from "./protocol/attributes.ts";
import { isOurs, readRequest, type Request } from "./protocol/request.ts";
import type { Ports } from "./operations/ports.ts";

const operations = ["get", "store", "erase", "capability"] as const;
export type OperationName = (typeof operations)[number];

/**
 * Git puts the operation last, behind options of the user's own. A command of ours as first word is not git's call.
 * @returns undefined when the command line is not an operation.
 */
export function findOperation(arguments_: readonly string[]): OperationName | undefined {
  const last = arguments_.at(-1);
  const onlyOptionsBefore = arguments_.slice(0, -1).every((argument) => argument.startsWith("-"));
  return onlyOptionsBefore ? operations.find((name) => name === last) : undefined;
}

/** @returns the exit code, which git ignores. Throws HelperError `bad-request` for what git would never send. */
export async function runOperation(operation: OperationName, outside: Outside): Promise<number> {
  if (operation === "capability") {
    outside.stdout.write(capabilityAnswer);
    return 0;
  }
  const request = readRequest(parseAttributes(await readAll(outside)));
  if (request.protocol !== "https") return 0;
  const toCheck: string[] = [];
  const ports = await openForRequest(request, outside, (account) => toCheck.push(account));
  if (ports === undefined) return 0;
  ports.log.debug({ operation, request }, "git asks");
  await run(operation, { ...request, host: accountHost(request.host) }, ports, outside);
  if (toCheck.length > 0) {
    const { startDetached } = await import("./system/process.ts");
    startDetached(outside, ["check", ...toCheck]);
  }
  return 0;
}

/** @returns undefined for a host that is not ours: then silence, whatever is wrong with our settings. */
async function openForRequest(
  request: Request,
  outside: Outside,
  checkLater: (account: string) => void,
): Promise<Ports | undefined> {
  const { openPorts } = await import("./compose.ts");
  try {
    const ports = await openPorts(outside, { url: urlOf(request), checkLater });
    return isOurs(request, ports.settings.hosts) ? ports : undefined;
  } catch (error) {
    if (isOurs(request, new Set(bitbucketHosts))) throw error;
    return undefined;
  }
}

/** Settings are scoped by it; without the username, since it goes into a command line. */
function urlOf({ host, path }: Request): string {
  return `https://${host}/${path ?? ""}`;
}

async function run(
  operation: Exclude<OperationName, "capability">,
  request: Request,
  ports: Ports,
  outside: Outside,
): Promise<void> {
  switch (operation) {
    case "get": {
      const { get } = await import("./operations/get.ts");
      const credential = await quitWhenCancelled(get(request, ports), outside);
      ports.log.info({ username: credential?.username }, credential ? "answered" : "missed");
      if (credential !== undefined) outside.stdout.write(formatCredential(credential));
      return;
    }
    case "store": {
      const { store } = await import("./operations/store.ts");
      await store(request, ports);
      return;
    }
    case "erase": {
      const { erase } = await import("./operations/erase.ts");
      await erase(request, ports);
      return;
    }
  }
}

/** Who pressed Ctrl-C wants no second question from git's next helper or from git itself. */
async function quitWhenCancelled<T>(task: Promise<T>, outside: Outside): Promise<T | undefined> {
  try {
    return await task;
  } catch (error) {
    if (!(error instanceof HelperError) || error.code !== "cancelled") throw error;
    outside.stdout.write(formatQuit());
    return undefined;
  }
}

/** Reads to the end, but no more than would be refused anyway. */
async function readAll(outside: Outside): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of outside.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    total += chunk.length;
    if (total > maxRequestBytes) break;
  }
  return Buffer.concat(chunks);
}
