// After a bad day of Bitbucket's: what a person is told leads on, and nothing of that day lasts longer than the day.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Fault } from "../simulator/faults.ts";
import { seedAccount } from "../support/seed.ts";
import { openStory, type Story } from "./story.ts";

const url = "https://bitbucket.org/acme/api.git";
const check = "git credential-bitbucket status --check";
const doctor = "git credential-bitbucket doctor";

function restFails({ simulator }: Story, fault: Fault) {
  return simulator.fail(fault, { service: "rest" });
}

/** One fetch that Bitbucket refuses by mistake. @returns what git and the helper said. */
async function refuseOnce(story: Story, clone: string, env = {}): Promise<string> {
  const fault = { kind: "status", status: 401 } as const;
  const planned = story.simulator.fail(fault, { service: "git", authenticated: true, times: 1 });
  const { stderr } = await story.git(["fetch"], { cwd: clone, env });
  planned.clear();
  return stderr;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe("the hint of a refused token leads on", () => {
  test.each<[string, Fault]>([
    ["answers 503", { kind: "status", status: 503 }],
    ["resets connections", { kind: "reset" }],
  ])("where REST %s", async (_title, fault) => {
    const story = await openStory();
    await story.login(story.site.apiToken("alice"), ["--email=alice@example.com"]);
    const clone = await story.clone(url, "one");
    const down = restFails(story, fault);
    expect(await refuseOnce(story, clone)).toContain(`hint: ${check}\n`);
    const first = await story.helper(["status", "--check"]);
    const [block = ""] = first.stdout.split("\nnew secrets");
    expect(block).toContain("git was refused with the token of account 'alice'");
    expect(count(block, check)).toBe(0);
    expect(count(block, doctor)).toBe(1);
    expect((await story.helper(["doctor"])).stdout).toMatch(/^(?:failed|warning) +bitbucket /mu);
    await story.succeed(["fetch"], { cwd: clone });
    down.clear();
    const { stdout, exitCode } = await story.helper(["status", "--check"]);
    expect(stdout).not.toContain("warning");
    expect(exitCode).toBe(0);
  });

  test("also of the environment's", async () => {
    const story = await openStory();
    const { secret } = story.site.apiToken("alice");
    const env = { BITBUCKET_TOKEN: secret, BITBUCKET_EMAIL: "alice@example.com" };
    await story.succeed(["clone", "--quiet", url, join(story.work, "one")], { env });
    const down = restFails(story, { kind: "status", status: 503 });
    expect(await refuseOnce(story, join(story.work, "one"), env)).toContain(`hint: ${check}\n`);
    const { stdout } = await story.helper(["status", "--check"], { env });
    expect(stdout).toMatch(
      /BITBUCKET_TOKEN\n(?: {2}.*\n)* {2}warning +the token could not be checked: bitbucket has a fault of its own \(503\)\n {2}next +git credential-bitbucket doctor\n/u,
    );
    down.clear();
    const unknown = await story.helper(["status", "--check"], { env: { BITBUCKET_TOKEN: secret } });
    expect(unknown.stdout).toMatch(/^ {2}next +export BITBUCKET_EMAIL=YOU@EXAMPLE\.COM$/mu);
  });
});

/** Two that may hold the repository, while nobody can say which. */
async function openProjects(fault: Fault) {
  const story = await openStory();
  for (const [name, key] of [
    ["core", "CORE"],
    ["ops", "OPS"],
  ] as const) {
    const { secret } = story.site.accessToken({ workspace: "acme", project: key }, { name });
    const scope = { level: "project", workspace: "acme", project: key } as const;
    await seedAccount(story, secret, { name, kind: "access-token", scope });
  }
  return { story, down: restFails(story, fault) };
}

describe("tokens of two projects", () => {
  const faults: readonly Fault[] = [{ kind: "status", status: 503 }, { kind: "reset" }];

  test.each(faults)("are told apart as soon as REST is back, after %j", async (fault) => {
    const { story, down } = await openProjects(fault);
    expect((await story.git(["ls-remote", url])).exitCode).toBe(128);
    down.clear();
    await story.succeed(["ls-remote", url]);
    expect(story.gitLog().at(-1)).toMatchObject({ token: "core", status: 200 });
  });

  test("the hint fetches without REST", async () => {
    const { story, down } = await openProjects({ kind: "status", status: 503 });
    down.clear();
    const clone = await story.clone(url, "one");
    restFails(story, { kind: "status", status: 503 });
    const again = "https://bitbucket.org/acme/web.git";
    await story.succeed(["remote", "set-url", "origin", again], { cwd: clone });
    const { stderr } = await story.git(["fetch"], { cwd: clone });
    const hint = /: hint: (.*)\n/u.exec(stderr)?.[1] ?? "";
    expect(hint).toBe("git -c credential.username=core fetch");
    expect((await story.helper(["explain", again])).stdout).toContain(`next: ${hint}\n`);
    const { exitCode } = await story.run("sh", ["-c", hint], { cwd: clone });
    expect(exitCode).toBe(0);
  });
});
