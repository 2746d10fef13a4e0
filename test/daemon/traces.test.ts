// What stays of a token in the daemon's memory once it has forgotten it: nothing. Looked for in the memory of the real
// process, all of it, in pieces of twelve bytes.
import { randomBytes } from "node:crypto";
import { appendFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { talk } from "../../src/daemon/talk.ts";
import { formatQuestion } from "../../src/daemon/wire.ts";
import { lockSecrets } from "../../src/secrets/lock.ts";
import { findPieces } from "../support/process-memory.ts";
import { waitFor } from "../support/wait.ts";
import { answerFor, type DaemonHome, openDaemonHome, requestFor } from "./home.ts";

/** The public beginning of an access token; what follows is the secret. */
const prefix = "ATCTT3xFfGF0";
let home: DaemonHome;
let secret: string;
let pid: number;

beforeEach(async () => {
  home = await openDaemonHome();
  secret = randomBytes(48).toString("hex");
  await home.seed("acme", prefix + secret);
});
afterEach(() => home.close());

const api = requestFor("acme/api.git");
const pieces = () => findPieces(pid, secret);

/** Every way on which a secret comes to the daemon, and leaves it. */
async function useInEveryWay(): Promise<void> {
  const answer = answerFor(prefix + secret);
  // With the first report, on standard input.
  expect((await home.get()).stdout).toBe(answer);
  pid = await home.untilWarm();
  for (let count = 0; count < 20; count += 1) expect((await home.get()).stdout).toBe(answer);
  await home.helper(["store"], { input: api + answer });
  await sendInPieces("store", `${api}${answer}`);
  await talk(home.socket, formatQuestion("forget", []), 2000);
  // With a ticket, over a lease.
  expect((await home.get(requestFor("acme/web.git"))).stdout).toBe(answer);
  // As an offer of a helper that was asked past the daemon.
  expect((await home.get(api, { env: { GIT_CONFIG_COUNT: "0" } })).stdout).toBe(answer);
  // Asked for with the secret in the question.
  await home.get(`${api}password=${prefix}${secret}\n`);
  // To the daemon alone: the helper would take the refresh token over.
  await sendInPieces("store", `${api}${answer}oauth_refresh_token=${secret}\n`);
  // Where none belongs.
  const misplaced = `protocol=https\nhost=bitbucket.org\nusername=${prefix}${secret}\n`;
  await home.get(misplaced);
  await home.get(`protocol=https\nhost=bitbucket.org\npath=acme/${prefix}${secret}\n`);
  await sendInPieces("store", `${misplaced}password=x\n`);
  for (const header of [`x: ${prefix}${secret}`, `Authorization: Bearer ${secret}`]) {
    const GIT_CONFIG_PARAMETERS = `'http.extraheader=${header}'`;
    await home.get(api, { env: { GIT_CONFIG_PARAMETERS } });
  }
  await sendInPieces("store", `${api}${answer}`);
  expect((await home.get()).stdout).toBe(answer);
  await waitFor(async () => (await home.status())?.entries.length === 1);
}

/** What the front asks, its bytes one after the other, so that the daemon has to put them together. */
async function sendInPieces(operation: "store", body: string): Promise<void> {
  const header = [
    ["home", home.home],
    ["data", home.env["XDG_DATA_HOME"] ?? ""],
    ["cwd", home.work],
  ] as const;
  const question = formatQuestion(operation, header, Buffer.from(`${body}\n`));
  const socket = connect({ path: home.socket, allowHalfOpen: true });
  socket.resume();
  const closed = new Promise((resolve) => socket.once("close", resolve));
  for (let at = 0; at < question.length; at += 40) {
    socket.write(question.subarray(at, at + 40));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  socket.end();
  await closed;
}

test.runIf(process.getuid?.() === 0)(
  "there is one copy of a token, and none after lock",
  async () => {
    await useInEveryWay();
    expect(pieces()).toHaveLength(1);
    expect((await home.helper(["daemon", "lock"])).exitCode).toBe(0);
    expect(pieces()).toEqual([]);
  },
);

test.runIf(process.getuid?.() === 0)("nor after SIGHUP", async () => {
  await useInEveryWay();
  process.kill(pid, "SIGHUP");
  await waitFor(async () => (await home.status())?.entries.length === 0);
  expect(pieces()).toEqual([]);
});

test.runIf(process.getuid?.() === 0)("nor after logout", async () => {
  await useInEveryWay();
  expect((await home.helper(["logout", "acme"])).exitCode).toBe(0);
  expect(pieces()).toEqual([]);
});

test.runIf(process.getuid?.() === 0)("nor when its time is over", async () => {
  const config = join(home.home, ".gitconfig");
  await appendFile(config, "[credential]\n\tbitbucketCacheTimeout = 1s\n");
  expect((await home.get()).stdout).toBe(answerFor(prefix + secret));
  await waitFor(async () => (pid = (await home.status())?.pid ?? 0) !== 0);
  await waitFor(async () => (await home.status())?.entries.length === 0);
  expect(pieces()).toEqual([]);
});

test.runIf(process.getuid?.() === 0)(
  "nor when another process locks, also when nobody asks",
  async () => {
    await home.get();
    pid = await home.untilWarm();
    expect(pieces()).toHaveLength(1);
    await lockSecrets(join(home.env["XDG_DATA_HOME"] ?? "", "git-credential-bitbucket"));
    await expect.poll(pieces, { timeout: 30_000, interval: 500 }).toEqual([]);
  },
);

test.runIf(process.getuid?.() === 0)(
  "nothing is kept of what git -c was given, nor of a token in a URL",
  async () => {
    await home.get();
    pid = await home.untilWarm();
    secret = randomBytes(48).toString("hex");
    const parameters = (name: string) => ({
      GIT_CONFIG_PARAMETERS: `'${name}'='Bearer ${secret}'`,
    });
    const questions = [
      [api, parameters("http.extraheader")],
      [api, { GIT_CONFIG_PARAMETERS: `'include.path=/nowhere' 'a.b=${secret}'` }],
      [api, { GIT_CONFIG_PARAMETERS: `'credential.bitbucketdaemon=true' 'a.b=${secret}'` }],
      [`${api}username=${prefix}${secret}\n`, {}],
      [requestFor(`${prefix}${secret}/api.git`), {}],
    ] as const;
    for (const [request, env] of questions)
      for (let count = 0; count < 2; count += 1) await home.get(request, { env });
    for (const operation of ["store", "erase"]) {
      const input = `${api}username=${prefix}${secret}\npassword=x\n`;
      await home.helper([operation], { input });
    }
    expect(pieces()).toEqual([]);
  },
);

test.runIf(process.getuid?.() === 0)(
  "nor of a short secret, which V8 would move about",
  async () => {
    const site = requestFor("globex/site.git");
    secret = randomBytes(12).toString("hex");
    await home.seed("globex", secret);
    expect((await home.get(site)).stdout).toBe(answerFor(secret));
    pid = await home.untilWarm();
    for (let count = 0; count < 5; count += 1)
      expect((await home.get(site)).stdout).toBe(answerFor(secret));
    await home.helper(["store"], { input: site + answerFor(secret) });
    expect(pieces()).toHaveLength(1);
    expect((await home.helper(["daemon", "lock"])).exitCode).toBe(0);
    expect(pieces()).toEqual([]);
  },
);
