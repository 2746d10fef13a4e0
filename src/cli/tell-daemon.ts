// The daemon learns at once of a secret that is gone: it would not serve it any more, but still hold it in memory.
import type { Outside } from "../outside.ts";

/** Never throws; there may be no daemon. */
export async function forgetInDaemon(account: string, outside: Outside): Promise<void> {
  const { openDaemonClient } = await import("../daemon/client.ts");
  const daemon = await openDaemonClient(outside);
  await daemon.forget(account);
}
