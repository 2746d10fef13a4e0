import { once } from "node:events";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { openSandbox } from "./sandbox.ts";

test("closing a sandbox ends what was left in the background, and nothing else", async () => {
  const sandbox = await openSandbox();
  const stranger = spawn("sleep", ["60"], { env: { HOME: `${sandbox.home}-of-somebody-else` } });
  const daemon = "setsid sleep 60 >/dev/null 2>&1 & echo $!";
  const { stdout } = await sandbox.run("sh", ["-c", daemon]);
  await sandbox.close();
  // Empty for one that ended and that nobody has waited for.
  const command = await readFile(`/proc/${Number(stdout)}/cmdline`, "utf8").catch(() => "");
  expect(command).toBe("");
  expect(stranger.exitCode).toBeNull();
  stranger.kill();
  await once(stranger, "exit");
});
