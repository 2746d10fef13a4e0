// A world for end-to-end tests: a person's empty home, real git, the program as built, and a simulated Bitbucket under
// the real names https://bitbucket.org and https://api.bitbucket.org. Nothing in the program knows that it is tested.
//
//   const world = await openWorld();                       // furnished: see simulator/standard-site.ts
//   const token = world.site.apiToken("alice");            // mints; also accessToken, oauthToken, appPassword …
//   await world.helper(["login", "--with-token", "--email", "alice@example.com"], { input: `${token.secret}\n` });
//   const { exitCode, stderr } = await world.git(["clone", "https://bitbucket.org/acme/api.git"]);
//   expect(world.gitLog()).toContainEqual(…);              // { method, path, username, kind, token, status, … }
//   world.simulator.fail({ kind: "status", status: 401 }, { service: "git", authenticated: true, times: 1 });
//   await world.close();                                   // also ends daemons that the program left running
//
// What runs gets the environment of world.env and nothing of the machine's: HOME, XDG folders, PATH with the program's
// front first (so `git credential-bitbucket` works), GIT_TERMINAL_PROMPT=0. The working directory is world.work unless
// told. ~/.gitconfig trusts the simulator's authority (http.sslCAInfo) and, unless `helper: "none"`, has the lines that
// `configure` writes: the front is the only helper for bitbucket.org and www.bitbucket.org, with useHttpPath. `helper` may also be a helper's command: `!f() { …; }; f`.
//
// Programs must be started through world: git(), helper(), run(), start(), or by the words of command() for a test that
// starts them itself (in a pty): outside of the world's network the names lead to the real Bitbucket.
import type { ChildProcess } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { withDir } from "tmp-promise";
import { helperLines, includeLines, ownSuffix } from "../../src/git/helper-lines.ts";
import { simulatedHosts, Simulator } from "../simulator/simulator.ts";
import { furnish } from "../simulator/standard-site.ts";
import type { LogEntry } from "../simulator/request-log.ts";
import type { Site } from "../simulator/site.ts";
import type { DaemonMode } from "./daemon-mode.ts";
import { installFront } from "./front.ts";
import { openNetwork, type NetworkKind } from "./network.ts";
import { makePrivateCa, type ServerCertificate } from "./private-ca.ts";
import { openSandbox, type RunOptions, type RunResult } from "./sandbox.ts";

export interface WorldOptions {
  /** The program when left out; none; or a credential helper's command, as git config takes it. */
  readonly helper?: "program" | "none" | (string & {});
  /** More lines of ~/.gitconfig, by key. */
  readonly gitConfig?: Readonly<Record<string, string>>;
  /** The simulator's clock, milliseconds since 1970; the programs have the machine's. */
  readonly now?: () => number;
  /** Network namespace where possible, otherwise a proxy, unless told. */
  readonly network?: NetworkKind;
  /** Runs from the beginning, or is forbidden. Left out, it is as with everybody: started by the first answer. */
  readonly daemon?: DaemonMode | undefined;
  /** Variables that the session does not have, such as XDG_RUNTIME_DIR. */
  readonly without?: readonly string[];
}

