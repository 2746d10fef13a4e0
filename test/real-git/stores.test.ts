// The main job with secrets in other programs' stores: login, clone, push, fetch and logout, as people type them.
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openPasswordStore } from "../support/password-store.ts";
import { openStory, type Story } from "./story.ts";

interface StoreUnderTest {
  readonly name: string;
  /** Makes it ready. */
  readonly open: (story: Story) => Promise<unknown>;
  /** @returns what the store shows of its entries, by its own program. */
  readonly entries: (story: Story) => Promise<string>;
}

const openPasswords = async (story: Story): Promise<void> => {
  const passwords = await openPasswordStore(story);
  onTestFinished(() => passwords.close());
};

const stores: readonly StoreUnderTest[] = [
  {
    name: "pass",
    open: openPasswords,
    entries: async (story) => (await story.run("pass", ["ls"])).stdout,
  },
  {
    name: "docker-credential-pass",
    open: openPasswords,
    entries: async (story) => (await story.run("docker-credential-pass", ["list"])).stdout,
  },
];

test.each(stores)("$name keeps a token from login to logout", async ({ name, open, entries }) => {
  const story = await openStory({ gitConfig: { "credential.bitbucketStore": name } });
  await open(story);
  const token = story.site.apiToken("alice", { name: "T" });
  await story.login(token, ["--email=alice@example.com", "--account=work"]);
  expect(await entries(story)).toContain("work");
  const clone = await story.clone("https://bitbucket.org/acme/api.git", "api");
  await story.commit(clone, "one");
  await story.succeed(["push", "--quiet"], { cwd: clone });
  await story.succeed(["fetch"], { cwd: clone });
  expect(story.gitLog().at(-1)).toMatchObject({ token: "T", status: 200 });

  const { accounts } = await story.status();
  expect(accounts).toMatchObject([{ name: "work", store: name, state: "approved" }]);
  const doctor = await story.helper(["doctor"]);
  expect(doctor.stdout).toContain(`${name}: a secret was written, read, compared and deleted`);
  const found = await story.run("grep", [
    "-rlF",
    token.secret,
    story.home,
    join(story.work, "api"),
  ]);
  expect(found.stdout).toBe("");

  await story.helper(["logout", "work"]);
  expect(await entries(story)).not.toContain("work");
  expect((await story.git(["fetch"], { cwd: clone })).exitCode).toBe(128);
});
