// The demo: a person's first day with the helper, by real git against the simulated Bitbucket. Everything printed is what
// really happened; nothing outside of a temporary folder is touched, and no account is needed.
import { join } from "node:path";
import type { LogEntry } from "../simulator/request-log.ts";
import { openWorld, type World } from "../support/world.ts";

const api = "https://bitbucket.org/acme/api.git";
const library = "https://bitbucket.org/globex/lib.git";

const world = await openWorld({ helper: "none" });
try {
  await play(world);
} finally {
  await world.close();
}

async function play(world: World): Promise<void> {
  const own = world.site.apiToken("alice", { name: "alice's token" });
  const ofLibrary = world.site.accessToken(
    { workspace: "globex", repository: "lib" },
    { name: "globex/lib's token" },
  );
  const clone = join(world.work, "api");

  say("Git is told to use the helper for bitbucket.org, and for nothing else.");
  await type(["git", "credential-bitbucket", "configure"]);

  say(
    "A user API token, pasted once. Its kind is recognised, and Bitbucket is asked what it can do.",
  );
  await type(
    ["git", "credential-bitbucket", "login", "--with-token", "--email", "alice@example.com"],
    { input: `${own.secret}\n` },
  );

  say("A repository access token beside it.");
  await type(
    ["git", "credential-bitbucket", "login", "--with-token", "--repository", "globex/lib"],
    { input: `${ofLibrary.secret}\n` },
  );

  say(
    "From here on it is plain git. The name in the URL, as Bitbucket's own clone button puts it there, does not matter.",
  );
  await type(["git", "clone", api.replace("//", "//alice@")]);
  await type(["git", "commit", "--allow-empty", "-m", "Show the helper"], { cwd: clone });
  await type(["git", "push"], { cwd: clone });
  await type(["git", "fetch", "-v"], { cwd: clone });
  await type(["git", "clone", library]);

  say(
    "What arrived at Bitbucket: each repository got its own token, with the username that its kind wants.",
  );
  print(table(world.gitLog().filter(({ kind }) => kind !== undefined)));

  say("Which account answers, and why.");
  await type(["git", "credential-bitbucket", "explain", library]);

  say("Somebody revokes the repository's token. Git says little; the helper says what to do.");
  world.site.revoke(ofLibrary);
  await type(["git", "fetch"], { cwd: join(world.work, "lib") });
  await type(["git", "credential-bitbucket", "status", "--check"]);
}

async function type(
  words: readonly string[],
  options: { input?: string; cwd?: string } = {},
): Promise<void> {
  print(`$ ${words.join(" ")}`);
  const [program = "", ...args] = words;
  const { stdout, stderr } = await world.run(program, args, options);
  print(`${stdout}${stderr}`.trimEnd());
}

function table(entries: readonly LogEntry[]): string {
  const rows = entries.map(({ method, path, username = "", token = "", status }) => [
    method,
    path.split("?")[0] ?? "",
    username,
    token,
    String(status),
  ]);
  const head = ["", "path", "username", "token", "status"];
  const widths = head.map((_title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function say(text: string): void {
  print(`\n# ${text}`);
}

function print(text: string): void {
  if (text !== "") process.stdout.write(`${text}\n`);
}
