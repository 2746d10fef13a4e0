// npm's start on Windows hands the front to Git for Windows' sh by a path such as C:\Users\…: here a folder named C: in the
// current one stands in for the drive.
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { projectRoot } from "../support/project.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.close());

test.each(["sh", "bash", "busybox"])("%s finds the program beside it", async (shell) => {
  const path = String.raw`C:\Müller & Co\node_modules\git-credential-bitbucket\install\front`;
  const front = join(sandbox.work, path.replaceAll("\\", "/"));
  await mkdir(dirname(front), { recursive: true });
  const text = await readFile(`${projectRoot}install/git-credential-bitbucket`, "utf8");
  await writeFile(front, text.replace("@NODE_VARIABLES@", "NODE_OPTIONS"));
  await cp(`${projectRoot}dist`, join(dirname(front), "../dist"), { recursive: true });
  // sh opens it by this name, and is told it as $0: nothing lies beside this one.
  await cp(front, join(sandbox.work, path));
  const words = shell === "busybox" ? ["busybox", "sh"] : [shell];
  const env = { PATH: `${dirname(process.execPath)}:${sandbox.env["PATH"]}` };
  const { stdout, stderr } = await sandbox.run("env", [...words, path, "--version"], { env });
  expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/\d/u), stderr: "" });
});
