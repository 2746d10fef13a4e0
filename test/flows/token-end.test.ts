// A token near its end, and one past it: what git gets, and what the person reads while git works. docs/design.md, "What git calls".
import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDesk } from "../support/desk.ts";
import { accountOf, seedAccount } from "../support/seed.ts";

const desk = openDesk();
const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString();
const request = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n\n";
const alone = { GIT_CREDENTIAL_BITBUCKET_DAEMON: "false" };

const get = (env: Record<string, string> = alone) => desk.runs(["get"], request, env);

/** An account of alice's whose token ends then; the token works at Bitbucket in any case. */
async function seed(expires: string, name = "work") {
  const { secret } = desk.world.site.apiToken("alice");
  await seedAccount(desk.world, secret, { name, kind: "api-token", username: "alice", expires });
  return secret;
}

const reminder = (expires: string) =>
  `git-credential-bitbucket: warning: the token of account 'work' expires on ${expires.slice(0, 10)}
git-credential-bitbucket: hint: make a new one and run: git credential-bitbucket login --account work
`;

describe("two weeks before its end", () => {
  test("it is served, and the person is reminded once that day", async () => {
    const expires = inDays(13.9);
    const secret = await seed(expires);
    const first = await get();
    expect(first.stdout).toContain(`password=${secret}\n`);
    expect(first.stderr).toBe(reminder(expires));
    const second = await get();
    expect(second).toEqual({ ...first, stderr: "" });
  });

  test("one with more time is not spoken of", async () => {
    await seed(inDays(15));
    expect((await get()).stderr).toBe("");
  });

  test("each account has a reminder of its own", async () => {
    await seed(inDays(3));
    const { secret } = desk.world.site.accessToken({ workspace: "globex" });
    await seedAccount(desk.world, secret, {
      name: "team",
      kind: "access-token",
      scope: { level: "workspace", workspace: "globex" },
      expires: inDays(3),
    });
    expect((await get()).stderr).toContain("the token of account 'work' expires on");
    const other = await desk.runs(["get"], request.replace("acme/api", "globex/lib"), alone);
    expect(other.stderr).toContain("the token of account 'team' expires on");
  });

  test("the next day, it is said again, and nothing is left of the day before", async () => {
    const expires = inDays(3);
    await seed(expires);
    await get();
    const folder = join(desk.world.home, ".local/state/git-credential-bitbucket/reminders");
    const [mark = ""] = await readdir(folder);
    const yesterday = new Date(Date.now() - day).toISOString().slice(0, 10);
    await rename(join(folder, mark), join(folder, mark.replace(/\.[\d-]+$/u, `.${yesterday}`)));
    expect((await get()).stderr).toBe(reminder(expires));
    expect(await readdir(folder)).toEqual([mark]);
  });

  test("of ten fetches at once, one says it", async () => {
    await seed(inDays(3));
    const answers = await Promise.all(Array.from({ length: 10 }, () => get()));
    expect(answers.every(({ stdout }) => stdout.includes("password="))).toBe(true);
    expect(answers.filter(({ stderr }) => stderr !== "")).toHaveLength(1);
  });

  test("where nothing can be remembered, nothing is said, and git is served", async () => {
    const secret = await seed(inDays(3));
    const file = join(desk.world.work, "no-folder");
    await writeFile(file, "");
    const { stdout, stderr } = await get({ ...alone, XDG_STATE_HOME: file });
    expect(stdout).toContain(`password=${secret}\n`);
    expect(stderr).toBe("");
  });

  test("with the daemon: said when it learns the secret, not when it serves it", async () => {
    const expires = inDays(3);
    const secret = await seed(expires);
    try {
      expect((await get({})).stderr).toBe(reminder(expires));
      await expect
        .poll(async () => (await desk.runs(["daemon", "status"])).stdout, { timeout: 20_000 })
        .toContain("secrets in memory: 1\n");
      const warm = await get({});
      expect(warm.stdout).toContain(`password=${secret}\n`);
      expect(warm.stderr).toBe("");
      expect((await desk.runs(["daemon", "status"])).stdout).toContain("answers: 1 from memory");
    } finally {
      await desk.runs(["daemon", "stop"]);
    }
  });
});

describe("past its end", () => {
  test("it is not served, and the message says how to renew it", async () => {
    await seed("2026-01-02T23:59:59.000Z");
    expect(await get()).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: `git-credential-bitbucket: error: the token of account 'work' expired on 2026-01-02
git-credential-bitbucket: hint: make a new one and run: git credential-bitbucket login --account work
`,
    });
    expect(desk.world.log()).toEqual([]);
  });

  test("the hint renews it in place: the account keeps its name and its scope", async () => {
    const { site } = desk.world;
    await seedAccount(desk.world, site.accessToken({ workspace: "acme" }).secret, {
      name: "team",
      kind: "access-token",
      scope: { level: "workspace", workspace: "acme" },
      expires: inDays(-1),
    });
    const { secret } = site.accessToken({ workspace: "acme" });
    const renewed = await desk.runs(
      ["login", "--with-token", "--account", "team", "--expires", "90d"],
      `${secret}\n`,
    );
    expect(renewed.stdout).toContain("account 'team' has its new token, kept in the file store\n");
    expect((await get()).stdout).toContain(`password=${secret}\n`);
    expect(await desk.accounts()).toMatchObject([
      { name: "team", scope: { level: "workspace", workspace: "acme" } },
    ]);
  });

  test("git fetch at a terminal asks for a new one, and goes on with it", async () => {
    const { site } = desk.world;
    const before = site.apiToken("alice");
    const facts = { name: "work", kind: "api-token", username: "alice" } as const;
    const known = { email: "alice@example.com", emailConfirmed: true };
    await seedAccount(desk.world, before.secret, { ...facts, ...known });
    const clone = join(desk.world.work, "renewed");
    await mkdir(clone);
    await desk.world.git(["clone", "--quiet", "https://bitbucket.org/acme/api.git", clone]);
    await seedAccount(
      desk.world,
      before.secret,
      { ...facts, ...known, expires: inDays(-1) },
      "work",
    );
    desk.world.forgetLog();

    const after = site.apiToken("alice", { name: "the new one" });
    const person = await desk.sitsAt(["git", "fetch"], { cwd: clone, env: alone });
    await person.sees(`the token of account 'work' expired on ${inDays(-1).slice(0, 10)}`);
    await person.sees("git needs a new token of account 'work' for bitbucket.org/acme/api.git");
    await person.sees("Token (not shown): ");
    person.types(`${after.secret}\r`);
    const end = await desk.leaves(person, [before.secret, after.secret]);
    expect(end.screen).toContain("stored as account 'work': user API token, every repository\n");
    expect(end.code).toBe(0);
    expect(desk.world.gitLog().at(-1)).toMatchObject({ token: "the new one", status: 200 });
    expect(await accountOf(desk.world, "work")).toMatchObject({ ...facts, state: "approved" });
    expect(await desk.accounts()).toHaveLength(1);
  });
});
