// What the helper tells the daemon about one operation of git: that it is at work, what it served, and how it ended.
// Nothing here throws, delays an answer to git, or is needed for it.
import { connect, type Socket } from "node:net";
import type { Account } from "../accounts/account.ts";
import { HelperError } from "../errors.ts";
import type { Outside } from "../outside.ts";
import { type Attribute, formatAttributes } from "../protocol/attributes.ts";
import type { Secret } from "../secret.ts";
import { directories } from "../files/directories.ts";
import type { Settings } from "../settings/settings.ts";
import { version } from "../version.ts";
import { type Address, checkAddress, findAddress } from "./address.ts";
import type { Outcome } from "./flights.ts";
import { talk } from "./talk.ts";
import { formatQuestion } from "./wire.ts";

/** Set by the front: which flight of the daemon this process works for. */
export const ticketVariable = "GIT_CREDENTIAL_BITBUCKET_TICKET";

const reportMilliseconds = 500;

export interface DaemonClient {
  /** Remembers what git was given, for the report. */
  served(account: Account, secret: Secret): void;
  /** The person cancelled: those who wait for the same are not asked again. */
  cancelled(): void;
  /** An account is gone or has another secret: the daemon drops what it has of it. */
  forget(account: string): Promise<void>;
  /**
   * After git has its answer: reports, so that whoever waits gets theirs, and starts a daemon when there is none.
   * @param settings those of this operation; undefined when they could not be read.
   */
  finish(settings: Settings | undefined, isOurs: boolean): Promise<void>;
}

const none: DaemonClient = {
  served: () => {},
  cancelled: () => {},
  forget: async () => {},
  finish: async () => {},
};

/** Connects at once when the front has handed on a ticket, and waits for nothing. */
export async function openDaemonClient(
  outside: Pick<Outside, "env" | "platform" | "script">,
): Promise<DaemonClient> {
  if (outside.platform === "win32") return none;
  try {
    const address = findAddress(outside.env, outside.platform);
    const isThere = await checkAddress(address);
    const ticket = outside.env[ticketVariable];
    const lease = isThere && ticket !== undefined ? takeLease(address, ticket) : undefined;
    return clientFor(outside, address, lease);
  } catch (error) {
    // A folder that is open to others, no home, a path that is too long: it works without a daemon.
    if (error instanceof HelperError) return none;
    throw error;
  }
}

function clientFor(
  outside: Pick<Outside, "env" | "platform" | "script">,
  address: Address,
  lease: Lease | undefined,
): DaemonClient {
  let account: Account | undefined;
  let secret: Secret | undefined;
  let outcome: Outcome = "nothing";
  return {
    served(servedAccount, servedSecret) {
      account = servedAccount;
      secret = servedSecret;
      outcome = "filled";
    },
    cancelled() {
      outcome = "cancelled";
    },
    async forget(name) {
      await talk(address.socket, formatQuestion("forget", [["account", name]]), reportMilliseconds);
    },
    async finish(settings, isOurs) {
      if (settings === undefined) {
        lease?.close();
        return;
      }
      const { data } = directories(outside.env, outside.platform);
      const mayKeep = isOurs && settings.daemon && settings.validate !== "always";
      const isWanted = lease !== undefined || (mayKeep && secret !== undefined);
      if (!isWanted) return;
      const report = formatAttributes([
        ["version", version],
        ["data", data],
        ["outcome", outcome],
        ["ours", isOurs ? "1" : "0"],
        ["serve", mayKeep ? "1" : "0"],
        ["asks", settings.interactive ? "1" : "0"],
        ["validate", settings.validate],
        ["idle", String(settings.idleTimeoutSeconds)],
        ...(mayKeep ? secretLines(account, secret, settings.cacheTimeoutSeconds) : []),
      ]);
      if (lease !== undefined) lease.report(report);
      else if (mayKeep && secret !== undefined) await offer(outside, address, report);
      report.fill(0);
    },
  };
}

function secretLines(
  account: Account | undefined,
  secret: Secret | undefined,
  lifetimeSeconds: number,
): readonly Attribute[] {
  if (account === undefined || secret === undefined) return [];
  return [
    ["account", account.name],
    ["key", account.secretKey],
    ["lifetime", String(lifetimeSeconds)],
    ["password", secret],
  ];
}

interface Lease {
  report(report: Buffer): void;
  close(): void;
}

/** The connection itself says that this process lives: the daemon sees it end, however it ends. */
function takeLease(address: Address, ticket: string): Lease {
  const socket: Socket = connect({ path: address.socket });
  // The daemon may have left meanwhile, or think that this took too long.
  socket.on("error", () => socket.destroy());
  socket.resume();
  socket.unref();
  socket.write(formatQuestion("lease", [["ticket", ticket]]));
  return {
    report(report) {
      socket.ref();
      socket.setTimeout(reportMilliseconds, () => socket.destroy());
      // A copy: the bytes leave when the socket is ready, and the report is wiped before.
      socket.end(Buffer.from(report));
    },
    close: () => socket.destroy(),
  };
}

async function offer(
  outside: Pick<Outside, "env" | "script">,
  address: Address,
  report: Buffer,
): Promise<void> {
  const question = formatQuestion("offer", [], report);
  const { outcome } = await talk(address.socket, question, reportMilliseconds);
  question.fill(0);
  if (outcome === "answered") return;
  try {
    const { startInBackground } = await import("./start.ts");
    await startInBackground(outside, address, Buffer.from(report));
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
  }
}
