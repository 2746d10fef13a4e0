// git-credential-oauth keeps no logins: for a host that it knows it opens a browser. What can be measured without one is
// how it finds out that it does not know a host, which comes before every login, too.
import { execFileSync } from "node:child_process";
import { versionOf } from "../find-program.ts";
import { noNetwork, type Peer } from "./peer.ts";

// A name that no network has: RFC 2606, section 2.
const input = "protocol=https\nhost=git.invalid\n";
const patienceMilliseconds = 10_000;

export const oauth: Peer = {
  name: "git-credential-oauth",
  needs: ["git-credential-oauth"],
  what: "git-credential-oauth finding that it does not know the host (it keeps no logins)",
  version: (program) =>
    versionOf(program, { args: ["version"], pattern: /^git-credential-oauth v?(\d\S*)/mu }),
  async open(program, _home, base) {
    const env = { ...base, ...noNetwork };
    // A program that breaks down, or waits for a browser, says nothing either.
    execFileSync(program, ["get"], { env, input, timeout: patienceMilliseconds });
    return {
      get: { command: [program, "get"], input, env, expected: (stdout) => stdout === "" },
      close: () => Promise.resolve(),
    };
  },
};