export interface World {
  readonly simulator: Simulator;
  readonly site: Site;
  readonly home: string;
  /** Empty, for the test's own files; not inside the home. */
  readonly work: string;
  readonly env: Readonly<Record<string, string>>;
  readonly network: NetworkKind;
  /** Absolute path of the front, as git config names it. */
  readonly front: string;
  /** The file of the simulator's authority, PEM. */
  readonly authority: string;
  git(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** `git-credential-bitbucket ARGS`, through the front. */
  helper(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  start(command: string, args: readonly string[], options?: RunOptions): ChildProcess;
  /** The words to start this command with, for tests that start it themselves with world.env. */
  command(command: readonly string[], cwd?: string): readonly string[];
  /** What arrived at https://bitbucket.org as git, LFS included. */
  gitLog(): readonly LogEntry[];
  /** What arrived at https://api.bitbucket.org. */
  restLog(): readonly LogEntry[];
  /** Everything that arrived, in order. */
  log(): readonly LogEntry[];
  forgetLog(): void;
  close(): Promise<void>;
}

interface Authority {
  /** Its certificate, PEM text. */
  readonly certificate: string;
  readonly tls: ServerCertificate;
}

/** One for all worlds of this process: keys take time to make. */
let authority: Promise<Authority> | undefined;

async function makeAuthority(): Promise<Authority> {
  return await withDir(
    async ({ path }) => {
      const ca = await makePrivateCa(path);
      const tls = await ca.issue(simulatedHosts.map((host) => `DNS:${host}`));
      return { certificate: await readFile(ca.file, "utf8"), tls };
    },
    { unsafeCleanup: true },
  );
}

/** Opens everything. Close it in any case: it holds processes. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const sandbox = await openSandbox();
  const folder = join(sandbox.work, "..", "world");
  await mkdir(folder);
  authority ??= makeAuthority();
  const { certificate, tls } = await authority;
  const ca = join(folder, "authority.pem");
  await writeFile(ca, certificate);
  const network = await openNetwork(simulatedHosts, folder, options.network);
  const simulator = await Simulator.start({
    listener: network.listener,
    tls,
    directory: join(folder, "bitbucket"),
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  furnish(simulator.site);
  const front = await installFront(join(folder, "bin"));
  const gitConfig = {
    "http.sslCAInfo": ca,
    "init.defaultBranch": "main",
    ...network.gitConfig,
    ...(options.daemon === "off" && { "credential.bitbucketDaemon": "false" }),
    ...options.gitConfig,
  };
  const helper = options.helper ?? "program";
  const config = join(sandbox.home, ".gitconfig");
  await writeFile(config, configLines(gitConfig) + helperConfig(helper));
  if (helper === "program")
    await writeFile(config + ownSuffix, helperLines(front, ["bitbucket.org", "www.bitbucket.org"]));
  const env: Record<string, string> = {
    ...sandbox.env,
    PATH: [join(front, ".."), sandbox.env["PATH"]].join(delimiter),
    GIT_TERMINAL_PROMPT: "0",
  };
  for (const name of options.without ?? []) delete env[name];
  const missing = Object.fromEntries((options.without ?? []).map((name) => [name, undefined]));

  const command: World["command"] = (words, cwd = sandbox.work) => network.wrap(words, cwd);
  const prepare = (words: readonly string[], { env: own, ...rest }: RunOptions) => {
    const [program = "", ...args] = command(words, rest.cwd);
    return [program, args, { ...rest, env: { ...missing, ...env, ...own } }] as const;
  };
  const run: World["run"] = (program, args, options = {}) =>
    sandbox.run(...prepare([program, ...args], options));
  if (options.daemon === "on") await run(front, ["daemon", "start"]);
  return {
    simulator,
    site: simulator.site,
    home: sandbox.home,
    work: sandbox.work,
    env,
    network: network.kind,
    front,
    authority: ca,
    run,
    command,
    start: (program, args, options = {}) => sandbox.start(...prepare([program, ...args], options)),
    git: (args, options) => run("git", args, options),
    helper: (args, options) => run(front, args, options),
    gitLog: () => simulator.log.filter(({ service }) => service === "git" || service === "lfs"),
    restLog: () => simulator.requests("rest"),
    log: () => simulator.log,
    forgetLog: () => void (simulator.log.length = 0),
    async close() {
      await simulator.stop();
      await network.close();
      await sandbox.close();
    },
  };
}

/** @param helper as in WorldOptions; the program gets the lines that `configure` writes. */
function helperConfig(helper: string): string {
  if (helper === "none") return "";
  if (helper === "program") return includeLines(`~/.gitconfig${ownSuffix}`);
  const section = "credential.https://bitbucket.org";
  return configLines({ [`${section}.helper`]: helper, [`${section}.useHttpPath`]: "true" });
}

/** @param settings by key: section, perhaps a subsection with dots, and name. */
function configLines(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => {
      const [, section = "", subsection, name = ""] = /^(\w+)(?:\.(.+))?\.(\w+)$/u.exec(key) ?? [];
      const head = subsection === undefined ? section : `${section} ${quoted(subsection)}`;
      return `[${head}]\n\t${name} = ${quoted(value)}\n`;
    })
    .join("");
}

function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
}
