// From git's call to its answer: reads the request, runs the operation, writes once. git-credential(1); spec, section 2.
import { HelperError } from "../errors.ts";
import { bitbucketHosts } from "../servers/cloud/host.ts";
import { type Occasion, openPorts } from "../flows/open-context.ts";
import { openDaemonClient } from "../daemon/client.ts";
import type { Outside } from "../outside.ts";
import { capabilityAnswer, formatCredential, formatQuit } from "../protocol/credential.ts";
import { maxRequestBytes, parseAttributes } from "../protocol/attributes.ts";
import { isOurs, readRequest, type Request } from "../protocol/request.ts";
import { erase } from "../flows/erase.ts";
import { get } from "../flows/get.ts";
import type { Ports } from "../flows/context.ts";
import { hasToken } from "../screen/redact.ts";
import { store } from "../flows/store.ts";
import { isLocked, lockPlace, refuseLocked } from "../secrets/lock.ts";

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
    outside.stdout.write(Buffer.from(capabilityAnswer));
    return 0;
  }
  const request = readRequest(parseAttributes(await readAll(outside)));
  if (request.protocol !== "https") return 0;
  const toCheck: string[] = [];
  const gone: string[] = [];
  const daemon = await openDaemonClient(outside);
  const ports = await openForRequest(request, outside, {
    url: urlOf(request),
    checkLater: (account) => toCheck.push(account),
    served: (account, secret) => {
      daemon.served(account, secret);
    },
    forgotten: ({ name }) => gone.push(name),
  });
  const ours = ports !== undefined && isOurs(request, ports.settings.hosts);
  // First of all: not even the token of the environment is given out. What git reports may be taken, as far as that can be
  // done without a secret.
  if (ours && operation === "get") refuseLocked(lockPlace(outside));
  if (ours) {
    ports.log.debug({ operation, request }, "git asks");
    if ((await run(operation, request, ports, outside)) === "cancelled") daemon.cancelled();
  }
  for (const name of gone) await daemon.forget(name);
  await daemon.finish(ports?.settings, ours);
  // A check that cannot read the secret would only fail.
  if (toCheck.length > 0 && !isLocked(lockPlace(outside))) {
    const { startDetached } = await import("../processes/background.ts");
    startDetached(outside, ["check", ...toCheck]);
  }
  return 0;
}

/** @returns undefined when our settings are wrong and the host is not Bitbucket's: then silence. */
async function openForRequest(
  request: Request,
  outside: Outside,
  occasion: Occasion,
): Promise<Ports | undefined> {
  try {
    return await openPorts(outside, occasion);
  } catch (error) {
    if (isOurs(request, new Set(bitbucketHosts))) throw error;
    return undefined;
  }
}

/** Settings are scoped by it; without the username and without a token, since it goes into a command line. */
function urlOf({ host, path = "" }: Request): string {
  return `https://${host}/${hasToken(path) ? "" : path}`;
}

async function run(
  operation: Exclude<OperationName, "capability">,
  request: Request,
  ports: Ports,
  outside: Outside,
): Promise<"done" | "cancelled"> {
  switch (operation) {
    case "get":
      return await answerGet(request, ports, outside);
    case "store": {
      await store(request, ports);
      return "done";
    }
    case "erase": {
      await erase(request, ports);
      return "done";
    }
  }
}

async function answerGet(
  request: Request,
  ports: Ports,
  outside: Outside,
): Promise<"done" | "cancelled"> {
  try {
    const credential = await get(request, ports);
    // A check or a question may have taken minutes, and the lock come meanwhile.
    refuseLocked(lockPlace(outside));
    ports.log.info({ username: credential?.username }, credential ? "answered" : "missed");
    if (credential !== undefined) outside.stdout.write(formatCredential(credential));
    return "done";
  } catch (error) {
    if (!(error instanceof HelperError) || error.code !== "cancelled") throw error;
    // Who pressed Ctrl-C wants no second question from git's next helper or from git itself.
    outside.stdout.write(formatQuit());
    return "cancelled";
  }
}

/** Reads to the end, but no more than would be refused anyway. By events: a stream's iterator costs git 2 ms. */
async function readAll({ stdin }: Outside): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  await new Promise<void>((resolve, reject) => {
    stdin.once("error", reject);
    stdin.once("end", resolve);
    stdin.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      total += chunk.length;
      if (total <= maxRequestBytes) return;
      stdin.destroy();
      resolve();
    });
  });
  return Buffer.concat(chunks);
}
