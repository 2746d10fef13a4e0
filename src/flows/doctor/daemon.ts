// The daemon: whether its place is this user's alone, and whether it answers in time.
import { checkAddress, findAddress, longestSocketBytes } from "../../daemon/address.ts";
import { readStatus } from "../../daemon/takeover.ts";
import { talk } from "../../daemon/talk.ts";
import { formatQuestion } from "../../daemon/wire.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { version } from "../../version.ts";
import { failed, type Finding, ok, skipped, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";

export const stop = "git credential-bitbucket daemon stop";
/** Git waits for it with a person behind. */
const answerMilliseconds = 2000;

/** Throws HelperError `system` when the folder is another's or open to others, or its path too long for a socket. */
export async function checkSocketFolder({ outside }: DoctorContext): Promise<Finding> {
  if (outside.platform === "win32") return skipped("there is no daemon on windows");
  const { directory, socket } = findAddress(outside.env, outside.platform);
  const isThere = await checkAddress({ ...findAddress(outside.env, outside.platform) });
  const length = `${Buffer.byteLength(socket)} of ${longestSocketBytes} bytes`;
  return ok(isThere ? `${directory}, ${length}` : `${directory}, not made yet, ${length}`);
}

export async function checkDaemon(context: DoctorContext): Promise<Finding> {
  const { outside } = context;
  if (outside.platform === "win32") return skipped("there is none on windows");
  if (!(await context.settings()).daemon) return skipped("credential.bitbucketDaemon is false");
  const { socket } = findAddress(outside.env, outside.platform);
  const asked = performance.now();
  const found = await talk(socket, formatQuestion("status", []), answerMilliseconds);
  const took = Math.ceil(performance.now() - asked);
  switch (found.outcome) {
    case "absent":
      return skipped("none runs; the next git fetch starts one");
    case "stale":
      return skipped("one that has ended left its socket; the next git fetch starts another");
    case "stuck":
      return failed(`it does not answer within ${answerMilliseconds / 1000} s`, stop);
    case "foreign":
      return failed("a program that is not this daemon answers at its socket", stop);
    case "failed":
      return failed(`its socket cannot be used (${found.code})`, `ls -l ${shellWord(socket)}`);
    case "answered": {
      const status = readStatus(found.answer);
      if (status === undefined || status.version !== version)
        return warning(`version ${status?.version ?? "unknown"} runs, not ${version}`, stop);
      if (status.locked)
        return warning(
          "it is locked and gives out nothing",
          "git credential-bitbucket daemon unlock",
        );
      return ok(`version ${status.version} answers in ${took} ms`);
    }
  }
}
