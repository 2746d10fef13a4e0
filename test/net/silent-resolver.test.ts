// A name server that does not answer: the resolver asks on for 10 s and more, and nothing can break it off.
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { installFront } from "../support/front.ts";
import { projectRoot } from "../support/project.ts";
import { openSandbox, type RunResult, type Sandbox } from "../support/sandbox.ts";
import { seedAccount } from "../support/seed.ts";

const secret = `ATCTT3xFfGF0${"a".repeat(60)}`;
const namespace = [
  ...(process.getuid?.() === 0 ? [] : ["--map-root-user"]),
  "--mount",
  "--net",
  "--",
  process.execPath,
  join(projectRoot, "test/support/silent-resolver.mjs"),
];
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await openSandbox();
  onTestFinished(() => sandbox.close());
  const facts = { kind: "access-token", state: "unverified" } as const;
  await seedAccount(sandbox, secret, facts);
});

async function runThere(
  words: readonly string[],
  input = "",
): Promise<RunResult & { readonly milliseconds: number }> {
  const env = { PATH: `${sandbox.env["PATH"]}:/usr/sbin:/sbin`, TMPDIR: sandbox.work };
  const start = performance.now();
  const result = await sandbox.run("unshare", [...namespace, ...words], { input, env });
  return { ...result, milliseconds: performance.now() - start };
}

test("git has its answer and goes on within 6 s, and says nothing of a signal", async () => {
  const front = await installFront(join(sandbox.work, "bin"));
  const fill = ["git", "-c", `credential.helper=${front}`, "credential", "fill"];
  const answered = await runThere(fill, "protocol=https\nhost=bitbucket.org\n\n");
  expect(answered).toMatchObject({ exitCode: 0, stderr: "" });
  expect(answered.stdout).toContain(`password=${secret}\n`);
  expect(answered.milliseconds).toBeGreaterThan(4900);
  expect(answered.milliseconds).toBeLessThan(6000);
});
