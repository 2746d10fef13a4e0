// doctor: the daemon's socket and whether it answers, with real daemons, also stopped ones and others' in its place.
import { chmod, mkdir, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { formatAnswer } from "../../../src/daemon/wire.ts";
import { formatAttributes } from "../../../src/protocol/attributes.ts";
import { version } from "../../../src/version.ts";
import { failed, ok, openExamination, skipped, warning } from "./run-doctor.ts";

const { desk, runDoctor } = openExamination();
const stop = "git credential-bitbucket daemon stop";
const socket = () =>
  join(desk.world.env["XDG_RUNTIME_DIR"] ?? "", "git-credential-bitbucket/socket");
const daemon = async (order: string) => {
  const { stdout, exitCode, stderr } = await desk.runs(["daemon", order]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return stdout;
};
const found = async (env = {}) => (await runDoctor({ env })).of("daemon");

beforeEach(async () => {
  await mkdir(dirname(socket()), { recursive: true, mode: 0o700 });
});
afterEach(async () => {
  await desk.runs(["daemon", "stop"]);
  await rm(dirname(socket()), { recursive: true, force: true });
});

/** Somebody who listens where the daemon does. */
async function listen(answer: Uint8Array): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    connection.on("error", () => {}).resume();
    connection.once("end", () => connection.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(socket(), resolve));
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve));
  });
}

test("none runs", async () => {
  expect(await found()).toEqual([skipped("none runs; the next git fetch starts one")]);
  expect(await found({ GIT_CREDENTIAL_BITBUCKET_DAEMON: "false" })).toEqual([
    skipped("credential.bitbucketDaemon is false"),
  ]);
});

test("one that answers, and one that is locked", async () => {
  await daemon("start");
  expect(await found()).toEqual([
    ok(expect.stringMatching(/^version \d+\.\d+\.\d+ answers in \d+ ms$/u)),
  ]);
  await daemon("lock");
  expect(await found()).toEqual([
    warning("it is locked and gives out nothing", "git credential-bitbucket daemon unlock"),
  ]);
});

test("one that is stopped: the advice gets it out of the way", async () => {
  const pid = Number(/process (\d+)/u.exec(await daemon("start"))?.[1]);
  process.kill(pid, "SIGSTOP");
  const report = await runDoctor();
  expect(report.of("daemon")).toEqual([failed("it does not answer within 2 s", stop)]);
  expect(report.exitCode).toBe(1);
  await desk.world.git(stop.split(" ").slice(1));
  expect(await found()).toMatchObject([{ result: "skipped" }]);
});

test("one that was killed left its socket", async () => {
  const pid = Number(/process (\d+)/u.exec(await daemon("start"))?.[1]);
  process.kill(pid, "SIGKILL");
  expect((await stat(socket())).isSocket()).toBe(true);
  expect(await found()).toEqual([
    skipped("one that has ended left its socket; the next git fetch starts another"),
  ]);
});

test("another program, or another version, in its place", async () => {
  await listen(Buffer.from("username=somebody\n"));
  expect(await found()).toEqual([
    failed("a program that is not this daemon answers at its socket", stop),
  ]);
});

test("another version in its place", async () => {
  const status = JSON.stringify({ pid: process.pid, version: "0.0.1", locked: false });
  await listen(formatAnswer("done", formatAttributes([["status", status]])));
  expect(await found()).toEqual([warning(`version 0.0.1 runs, not ${version}`, stop)]);
});

test("the folder of the socket", async () => {
  const place = dirname(socket());
  const { length } = Buffer.from(socket());
  const folder = async (env = {}) => (await runDoctor({ env })).of("socket folder");
  expect(await folder()).toEqual([ok(`${place}, ${length} of 103 bytes`)]);
  await rm(place, { recursive: true });
  expect(await folder()).toEqual([ok(`${place}, not made yet, ${length} of 103 bytes`)]);
  await mkdir(place, { mode: 0o755 });
  await chmod(place, 0o755);
  expect(await folder()).toEqual([
    failed(`${place} is open to other users (mode 0755)`, `chmod 700 ${place}`),
  ]);
  const long = join(desk.world.work, "d".repeat(103));
  await mkdir(long);
  const report = await runDoctor({ env: { XDG_RUNTIME_DIR: long } });
  expect(report.of("socket folder")).toMatchObject([
    { result: "failed", message: expect.stringContaining("is too long") },
  ]);
});
