// doctor: accounts, their file, and the stores: each out of order for real, with a real keyring.
import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openKeyring, type Keyring, type KeyringState } from "../../support/keyring.ts";
import { seedAccount } from "../../support/seed.ts";
import { failed, ok, openExamination, skipped, warning } from "./run-doctor.ts";

const { desk, runDoctor } = openExamination();
const login = "git credential-bitbucket login";
const status = "git credential-bitbucket status";
const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString();
const data = (name = "") => join(desk.world.home, ".local/share/git-credential-bitbucket", name);
const works = (store: string) => ok(`${store}: a secret was written, read, compared and deleted`);
const noBus = skipped(
  "there is no keychain: this session has no D-Bus; new secrets go to the file store",
);

async function tree(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true })).toSorted();
}

const seed = (facts: Partial<Parameters<typeof seedAccount>[2]> = {}) =>
  seedAccount(desk.world, desk.world.site.apiToken("alice").secret, {
    name: "work",
    kind: "api-token",
    username: "alice",
    ...facts,
  });

describe("without accounts", () => {
  test("says how to get one, tries the store, and leaves nothing behind", async () => {
    const before = await tree(desk.world.home);
    const report = await runDoctor();
    expect(report.of("accounts file")).toEqual([skipped("there is none yet", login)]);
    expect(report.of("accounts")).toEqual([skipped("there are none yet", login)]);
    expect(report.of("store")).toEqual([works("file"), noBus]);
    expect(report.exitCode).toBe(0);
    expect(await tree(desk.world.home)).toEqual(before);
  });

  test("a place where no folder can be made", async () => {
    const report = await runDoctor({ env: { XDG_DATA_HOME: "/sys/nowhere" } });
    expect(report.of("store")).toEqual([
      failed(
        expect.stringMatching(/^file: \/sys\/nowhere cannot be made \(E\w+\)$/u),
        "ls -ld /sys",
      ),
      noBus,
    ]);
  });
});

describe("the accounts file", () => {
  test("in order", async () => {
    await seed();
    expect((await runDoctor()).of("accounts file")).toEqual([
      ok("~/.local/share/git-credential-bitbucket/accounts.json, with 1 account"),
    ]);
  });

  test("open to others: the advice mends it", async () => {
    await seed();
    await chmod(data("accounts.json"), 0o644);
    const advice = "chmod 600 ~/.local/share/git-credential-bitbucket/accounts.json";
    expect((await runDoctor()).of("accounts file")).toEqual([
      failed(
        "~/.local/share/git-credential-bitbucket/accounts.json is open to other users (mode 0644)",
        advice,
      ),
    ]);
    await desk.world.run("sh", ["-c", advice]);
    expect((await runDoctor()).of("accounts file")).toMatchObject([{ result: "ok" }]);
  });

  test("damaged: told once", async () => {
    await seed();
    await writeFile(data("accounts.json"), "{");
    const report = await runDoctor();
    expect(report.of("accounts file")).toMatchObject([
      { result: "failed", message: expect.stringContaining("is damaged: it is no JSON") },
    ]);
    for (const title of ["accounts", "store"])
      expect(report.of(title)).toEqual([skipped("it needs what failed above")]);
    expect(report.of("bitbucket")).toMatchObject([{ result: "ok" }]);
  });
});

describe("accounts", () => {
  test("numbered, with kind, scope, state and end", async () => {
    await seed({ expires: "2099-01-01T00:00:00.000Z" });
    await seedAccount(desk.world, desk.world.site.accessToken({ workspace: "acme" }).secret, {
      kind: "access-token",
      scope: { level: "workspace", workspace: "acme" },
    });
    expect((await runDoctor()).of("accounts")).toEqual([
      ok("account 1: user API token for every repository, approved, until 2099-01-01"),
      ok("account 2: access token for one workspace, approved"),
    ]);
    expect((await runDoctor({}, ["--verbose"])).of("accounts")).toEqual([
      ok("account 'work': user API token for every repository, approved, until 2099-01-01"),
      ok("account 'acme': access token for workspace acme, approved"),
    ]);
  });

  test("expired, near its end, without its secret", async () => {
    await seed({ expires: "2026-01-02T00:00:00.000Z" });
    await seed({ name: "soon", expires: inDays(3) });
    const lost = await seed({ name: "lost" });
    for (const file of await readdir(data("secrets")))
      if (file.includes(lost.secretKey.slice(-12))) await rm(data(`secrets/${file}`));
    const report = await runDoctor();
    expect(report.of("accounts")).toEqual([
      failed("account 1: the token expired on 2026-01-02", status),
      warning(`account 2: the token expires on ${inDays(3).slice(0, 10)}`, status),
      failed("account 3: its secret is not in the file store", status),
    ]);
    expect(report.exitCode).toBe(1);
    const [verbose] = (await runDoctor({}, ["--verbose"])).of("accounts");
    expect(verbose?.advice).toBe(
      "make a new one and run: git credential-bitbucket login --account work",
    );
  });
});

