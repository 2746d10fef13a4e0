// What git's own tests demand of every helper, in one home and one after the other, as git runs them: names and passwords
// come back for other users and hosts, and each case finds what those before it left. Driven through git itself; what the
// installed git does not pass on is said to the helper. Left out: an empty username with an empty password.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asked, type Conformance, openConformance } from "./conformance.ts";

const example = ["protocol=https", "host=example.com"];
const users = ["store-user", "user1", "user2", "user-overwrite", "user-distinct-pass", "user"];

let git: Conformance;

beforeAll(async () => {
  git = await openConformance(
    "example.com other.tld path.tld timeout.tld victim.example.com badguy.example.com",
  );
  for (const user of users) await git.reject(...example, `username=${user}`);
});
afterAll(async () => {
  for (const user of users) await git.reject(...example, `username=${user}`);
  await git.close();
});

async function expectAsked(...lines: string[]): Promise<void> {
  const { values, stderr } = await git.fill(...lines);
  expect(values).toMatchObject({ password: asked.password });
  expect(stderr).toContain("askpass: Password");
}

/** Twice: the store answers first, and where a daemon runs its memory the second time. */
async function expectStored(username: string, password: string, ...lines: string[]): Promise<void> {
  const first = await git.fill(...lines);
  expect(first).toMatchObject({ values: { username, password }, stderr: "" });
  expect(await git.fill(...lines)).toEqual(first);
}

const approve = (username: string, password: string, ...place: string[]): Promise<void> =>
  git.approve(...place, `username=${username}`, `password=${password}`);

describe("a helper", () => {
  test("without data leaves the question to git", () => expectAsked(...example));

  test("keeps a login and answers with it", async () => {
    await approve("store-user", "store-pass", ...example);
    await expectStored("store-user", "store-pass", ...example);
  });

  test("keeps protocols apart", () => expectAsked("protocol=http", "host=example.com"));

  test("keeps hosts apart", () => expectAsked("protocol=https", "host=other.tld"));

  test("keeps users apart", async () => {
    const { values } = await git.fill(...example, "username=other");
    expect(values).toMatchObject({ username: "other", password: asked.password });
  });

  test.each(["https", "http"])("keeps paths apart (%s)", async (protocol) => {
    const place = [`protocol=${protocol}`, "host=path.tld"];
    await git.sandbox.run("git", ["config", "--global", "credential.useHttpPath", "true"]);
    await approve("user", "pass", ...place, "path=foo.git");
    await expectAsked(...place, "path=bar.git");
    if (protocol === "https") await expectStored("user", "pass", ...place, "path=foo.git");
    await git.sandbox.run("git", ["config", "--global", "--unset", "credential.useHttpPath"]);
  });

  test("overwrites the password of a user", async () => {
    await approve("user-overwrite", "pass1", ...example);
    await approve("user-overwrite", "pass2", ...example);
    await expectStored("user-overwrite", "pass2", ...example, "username=user-overwrite");
    await git.reject(...example, "username=user-overwrite", "password=pass2");
    await expectAsked(...example, "username=user-overwrite");
  });

  test("forgets a whole host", async () => {
    await git.reject(...example);
    await expectAsked(...example);
  });

  test("keeps several users", async () => {
    await approve("user1", "pass1", ...example);
    await approve("user2", "pass2", ...example);
    await expectStored("user1", "pass1", ...example, "username=user1");
    await expectStored("user2", "pass2", ...example, "username=user2");
  });

  test("keeps a login when another password is rejected", async () => {
    await approve("user-distinct-pass", "pass1", ...example);
    await approve("user-distinct-pass", "pass2", ...example);
    await git.reject(...example, "username=user-distinct-pass", "password=pass1");
    const named = [...example, "username=user-distinct-pass"];
    await expectStored("user-distinct-pass", "pass2", ...named);
  });

  test("forgets one user", async () => {
    await git.reject(...example, "username=user1");
    await expectAsked(...example, "username=user1");
  });

  test("and still knows the other", () =>
    expectStored("user2", "pass2", ...example, "username=user2"));

  test("erases all that match", async () => {
    await approve("user1", "pass1", ...example);
    await approve("user2", "pass1", ...example);
    await git.reject(...example);
    await expectAsked(...example, "username=user1");
    await expectAsked(...example, "username=user2");
  });

  test("takes a long challenge for no other host", async () => {
    await approve("user", "to-be-stolen", "protocol=https", "host=victim.example.com");
    await expectAsked(
      "protocol=https",
      "host=badguy.example.com",
      `wwwauth[]=basic realm=${"a".repeat(1001)}host=victim.example.com`,
    );
  });
});

/** Twice, as above. */
async function expectAnswer(answer: string, ...lines: string[]): Promise<void> {
  expect((await git.helper("get", ...lines)).stdout).toBe(answer);
  expect((await git.helper("get", ...lines)).stdout).toBe(answer);
}

async function tell(operation: "store" | "erase", ...lines: string[]): Promise<void> {
  expect(await git.helper(operation, ...lines)).toMatchObject({ stdout: "", stderr: "" });
}

describe("a helper, of what later gits pass on", () => {
  const timed = [...example, "username=user-expiry"];
  const renewed = [...example, "username=user-expiry-overwrite"];
  const oauth = [...example, "username=user-oauth"];

  test("keeps an expiry", async () => {
    await tell("store", ...timed, "password=pass", "password_expiry_utc=9999999999");
    const answer = "username=user-expiry\npassword=pass\npassword_expiry_utc=9999999999\n";
    await expectAnswer(answer, ...timed);
  });

  test("overwrites it together with the password", async () => {
    await tell("store", ...renewed, "password=pass1", "password_expiry_utc=9999999998");
    await tell("store", ...renewed, "password=pass2", "password_expiry_utc=9999999999");
    const answer =
      "username=user-expiry-overwrite\npassword=pass2\npassword_expiry_utc=9999999999\n";
    await expectAnswer(answer, ...renewed);
    await tell("erase", ...renewed, "password=pass2");
    await expectAnswer("", ...renewed);
  });

  test("overwrites it alone", async () => {
    await tell("store", ...timed, "password=pass", "password_expiry_utc=9999999998");
    const answer = "username=user-expiry\npassword=pass\npassword_expiry_utc=9999999998\n";
    await expectAnswer(answer, ...timed);
  });

  test("keeps a refresh token", async () => {
    await tell("store", ...oauth, "password=pass", "oauth_refresh_token=xyzzy");
    await expectAnswer("username=user-oauth\npassword=pass\noauth_refresh_token=xyzzy\n", ...oauth);
  });

  test("does not know what has timed out", async () => {
    const place = ["protocol=https", "host=timeout.tld", "username=user"];
    const soon = Math.floor(Date.now() / 1000) + 2;
    await tell("store", ...place, "password=pass", `password_expiry_utc=${soon}`);
    const answer = async () => (await git.helper("get", ...place)).stdout;
    await expect.poll(answer, { timeout: 30_000 }).toBe("");
  });
});
