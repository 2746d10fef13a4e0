// Where a transcript is played: a world of its own, and what the set-up lines of transcripts mean there.
//
//   % NAME = api-token alice                     also unscoped-token, oauth-token, app-password; with scopes=a,b
//   % NAME = access-token acme/api               or a workspace, or project acme/CORE: `access-token acme project=CORE`
//   % NAME = text ANYTHING                       no token of Bitbucket's
//   % revoke NAME                                its owner does, at Bitbucket
//   % env NAME=VALUE                             for all commands that follow; `% env NAME` takes it away
//   % bitbucket answers 503                      its REST interface, from here on; also `hangs`, `is well`
//   % accounts s/…/…/                            sed(1) on the accounts file
//
// Commands are run by sh in the world's work folder; $NAME stands for the secret, in commands and in their input.
import { join } from "node:path";
import type { Part, Token, TokenOptions } from "../simulator/records.ts";
import type { PlannedFault } from "../simulator/faults.ts";
import { openWorld, type World } from "../support/world.ts";
import { settle } from "./settle.ts";
import { formatStep, joinSteps, parseTranscript, type Seen, type Step } from "./transcript.ts";

interface Stage {
  readonly world: World;
  readonly secrets: Map<string, string>;
  readonly tokens: Map<string, Token>;
  readonly env: Map<string, string>;
  fault: PlannedFault | undefined;
}

/** @returns the text as it should have been. Throws when a secret was shown elsewhere than in an answer to git. */
export async function playTranscript(text: string): Promise<string> {
  const world = await openWorld();
  const env = new Map([["GIT_CREDENTIAL_BITBUCKET_DAEMON", "false"]]);
  const stage: Stage = { world, secrets: new Map(), tokens: new Map(), env, fault: undefined };
  try {
    const played: { kind: Step["kind"]; lines: readonly string[] }[] = [];
    for (const step of parseTranscript(text))
      played.push({ kind: step.kind, lines: formatStep(step, await play(step, stage)) });
    return joinSteps(played);
  } finally {
    await world.helper(["daemon", "stop"]);
    await world.close();
  }
}

async function play(step: Step, stage: Stage): Promise<Seen | undefined> {
  if (step.kind === "text") return undefined;
  if (step.kind === "command") return await runCommand(step.command, step.input, stage);
  await setUp(step.words, stage);
  return undefined;
}

async function runCommand(
  command: string,
  input: readonly string[],
  { world, secrets, env }: Stage,
): Promise<Seen> {
  const named = [...secrets].filter(([name]) => command.includes(`$${name}`));
  const result = await world.run("sh", ["-c", command], {
    env: { ...Object.fromEntries(env), ...Object.fromEntries(named) },
    input: input.map((line) => `${reveal(line, secrets)}\n`).join(""),
  });
  const stdout = settle(hide(result.stdout, secrets), world);
  const stderr = settle(hide(result.stderr, secrets), world);
  for (const line of `${stdout}${stderr}`.split("\n")) {
    if (
      [...secrets.keys()].some((name) => line.includes(`$${name}`)) &&
      !line.startsWith("password=")
    )
      throw new Error(`a secret is shown by ${command}: ${line}`);
  }
  return { stdout, stderr, exitCode: result.exitCode };
}

function reveal(line: string, secrets: ReadonlyMap<string, string>): string {
  return line.replaceAll(/\$([A-Z_]+)/gu, (whole, name: string) => secrets.get(name) ?? whole);
}

function hide(text: string, secrets: ReadonlyMap<string, string>): string {
  return [...secrets].reduce(
    (hidden, [name, secret]) => hidden.replaceAll(secret, `$${name}`),
    text,
  );
}

async function setUp(words: string, stage: Stage): Promise<void> {
  const { world, env, tokens } = stage;
  const [, first = "", rest = ""] = /^(\S+) (.+)$/u.exec(words) ?? [];
  if (rest.startsWith("= ")) mint(first, rest.slice(2), stage);
  else if (first === "env") {
    const [, name = "", value] = /^(\w+)(?:=(.*))?$/u.exec(rest) ?? [];
    if (value === undefined) env.delete(name);
    else env.set(name, value);
  } else if (first === "revoke") {
    const token = tokens.get(rest);
    if (token === undefined) throw new Error(`no token: ${words}`);
    world.site.revoke(token);
  } else if (first === "bitbucket") plan(rest, stage);
  else if (first === "accounts") {
    const file = join(world.home, ".local/share/git-credential-bitbucket/accounts.json");
    await world.run("sed", ["-i", rest, file]);
  } else throw new Error(`no set-up: ${words}`);
}

function plan(how: string, stage: Stage): void {
  stage.fault?.clear();
  stage.fault = undefined;
  if (how === "is well") return;
  const status = /^answers (\d+)$/u.exec(how)?.[1];
  if (status === undefined && how !== "hangs") throw new Error(`bitbucket cannot: ${how}`);
  stage.fault = stage.world.simulator.fail(
    status === undefined
      ? { kind: "delay", milliseconds: Infinity }
      : { kind: "status", status: Number(status) },
    { service: "rest" },
  );
}

function mint(name: string, description: string, { world, secrets, tokens }: Stage): void {
  const [kind = "", whose = "", ...rest] = description.split(" ");
  if (kind === "text") {
    secrets.set(name, description.slice("text ".length));
    return;
  }
  const options = Object.fromEntries(rest.map((word) => word.split("=") as [string, string]));
  const token = mintToken(kind, whose, options, world);
  tokens.set(name, token);
  secrets.set(name, token.secret);
}

function mintToken(
  kind: string,
  whose: string,
  { scopes, ...more }: Readonly<Record<string, string>>,
  { site }: World,
): Token {
  const options: TokenOptions = scopes === undefined ? {} : { scopes: scopes.split(",") };
  switch (kind) {
    case "api-token":
      return site.apiToken(whose, options);
    case "unscoped-token":
      return site.unscopedApiToken(whose, options);
    case "oauth-token":
      return site.oauthToken(whose, options);
    case "app-password":
      return site.appPassword(whose, options);
    case "access-token": {
      const [workspace = "", repository] = whose.split("/");
      const covers: Part = { workspace, repository, project: more["project"] };
      return site.accessToken(covers, options);
    }
    default:
      throw new Error(`no kind of token: ${kind}`);
  }
}