describe("the file store", () => {
  test("open to others", async () => {
    await seed();
    await chmod(data("secrets"), 0o755);
    expect((await runDoctor()).of("store")).toEqual([
      failed(
        "file: ~/.local/share/git-credential-bitbucket/secrets is open to other users (mode 0755)",
        "chmod 700 ~/.local/share/git-credential-bitbucket/secrets",
      ),
      noBus,
    ]);
  });

  test("without its identity: no new one is made", async () => {
    await seed();
    await rm(data("identity.txt"));
    const before = await tree(data());
    expect((await runDoctor()).of("store")).toEqual([
      failed(
        "file: identity.txt is gone, so no secret can be opened",
        "ls -la ~/.local/share/git-credential-bitbucket",
      ),
      noBus,
    ]);
    expect(await tree(data())).toEqual(before);
  });

  test("in use: nothing of the trial stays, and no secret of the person's changes", async () => {
    await seed();
    const before = await tree(data());
    const [secret = ""] = await readdir(data("secrets"));
    const bytes = await readFile(data(`secrets/${secret}`));
    expect((await runDoctor()).of("store")).toEqual([works("file"), noBus]);
    expect(await tree(data())).toEqual(before);
    expect(await readFile(data(`secrets/${secret}`))).toEqual(bytes);
  });
});

const said = (by: string, problem: string) => `${by} says keychain, but ${problem}`;

describe("the keychain", () => {
  let keyring: Keyring | undefined;
  beforeEach(() => {
    keyring = undefined;
  });
  afterEach(() => keyring?.close());

  /** With the keychain chosen by the setting, as one that answers would be. */
  async function stores(state: KeyringState, prepare: (opened: Keyring) => void = () => {}) {
    keyring = await openKeyring(desk.world.env, state);
    prepare(keyring);
    const env = {
      DBUS_SESSION_BUS_ADDRESS: keyring.env["DBUS_SESSION_BUS_ADDRESS"],
      GIT_CREDENTIAL_BITBUCKET_STORE: "keychain",
    };
    return (await runDoctor({ env })).of("store");
  }

  test("answers, and keeps nothing of the trial", async () => {
    expect(await stores("unlocked")).toEqual([works("keychain")]);
    const search = ["search", "--all", "service", "git-credential-bitbucket"];
    const left = await desk.world.run("secret-tool", search, { env: keyring?.env });
    expect(left.stdout).toBe("");
  });

  const variable = "GIT_CREDENTIAL_BITBUCKET_STORE";

  test.each([
    ["locked", "the keychain is locked", "git credential-bitbucket login --store file"],
    ["empty", "the keychain has no keyring yet", `unset ${variable}`],
    [
      "no-service",
      "there is no keychain: no Secret Service runs in this session",
      `unset ${variable}`,
    ],
    ["no-bus", "there is no keychain: this session has no D-Bus", `unset ${variable}`],
  ] as const)("%s", async (state, problem, next) => {
    expect(await stores(state)).toEqual([failed(said(variable, problem), next)]);
  });

  test("that git's configuration names, and that is not there", async () => {
    await desk.world.git(["config", "--global", "credential.bitbucketStore", "keychain"]);
    expect((await runDoctor()).of("store")).toEqual([
      failed(
        said("credential.bitbucketStore", "there is no keychain: this session has no D-Bus"),
        "git config --global credential.bitbucketStore file",
      ),
    ]);
  });

  test("that is stalled keeps nobody waiting for ever", async () => {
    expect(
      await stores("unlocked", (opened) => {
        opened.stall();
      }),
    ).toEqual([
      failed(said(variable, "the keychain did not answer within 3 s"), `unset ${variable}`),
    ]);
    keyring?.resume();
  });

  test("that an account lies in, while new secrets go to files", async () => {
    await seed({ store: "keychain" });
    const report = await runDoctor({ env: { GIT_CREDENTIAL_BITBUCKET_STORE: "file" } });
    expect(report.of("store")).toMatchObject([
      { result: "ok" },
      { result: "failed", message: expect.stringContaining("keychain: there is no keychain") },
    ]);
  });
});
