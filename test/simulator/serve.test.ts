// The simulator as a program: what it prints is enough for real git, and it leaves nothing behind.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { buildWorker } from "../support/worker.ts";

interface Ready {
  readonly proxy: string;
  readonly authority: string;
  readonly tokens: string;
  readonly log: string;
}

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await openSandbox();
});

afterEach(async () => {
  await sandbox.close();
});

test.each(["SIGTERM", "the end of stdin"])("serves git, and ends by %s", async (ending) => {
  const script = await buildWorker(sandbox.work, "serve", 'import "./test/simulator/serve.ts";');
  const program = sandbox.start(process.execPath, [script]);
  const [line] = await once(program.stdout?.setEncoding("utf8") ?? program, "data");
  const ready = JSON.parse(line as string) as Ready;
  expect((await stat(ready.tokens)).mode & 0o777).toBe(0o600);
  const tokens = JSON.parse(await readFile(ready.tokens, "utf8")) as Record<
    string,
    { secret: string }
  >;

  const url = `https://x-token-auth:${tokens["repository"]?.secret}@bitbucket.org/acme/api.git`;
  const config = ["-c", `http.proxy=${ready.proxy}`, "-c", `http.sslCAInfo=${ready.authority}`];
  const { stdout } = await sandbox.run("git", [...config, "ls-remote", url]);
  expect(stdout).toMatch(/\trefs\/heads\/main$/mu);
  await expect.poll(() => readFile(ready.log, "utf8")).toContain('"token":"repository"');

  const ended = once(program, "exit");
  if (ending === "SIGTERM") program.kill();
  else program.stdin?.end();
  expect(await ended).toEqual([0, null]);
  expect(existsSync(ready.tokens)).toBe(false);
});
