// Whoever answers in Bitbucket's place with a certificate that nobody trusts gets no email and no token, whatever variables
// and settings of git say about verification.
import { dir } from "tmp-promise";
import { expect, onTestFinished, test } from "vitest";
import { openStory, type Story } from "../real-git/story.ts";
import type { NetworkKind } from "../support/network.ts";
import { makePrivateCa } from "../support/private-ca.ts";
import { programScript } from "../support/project.ts";
import { seedAccount } from "../support/seed.ts";

const url = "https://bitbucket.org/acme/api.git";
const request = "url=https://bitbucket.org/acme/api.git\n\n";
/** Everything that tells somebody not to verify. */
const blind = {
  NODE_TLS_REJECT_UNAUTHORIZED: "0",
  NODE_OPTIONS: "--tls-min-v1.0 --no-warnings",
  GIT_SSL_NO_VERIFY: "1",
  GIT_CONFIG_PARAMETERS: "'http.sslverify=false'",
};

/** A world whose authority the person does not trust: they trust another one of the same name. */
async function openStrangersWorld(network?: NetworkKind): Promise<Story> {
  const folder = await dir({ unsafeCleanup: true });
  onTestFinished(() => folder.cleanup());
  const { file } = await makePrivateCa(folder.path);
  return await openStory({
    gitConfig: { "http.sslCAInfo": file, "user.email": "alice@example.com" },
    ...(network !== undefined && { network }),
  });
}

/** One ordinary answer, which with the daemon comes from its memory. */
async function fillsAsUsual(story: Story): Promise<void> {
  const token = story.site.accessToken({ workspace: "globex" });
  const scope = { level: "workspace", workspace: "globex" } as const;
  await seedAccount(story, token.secret, { kind: "access-token", name: "globex", scope });
  const input = "url=https://bitbucket.org/globex/site.git\n\n";
  for (let count = 0; count < 2; count += 1)
    expect((await story.git(["credential", "fill"], { input })).stdout).toContain(token.secret);
}

test.each([undefined, "proxy"] as const)(
  "a stranger's certificate, network %s",
  async (network) => {
    const story = await openStrangersWorld(network);
    await fillsAsUsual(story);
    const token = story.site.apiToken("alice");
    await seedAccount(story, token.secret, {
      kind: "api-token",
      name: "alice",
      email: "alice@example.com",
      state: "unverified",
    });
    for (const env of [blind, { ...blind, NODE_OPTIONS: undefined }]) {
      await story.git(["credential", "fill"], { input: request, env });
      await story.git(["ls-remote", url], { env: { ...env, GIT_SSL_NO_VERIFY: undefined } });
      await story.helper(["status", "--check"], { env });
      // Without the front, which forgets Node's variables.
      await story.run(process.execPath, [programScript, "status", "--check"], { env });
      const login = ["login", "--with-token", "--email", "alice@example.com"];
      const input = `${story.site.apiToken("alice").secret}\n`;
      await story.helper(login, { env, input });
      const other = [programScript, ...login, "--account", "other"];
      const { stdout, stderr } = await story.run(process.execPath, other, { env, input });
      expect(stdout + stderr).toContain("is not trusted");
    }
    // A request would be in the log, whatever it carried: the connection ends before one.
    expect(story.restLog()).toEqual([]);
  },
);

test("the check in the background", async () => {
  const story = await openStrangersWorld();
  await fillsAsUsual(story);
  const token = story.site.apiToken("alice");
  await seedAccount(story, token.secret, {
    kind: "api-token",
    name: "alice",
    email: "alice@example.com",
    validated: "2020-01-01T00:00:00.000Z",
    checked: "2020-01-01T00:00:00.000Z",
  });
  const { stdout } = await story.git(["credential", "fill"], { input: request, env: blind });
  expect(stdout).toContain(token.secret);
  // The same program as in the background, to its end.
  const args = [programScript, "check", "alice"];
  const check = await story.run(process.execPath, args, { env: blind });
  expect(check.stdout).toBe("");
  expect(story.restLog()).toEqual([]);
});
