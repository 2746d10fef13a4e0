// Linux stands in for Windows: strace makes rename(2) fail as Windows does it.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSandbox } from "../support/sandbox.ts";
import { buildWorker } from "../support/worker.ts";

const script = `
  import { putInPlace } from "./src/files/put-in-place.ts";
  const [from, to, platform] = process.argv.slice(2);
  const start = performance.now();
  try {
    await putInPlace(from, to, platform);
    console.log("done");
  } catch (error) {
    console.log(error.code, performance.now() - start > 4000 ? "late" : "at once");
  }
`;

test.each([
  ["EPERM", "win32", 3, "done", "new"],
  ["EBUSY", "win32", 3, "done", "new"],
  ["EACCES", "win32", 3, "done", "new"],
  ["EBUSY", "win32", 1000, "EBUSY late", "old"],
  ["EXDEV", "win32", 3, "EXDEV at once", "old"],
  ["EBUSY", "linux", 3, "EBUSY at once", "old"],
])("%s on %s, %i times: %s", async (error, platform, times, said, left) => {
  const sandbox = await openSandbox();
  try {
    const [from, to] = [join(sandbox.work, "from"), join(sandbox.work, "to")];
    await writeFile(from, "new");
    await writeFile(to, "old");
    const inject = `--inject=rename,renameat,renameat2:error=${error}:when=1..${times}`;
    const worker = await buildWorker(sandbox.work, "worker", script);
    const node = [process.execPath, worker, from, to, platform];
    const words = ["-f", "-qq", "-o", "/dev/null", inject, ...node];
    const { stdout } = await sandbox.run("strace", words);
    expect(stdout.trim()).toBe(said);
    expect(await readFile(to, "utf8")).toBe(left);
  } finally {
    await sandbox.close();
  }
});
