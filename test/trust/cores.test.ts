// A crash of the helper or of the daemon leaves no copy of a token behind.
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStory, type Story } from "../real-git/story.ts";
import { commandsOf } from "../support/leftovers.ts";
import { seedAccount } from "../support/seed.ts";
import { waitFor } from "../support/wait.ts";

const input = "url=https://bitbucket.org/acme/api.git\n\n";

/** The processes of ours that hold a token, by what they do. */
async function processesOf(story: Story, pattern: RegExp): Promise<readonly number[]> {
  const commands = await commandsOf(story.home);
  return [...commands].filter(([, command]) => pattern.test(command)).map(([pid]) => pid);
}

async function seed(story: Story, name: string, state: "approved" | "unverified"): Promise<string> {
  const { secret } = story.site.accessToken({ workspace: name });
  const scope = { level: "workspace", workspace: name } as const;
  await seedAccount(story, secret, { kind: "access-token", name, scope, state });
  return secret;
}

async function expectNoCore(pid: number): Promise<void> {
  expect(await readFile(`/proc/${pid}/coredump_filter`, "latin1")).toBe("00000000\n");
  const limits = await readFile(`/proc/${pid}/limits`, "latin1");
  expect(limits).toMatch(/^Max core file size +0 +0 /mu);
}

test.each(["SIGABRT", "SIGSEGV", "SIGQUIT"] as const)(
  "%s while it waits for Bitbucket",
  async (signal) => {
    const story = await openStory();
    const secret = await seed(story, "acme", "unverified");
    const fault = story.simulator.fail(
      { kind: "delay", milliseconds: Infinity },
      { service: "rest" },
    );
    const cores = join(story.work, "cores");
    await mkdir(cores);
    const command = ["-c", 'ulimit -c unlimited && exec "$@"', "sh", "git", "credential", "fill"];
    const filled = story.run("sh", command, { input, cwd: cores });
    let pids: readonly number[] = [];
    await waitFor(async () => {
      pids = await processesOf(story, /main\.js get$/u);
      return pids.length > 0 && story.restLog().length > 0;
    });
    for (const pid of pids) {
      await expectNoCore(pid);
      process.kill(pid, signal);
    }
    await filled;
    for (const name of await readdir(cores))
      expect((await readFile(join(cores, name))).includes(secret)).toBe(false);
    fault.clear();
    await seed(story, "globex", "approved");
    for (let count = 0; count < 2; count += 1)
      await story.git(["credential", "fill"], { input: input.replace("acme/api", "globex/site") });
  },
);
