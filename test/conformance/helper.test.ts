// What git's own tests demand of every helper (docs/git.md, "What git's own helpers do"), driven through git itself.
// Left out: an empty username with an empty password, a login that Bitbucket does not have.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asked, type Conformance, openConformance } from "./conformance.ts";

const example = ["protocol=https", "host=example.com"];

let git: Conformance;

/** Each group starts with a home of its own, and its tests build on one another as git's do. */
function group(title: string, tests: () => void): void {
  describe.each([title])("%s", () => {
    beforeAll(async () => {
      git = await openConformance(
        "example.com other.tld path.tld timeout.tld sso.tld victim.example.com badguy.example.com expiry.tld",
      );
    });
    afterAll(() => git.close());
    tests();
  });
}

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

/** Twice, as above. */
async function expectAnswer(answer: string, ...lines: string[]): Promise<void> {
  expect((await git.helper("get", ...lines)).stdout).toBe(answer);
  expect((await git.helper("get", ...lines)).stdout).toBe(answer);
}

group("one login", () => {
  test("a helper without data leaves the question to git", () => expectAsked(...example));

  test("approve keeps the login, and fill without a username finds it", async () => {
    await git.approve(...example, "username=store-user", "password=store-pass");
    await expectStored("store-user", "store-pass", ...example);
  });

  test("another protocol is another place", () => expectAsked("protocol=http", "host=example.com"));

  test("another host is another place", () => expectAsked("protocol=https", "host=other.tld"));

  test("another username is another login", async () => {
    const { values } = await git.fill(...example, "username=other");
    expect(values).toMatchObject({ username: "other", password: asked.password });
  });
});

group("paths", () => {
  test.each(["http", "https"])(
    "a login for one path is none for another (%s)",
    async (protocol) => {
      await git.sandbox.run("git", ["config", "--global", "credential.useHttpPath", "true"]);
      const place = [`protocol=${protocol}`, "host=path.tld"];
      await git.approve(...place, "path=acme/foo.git", "username=user", "password=pass");
      await expectAsked(...place, "path=acme/bar.git");
      if (protocol === "https") await expectStored("user", "pass", ...place, "path=acme/foo.git");
    },
  );
});

group("one login overwritten and erased", () => {
  test("the same user approved again has the newer password", async () => {
    await git.approve(...example, "username=user", "password=pass1");
    await git.approve(...example, "username=user", "password=pass2");
    await expectStored("user", "pass2", ...example, "username=user");
  });

  test("rejecting another password keeps the login", async () => {
    await git.reject(...example, "username=user", "password=pass1");
    await expectStored("user", "pass2", ...example, "username=user");
  });

  test("rejecting the password forgets it", async () => {
    await git.reject(...example, "username=user", "password=pass2");
    await expectAsked(...example, "username=user");
  });

  test("what was approved after a rejection is served again", async () => {
    await git.approve(...example, "username=user", "password=pass3");
    await expectStored("user", "pass3", ...example);
  });

  test("rejecting the host alone forgets all of it", async () => {
    await git.reject(...example);
    await expectAsked(...example);
  });
});

group("two logins", () => {
  test("each is found by its username", async () => {
    await git.approve(...example, "username=user1", "password=pass1");
    await git.approve(...example, "username=user2", "password=pass2");
    await expectStored("user1", "pass1", ...example, "username=user1");
    await expectStored("user2", "pass2", ...example, "username=user2");
  });

  test("rejecting one user by name forgets that one only", async () => {
    await git.reject(...example, "username=user1");
    await expectAsked(...example, "username=user1");
    await expectStored("user2", "pass2", ...example, "username=user2");
  });

  test("rejecting the host forgets both", async () => {
    await git.approve(...example, "username=user1", "password=pass1");
    await git.reject(...example);
    await expectAsked(...example, "username=user1");
    await expectAsked(...example, "username=user2");
  });
});

group("a server that talks of another", () => {
  test("a long challenge does not become a request for the other host", async () => {
    const victim = ["protocol=https", "host=victim.example.com"];
    await git.approve(...victim, "username=user", "password=to-be-stolen");
    await expectAsked(
      "protocol=https",
      "host=badguy.example.com",
      `wwwauth[]=basic realm=${"a".repeat(1001)}host=victim.example.com`,
    );
  });
});

const expiry = ["protocol=https", "host=expiry.tld", "username=user"];

group("what the installed git may not pass on, said to the helper itself", () => {
  test("the expiry is kept and answered", async () => {
    await git.helper("store", ...expiry, "password=pass", "password_expiry_utc=9999999999");
    await expectAnswer("username=user\npassword=pass\npassword_expiry_utc=9999999999\n", ...expiry);
  });

  test("the expiry is overwritten together with the password", async () => {
    await git.helper("store", ...expiry, "password=pass2");
    await expectAnswer("username=user\npassword=pass2\n", ...expiry);
  });

  test("what expired is neither kept nor served", async () => {
    await git.helper("erase", ...expiry);
    await git.helper("store", ...expiry, "password=pass3", "password_expiry_utc=1");
    await expectAnswer("", ...expiry);
  });

  test("what is ephemeral is not kept", async () => {
    await git.helper(
      "store",
      "capability[]=authtype",
      "ephemeral=1",
      "protocol=https",
      "host=timeout.tld",
      "username=user",
      "password=pass",
    );
    await expectAnswer("", "protocol=https", "host=timeout.tld");
  });

  test("the refresh token is kept and answered, and goes with its password", async () => {
    const place = ["protocol=https", "host=sso.tld", "username=user"];
    await git.helper("store", ...place, "password=pass", "oauth_refresh_token=xyzzy");
    await expectAnswer("username=user\npassword=pass\noauth_refresh_token=xyzzy\n", ...place);
    await git.helper("store", ...place, "password=pass2");
    await expectAnswer("username=user\npassword=pass2\n", ...place);
  });

  test("a ready-made credential is not kept, and none is answered to who can take one", async () => {
    const place = ["capability[]=authtype", "protocol=https", "host=other.tld"];
    await git.helper("store", ...place, "authtype=Bearer", "credential=abc");
    await expectAnswer("", ...place);
  });

  test("capability says the version and nothing that is not spoken", async () => {
    const { stdout, exitCode } = await git.helper("capability");
    expect({ stdout, exitCode }).toEqual({ stdout: "version 0\n", exitCode: 0 });
  });

  test("an operation of a later git is silent", async () => {
    const { stdout, stderr, exitCode } = await git.helper("frobnicate", ...example);
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  });
});
