// migrate ended by SIGKILL before any of the steps that change something: each secret that lives is in its old place or in
// an account, and a second run ends what the first began.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openHousehold } from "./household.ts";
import { keyringSecrets, put, putManagerSecret, putRepository } from "./lying-around.ts";

const household = openHousehold();

/** Two living secrets, in a file, in the keyring and in two URLs. */
async function putLiving(): Promise<{ user: string; repository: string }> {
  const { world, keyring, repository } = household;
  const user = world.site.apiToken("alice").secret;
  const { secret } = world.site.accessToken({ workspace: "acme", repository: "api" });
  await putRepository(world, repository, {
    "remote.origin.url": `https://x-token-auth:${secret}@bitbucket.org/acme/api.git`,
    "remote.other.url": `https://alice:${user}@bitbucket.org/acme/web.git`,
  });
  // Beside another account, a token that only a repository has would be left there.
  const lines = [
    `alice:${user}@bitbucket.org`,
    `x-token-auth:${secret}@bitbucket.org/acme/api.git`,
  ];
  await put(
    join(world.home, ".git-credentials"),
    lines.map((line) => `https://${line}\n`).join(""),
  );
  await putManagerSecret(world, keyring.env, user);
  return { user, repository: secret };
}

/** Where the secret is: files, keyring, or an account that git is answered from. */
async function placesOf(secret: string, path: string): Promise<readonly string[]> {
  const { world, keyring, repository } = household;
  const places: string[] = [];
  for (const file of [join(world.home, ".git-credentials"), join(repository, ".git/config")])
    if ((await readFile(file, "latin1")).includes(secret)) places.push(file);
  const secrets = await keyringSecrets(keyring.env);
  if (secrets.some((line) => line.includes(secret))) places.push("keyring");
  const input = `protocol=https\nhost=bitbucket.org\npath=${path}\n`;
  const { stdout } = await world.helper(["get"], { input });
  if (stdout.includes(`password=${secret}\n`)) places.push("account");
  return places;
}

/** With strace's help, at the given one of these system calls. @returns false when there are fewer of them. */
async function killedAt(call: string, when: number): Promise<boolean> {
  const { exitCode } = await household.migrate(
    ["--yes"],
    [
      "strace",
      "--quiet=all",
      "--output=/dev/null",
      "--follow-forks",
      // strace counts for each thread: all work on files goes to one.
      "--env=UV_THREADPOOL_SIZE=1",
      `--trace=${call}`,
      `--inject=${call}:signal=KILL:when=${when}`,
    ],
  );
  return exitCode !== 0;
}

/** What the program says to do when a lock is in its way. */
async function removeLocks(): Promise<void> {
  const { world, repository } = household;
  for (const file of [join(world.home, ".git-credentials"), join(repository, ".git/config")])
    await rm(`${file}.lock`, { force: true });
}

// With rename, files are put in place; with unlink, locks are given back and files go.
test.each(["rename", "unlink"])(
  "before each %s",
  async (call) => {
    const { world, repository } = household;
    let when = 0;
    for (let killed = true; killed;) {
      when += 1;
      await rm(repository, { recursive: true, force: true });
      await rm(join(world.home, ".local/share/git-credential-bitbucket"), {
        recursive: true,
        force: true,
      });
      const secrets = await putLiving();
      killed = await killedAt(call, when);
      expect(await placesOf(secrets.user, "acme/web.git")).not.toEqual([]);
      expect(await placesOf(secrets.repository, "acme/api.git")).not.toEqual([]);
      await removeLocks();
      const { stderr, exitCode } = await household.migrate(["--yes"]);
      expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
      expect(await placesOf(secrets.user, "acme/web.git")).toEqual(["account"]);
      expect(await placesOf(secrets.repository, "acme/api.git")).toEqual(["account"]);
    }
    expect(when).toBeGreaterThan(4);
  },
  180_000,
);
