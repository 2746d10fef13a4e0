// What the helper said about settings that the daemon cannot read by itself: for one state of git's configuration files
// and one request. While the files are the same, it holds. See git-config-files.ts.
import type { Request } from "../protocol/request.ts";
import type { Settings } from "../settings/settings.ts";

export interface Voucher {
  /** Whether the host is one of ours under these settings. */
  readonly ours: boolean;
  /** False when every answer has to come from the helper. */
  readonly serve: boolean;
  /** Whether a person may be asked. */
  readonly asks: boolean;
  readonly validate: Settings["validate"];
}

export interface Vouchers {
  put(key: string, voucher: Voucher): void;
  get(key: string): Voucher | undefined;
}

const most = 1000;
/** Hosts, paths and the stamps of a few files; who has longer ones is answered by the helper each time. */
const longestKey = 4096;

/** @param stamp of the configuration files. Settings may hold for one path of one host only. */
export function voucherKey(stamp: string, request: Pick<Request, "host" | "path">): string {
  return `${request.host}\n${request.path ?? ""}\n${stamp}`;
}

export function openVouchers(): Vouchers {
  const vouchers = new Map<string, Voucher>();
  return {
    put(key, voucher) {
      if (key.length > longestKey) return;
      vouchers.delete(key);
      vouchers.set(key, voucher);
      if (vouchers.size > most) vouchers.delete(vouchers.keys().next().value ?? "");
    },
    get: (key) => vouchers.get(key),
  };
}
