// From git's call to its answer: reads the request, runs the operation, writes once. docs/design.md, "What git calls".
import { HelperError } from "../errors.ts";
import { ownHosts } from "../servers/servers.ts";
import { answerWithoutHome } from "../flows/without-home.ts";
import { openContext } from "../flows/open-context.ts";
import { openDaemonClient } from "../daemon/client.ts";
import type { Outside } from "../outside.ts";
import { capabilityAnswer, formatCredential, formatQuit } from "../protocol/credential.ts";
import { maxRequestBytes, parseAttributes } from "../protocol/attributes.ts";
import { readTarget, type Report, type Target } from "../accounts/target.ts";
import { isOurs, readRequest } from "../protocol/request.ts";
import { erase } from "../flows/erase.ts";
import { get } from "../flows/get.ts";
import type { Context } from "../flows/context.ts";
import { nothing, type Result } from "../flows/result.ts";
import { hasToken } from "../screen/redact.ts";
import { store } from "../flows/store.ts";
import { writeNotes } from "./notes.ts";
import { settingVariables } from "../settings/setting-rows.ts";
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
  const request = readTarget(readRequest(parseAttributes(await readAll(outside))));
  if (request.protocol !== "https") return 0;
  const homeless = answerWithoutHome(operation, request, outside);
  if (homeless !== undefined) {
    await writeNotes(homeless, { outside });
    if (homeless.credential !== undefined)
      outside.stdout.write(formatCredential(homeless.credential));
    return 0;
  }
  const daemon = await openDaemonClient(outside);
  const context = await openForRequest(request, outside);
  const isForUs = context !== undefined && isOurs(request, context.settings.hosts);
  const result = isForUs ? await run(operation, request, context) : nothing;
  if (result === "cancelled") daemon.cancelled();
  const { served, forgotten = [], check = [] } = result === "cancelled" ? nothing : result;
  if (served !== undefined) daemon.served(served.account, served.secret);
  for (const name of forgotten) await daemon.forget(name);
  await daemon.finish(context?.settings, isForUs);
  // A check that cannot read the secret would only fail.
  if (check.length > 0 && !isLocked(lockPlace(outside))) {
    const { startDetached } = await import("../processes/background.ts");
    startDetached(outside, ["check", ...check], settingVariables);
  }
  return 0;
}

/** @returns undefined when our settings are wrong and the host is not Bitbucket's: then silence. */
async function openForRequest(request: Report, outside: Outside): Promise<Context | undefined> {
  try {
    return await openContext(outside, "operation", urlOf(request));
  } catch (error) {
    if (isOurs(request, new Set(ownHosts))) throw error;
    return undefined;
  }
}

/** Settings are scoped by it; without the username and without a token, since it goes into a command line. */
function urlOf({ host, path = "" }: Target): string {
  return `https://${host}/${hasToken(path) ? "" : path}`;
}

async function run(
  operation: Exclude<OperationName, "capability">,
  request: Report,
  context: Context,
): Promise<Result | "cancelled"> {
  context.log.debug({ operation, request }, "git asks");
  if (operation === "get") return await answerGet(request, context);
  const result = await (operation === "store" ? store : erase)(request, context);
  await writeNotes(result, context);
  return result;
}

async function answerGet(target: Target, context: Context): Promise<Result | "cancelled"> {
  const { outside, log } = context;
  // First of all: not even the token of the environment is given out. What git reports may be taken, as far as that can be
  // done without a secret.
  refuseLocked(lockPlace(outside));
  try {
    const result = await getOrAsk(target, context);
    const { credential } = result;
    // A check or a question may have taken minutes, and the lock come meanwhile.
    refuseLocked(lockPlace(outside));
    log.info({ username: credential?.username }, credential ? "answered" : "missed");
    if (credential !== undefined) outside.stdout.write(formatCredential(credential));
    return result;
  } catch (error) {
    if (!(error instanceof HelperError) || error.code !== "cancelled") throw error;
    // Who pressed Ctrl-C wants no second question from git's next helper or from git itself.
    outside.stdout.write(formatQuit());
    return "cancelled";
  }
}

async function getOrAsk(target: Target, context: Context): Promise<Result> {
  const result = await get(target, context);
  await writeNotes(result, context);
  if (result.question === undefined) return result;
  const { askForAccount } = await import("../flows/login/first-use.ts");
  return await askForAccount(result.question, context);
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
