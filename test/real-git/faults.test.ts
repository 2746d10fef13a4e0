// Bad days: whatever the network or Bitbucket does to a good token, the next command works with it.
import { describe, expect, test } from "vitest";
import { rateLimits, type Fault } from "../simulator/faults.ts";
import { openStory, type Story } from "./story.ts";

const url = "https://bitbucket.org/acme/api.git";
const asAlice = ["--email=alice@example.com"];

async function loggedIn(): Promise<readonly [Story, string]> {
  const story = await openStory();
  await story.login(story.site.apiToken("alice", { name: "T" }), asAlice);
  const clone = await story.clone(url, "one");
  story.forgetLog();
  return [story, clone];
}

describe("git meets a fault", () => {
  test.each<[string, Fault]>([
    ["401 for a good token", { kind: "status", status: 401 }],
    ["403", { kind: "status", status: 403 }],
    ["410", { kind: "status", status: 410 }],
    ["500", { kind: "status", status: 500 }],
    ["a reset connection", { kind: "reset" }],
    ["a truncated answer", { kind: "truncate" }],
    ["a page instead of git's protocol", { kind: "garbage" }],
    ["a redirect to another host", { kind: "redirect", to: "https://elsewhere.example" }],
  ])("%s", async (_title, fault) => {
    const [story, clone] = await loggedIn();
    // Not counted: libcurl tries again by itself when a connection that it kept is reset.
    const planned = story.simulator.fail(fault, { service: "git", authenticated: true });
    expect((await story.git(["fetch"], { cwd: clone })).exitCode).toBe(128);

    planned.clear();
    await story.succeed(["fetch"], { cwd: clone });
    expect(story.gitLog().at(-1)).toMatchObject({ token: "T", status: 200 });
    const elsewhere = story.simulator.requests("elsewhere");
    expect(elsewhere.filter(({ carriesSecret }) => carriesSecret)).toEqual([]);
    expect(await story.status()).toMatchObject({ accounts: [{ state: "approved" }] });
  });

  test("429", async () => {
    const [story, clone] = await loggedIn();
    story.simulator.fail(rateLimits.text, { service: "git", authenticated: true, times: 1 });
    // Git since 2.54 tries again by itself, older ones fail.
    await story.git(["fetch"], { cwd: clone });
    await story.succeed(["fetch"], { cwd: clone });
    expect(story.gitLog().at(-1)).toMatchObject({ token: "T", status: 200 });
  });
});

test("a redirect that asks for a credential again gets none, and costs no account", async () => {
  const [story, clone] = await loggedIn();
  const redirect = { kind: "redirect", to: "https://elsewhere.example" } as const;
  story.simulator.fail(redirect, { service: "git", times: 1 });
  expect((await story.git(["fetch"], { cwd: clone })).exitCode).toBe(128);
  expect(story.simulator.requests("elsewhere").map(({ kind }) => kind)).toEqual([undefined]);
  await story.succeed(["fetch"], { cwd: clone });
});

describe("REST has a fault when a token is used first", () => {
  test.each<[string, Fault]>([
    ["500", { kind: "status", status: 500 }],
    ["no answer in time", { kind: "delay", milliseconds: Infinity }],
    ["a redirect to another host", { kind: "redirect", to: "https://elsewhere.example" }],
  ])("%s: the token is served all the same", async (_title, fault) => {
    const story = await openStory({ gitConfig: { "credential.bitbucketTimeout": "1" } });
    await story.login(story.site.apiToken("alice", { name: "T" }), [...asAlice, "--no-validate"]);
    story.simulator.fail(fault, { service: "rest" });
    await story.clone(url, "one");
    expect(story.restLog().length).toBeGreaterThan(0);
    expect(story.gitLog().at(-1)).toMatchObject({ token: "T", status: 200 });
    expect(story.simulator.requests("elsewhere")).toEqual([]);
  });
});
