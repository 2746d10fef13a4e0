// doctor's output goes into reports that anybody reads: no secret, no name of a person, a machine or a place in it.
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { seedAccount } from "../../support/seed.ts";
import { openExamination } from "./run-doctor.ts";

const { desk } = openExamination();
let secrets: readonly string[] = [];

/** Much is wrong here, so that much is said. */
async function trouble() {
  const { world } = desk;
  const place = join(world.work, "mmuster");
  await mkdir(place, { recursive: true });
  const user = ["https", "http"].map((scheme) => `${scheme}://mmuster:${secrets[1]}@bitbucket.org`);
  await world.git(["config", "--file", join(place, "config"), "remote.one.url", user[0] ?? ""]);
  return {
    USER: "mmuster",
    LOGNAME: "mmuster",
    HOSTNAME: "muster-laptop",
    BITBUCKET_TOKEN: secrets[0] ?? "",
    BITBUCKET_EMAIL: "max@muster.example",
    BITBUCKET_USERNAME: "maxmuster",
    GIT_CREDENTIAL_BITBUCKET_HOSTS: "git.muster.example",
    GIT_CREDENTIAL_BITBUCKET_LOG_FILE: join(place, "log"),
    GIT_SSL_CAINFO: join(place, "ca.pem"),
    ACME_INTERNAL_SETTING: "not-on-the-list",
    https_proxy: `http://mmuster:${secrets[1]}@proxy.muster.example:3128`,
  };
}

beforeEach(async () => {
  const { world } = desk;
  const token = world.site.apiToken("alice");
  secrets = [world.site.accessToken({ workspace: "acme" }).secret, "proxy-password-1"];
  await seedAccount(world, token.secret, {
    kind: "api-token",
    username: "alice",
    email: "alice@example.com",
    state: "unverified",
  });
  const facts = { kind: "api-token", username: "bob.builder", email: "bob@work.example" } as const;
  const bob = { ...facts, name: "bob-at-work", expires: "2026-01-02T00:00:00.000Z" };
  await seedAccount(world, world.site.apiToken("bob").secret, bob);
  secrets = [...secrets, token.secret];
});

const forms = ["doctor", "doctor --json", "doctor --brief"];

test.each(forms)("%s names nobody", async (form) => {
  const { stdout, stderr } = await desk.runs(form.split(" "), "", await trouble());
  const text = stdout + stderr;
  const { home } = desk.world;
  const names = ["alice", "bob", "muster", "example.com", "work.example", "on-the-list", "ACME"];
  for (const word of [...secrets, ...names, home, hostname()]) expect(text).not.toContain(word);
  expect(text).not.toMatch(/ATAT|ATCT|ATBB/u);
  expect(text).toMatch(/failed/u);
});

test("--verbose names who is who, and still no secret", async () => {
  const { stdout, stderr } = await desk.runs(["doctor", "--verbose"], "", await trouble());
  for (const word of ["'alice'", "'bob-at-work'", "git.muster.example", "proxy.muster.example"])
    expect(stdout).toContain(word);
  expect(stdout).toContain("login --account bob-at-work\n");
  for (const word of [...secrets, desk.world.home, "on-the-list"])
    expect(stdout + stderr).not.toContain(word);
});

test("on a terminal, too, and with colours", async () => {
  const person = await desk.sits(["doctor"], { env: await trouble() });
  const { raw, screen } = await desk.leaves(person, secrets);
  expect(raw).toContain("\u001b[31mfailed \u001b[39m");
  expect(screen).not.toMatch(/alice|bob|muster/u);
});
