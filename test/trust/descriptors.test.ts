// What is left running holds nothing of the caller's: a lock that git was called under is free when git is done, whatever
// number its descriptor had.
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStory, type Story } from "../real-git/story.ts";
import { commandsOf } from "../support/leftovers.ts";
import { underLock } from "../support/lock-holder.ts";
import { seedAccount } from "../support/seed.ts";

const numbers = [3, 9, 10, 15, 16, 17, 40, 200, 255, 1000];
const old = "2020-01-01T00:00:00.000Z";

async function runUnderLock(story: Story, number: number, command: readonly string[]) {
  const file = join(story.work, `lock-${number}`);
  const cwd = join(story.work, "api");
  return (await story.run(...underLock(file, number, command), { cwd })).stdout;
}

/** @param checked when Bitbucket was last asked about the token; long ago, a check in the background follows. */
async function openLockedStory(checked?: string): Promise<Story> {
  // Git from 2.47 on leaves its own maintenance running, with the lock.
  const story = await openStory({ gitConfig: { "maintenance.auto": "false" } });
  await story.run("git", ["init", "--quiet", "api"]);
  const cwd = join(story.work, "api");
  await story.succeed(["remote", "add", "origin", "https://bitbucket.org/acme/api.git"], { cwd });
  await seedAccount(story, story.site.accessToken({ workspace: "acme" }).secret, {
    kind: "access-token",
    name: "acme",
    scope: { level: "workspace", workspace: "acme" },
    ...(checked !== undefined && { checked, validated: checked }),
  });
  return story;
}

test("in every fetch", async () => {
  const story = await openLockedStory();
  for (const number of [...numbers, ...numbers])
    expect(await runUnderLock(story, number, ["git", "fetch", "--quiet"])).toBe("free 0\n");
});

test("a check in the background, which still runs", async () => {
  const story = await openLockedStory(old);
  story.simulator.fail({ kind: "delay", milliseconds: Infinity }, { service: "rest" });
  for (const number of [3, 16, 200, 1000]) {
    expect(await runUnderLock(story, number, ["git", "fetch", "--quiet"])).toBe("free 0\n");
  }
  const commands = [...(await commandsOf(story.home)).values()];
  expect(commands.filter((command) => command.endsWith(" check acme"))).not.toEqual([]);
  // One ordinary answer.
  await story.succeed(["fetch", "--quiet"], { cwd: join(story.work, "api") });
});
