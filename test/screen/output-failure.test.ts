// Output that cannot be written: told where it is lost, quiet where nobody reads, and never at git's expense.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerFor, type DaemonHome, openDaemonHome, requestFor, token } from "../daemon/home.ts";

let home: DaemonHome;

beforeEach(async () => {
  home = await openDaemonHome();
});
afterEach(() => home.close());

const commands = [
  ["status"],
  ["status", "--json"],
  ["help"],
  ["help", "login"],
  ["--version"],
  ["explain", "https://bitbucket.org/acme/api.git"],
  ["doctor"],
  ["doctor", "--json"],
  ["completion", "bash"],
  ["daemon", "status"],
].map((words) => words.join(" "));

/** Runs the command with its stdout put elsewhere by the shell. */
async function into(redirection: string, args: readonly string[], input = "") {
  const script = `front=$1; shift; ${redirection}`;
  const { stderr, exitCode } = await home.run("sh", ["-c", script, "sh", home.front, ...args], {
    input,
  });
  return { stderr, exitCode };
}
const full = `"$front" "$@" >/dev/full`;
/** A pipe without a reader from the first byte on. */
const unread = `[ -p pipe ] || mkfifo pipe; exec 3<>pipe 4>pipe 3>&-; "$front" "$@" >&4`;
const lost = {
  stderr:
    "git-credential-bitbucket: error: the output could not be written: no space left on device\n",
  exitCode: 1,
};
const quiet = { stderr: "", exitCode: 141 };

test.each(commands)("a full disk is told: %s", async (command) => {
  expect(await into(full, command.split(" "))).toEqual(lost);
});

test.each(commands)("a pipe that nobody reads ends it quietly: %s", async (command) => {
  expect(await into(unread, command.split(" "))).toEqual(quiet);
});

test.each([full, unread])("where nothing is written, nothing is lost: %s", async (redirection) => {
  const { exitCode, stderr } = await into(redirection, ["status", "--nonsense"]);
  expect(exitCode).toBe(2);
  expect(stderr).not.toContain("output");
  const foreign = "protocol=https\nhost=example.com\n";
  expect(await into(redirection, ["get"], foreign)).toEqual({ stderr: "", exitCode: 0 });
});

test("a full disk behind both streams is still an error", async () => {
  const { exitCode } = await into(`${full} 2>&1`, ["status"]);
  expect(exitCode).toBe(1);
});

describe.each([
  ["into a full disk", full, lost],
  ["into a pipe that nobody reads", unread, quiet],
])("git's get %s", (_, redirection, expected) => {
  test("still tells the daemon, and the account stays as it is", async () => {
    const account = await home.seed("acme");
    expect(await into(redirection, ["get"], requestFor("acme/api.git"))).toEqual(expected);
    await home.untilWarm();
    expect((await home.get()).stdout).toBe(answerFor(token("a")));
    expect(await home.helperStarts()).toBe(1);
    const status = JSON.parse((await home.helper(["status", "--json"])).stdout) as unknown;
    expect(status).toMatchObject({ accounts: [{ name: account.name, state: "approved" }] });
  });
});
