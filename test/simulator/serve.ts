// The simulator as a program of its own, for the demonstration and for trying things by hand:
//
//   npx esbuild test/simulator/serve.ts --bundle --platform=node --format=esm --outfile=/tmp/serve.mjs && node /tmp/serve.mjs
//
// Prints one line of JSON when it is ready: { proxy, authority, tokens, log }. With git's http.proxy set to the proxy and
// http.sslCAInfo to the authority's file, https://bitbucket.org is the simulated one. `tokens` is a file (0600) with
// minted tokens by name, `log` one that gets a line of JSON for each request. Ends, and removes everything, on SIGTERM,
// SIGINT, or when its stdin ends.
import { appendFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dir } from "tmp-promise";
import { openNetwork } from "../support/network.ts";
import { makePrivateCa } from "../support/private-ca.ts";
import { simulatedHosts, Simulator } from "./simulator.ts";
import type { Site } from "./site.ts";
import { furnish } from "./standard-site.ts";

const folder = await dir({ unsafeCleanup: true });
const log = join(folder.path, "log.jsonl");
const tokens = join(folder.path, "tokens.json");
const authority = await makePrivateCa(folder.path);
const network = await openNetwork(simulatedHosts, folder.path, "proxy");
const simulator = await Simulator.start({
  listener: network.listener,
  tls: await authority.issue(simulatedHosts.map((host) => `DNS:${host}`)),
  directory: join(folder.path, "bitbucket"),
  onAnswered: (entry) => appendFileSync(log, `${JSON.stringify(entry)}\n`),
});
furnish(simulator.site);
await writeFile(log, "");
await writeFile(tokens, `${JSON.stringify(mint(simulator.site), null, 2)}\n`, { mode: 0o600 });

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
process.stdin.once("end", () => void stop()).resume();
const proxy = network.gitConfig["http.proxy"];
process.stdout.write(`${JSON.stringify({ proxy, authority: authority.file, tokens, log })}\n`);

/** One of each kind, as the standard site's people would have made them. */
function mint(site: Site) {
  const acme = { workspace: "acme" };
  return {
    api: { ...site.apiToken("alice", { name: "api" }), email: "alice@example.com" },
    readOnly: {
      ...site.apiToken("alice", {
        name: "readOnly",
        scopes: ["read:repository:bitbucket", "read:user:bitbucket"],
      }),
      email: "alice@example.com",
    },
    unscoped: {
      ...site.unscopedApiToken("alice", { name: "unscoped" }),
      email: "alice@example.com",
    },
    repository: site.accessToken({ ...acme, repository: "api" }, { name: "repository" }),
    project: site.accessToken({ ...acme, project: "CORE" }, { name: "project" }),
    workspace: site.accessToken({ workspace: "globex" }, { name: "workspace" }),
    oauth: site.oauthToken("alice", { name: "oauth" }),
    appPassword: site.appPassword("alice", { name: "appPassword" }),
  };
}

async function stop(): Promise<void> {
  process.stdin.destroy();
  await simulator.stop();
  await network.close();
  await folder.cleanup();
}
