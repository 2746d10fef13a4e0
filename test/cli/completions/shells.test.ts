// Completions in the real shells, at terminals, where install.sh puts them; behind git by the completion of git that each
// shell has of its own.
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { gitHas } from "../../support/git-features.ts";
import { openPty, type Pty } from "../../support/pty.ts";
import { seedAccount } from "../../support/seed.ts";
import { openWorld, type World } from "../../support/world.ts";

const secret = `ATCTT3xFfGN0${"S".repeat(172)}`;
const places = {
  bash: ".local/share/bash-completion/completions/git-credential-bitbucket",
  zsh: ".local/share/zsh/site-functions/_git-credential-bitbucket",
  fish: ".local/share/fish/vendor_completions.d/git-credential-bitbucket.fish",
} as const;

let world: World;
let shell: Pty | undefined;

beforeAll(async () => {
  world = await openWorld();
  for (const [name, place] of Object.entries(places)) {
    const { stdout } = await world.helper(["completion", name]);
    await mkdir(dirname(join(world.home, place)), { recursive: true });
    await writeFile(join(world.home, place), stdout);
  }
  for (const name of ["private", "work"])
    await seedAccount(world, secret, { kind: "access-token", name });
  await mkdir(join(world.work, "sources"));
});
afterAll(async () => await world.close());
afterEach(async () => {
  if (shell === undefined) return;
  shell.types("\u0015exit\r");
  const end = await shell.ended();
  if (end.raw.includes(secret)) throw new Error("the terminal showed the secret");
  shell = undefined;
});

async function sits(command: readonly string[]): Promise<Pty> {
  shell = await openPty({
    command: world.command(command),
    env: { ...world.env, TERM: "dumb" },
    cwd: world.work,
  });
  await shell.sees("ready> ");
  return shell;
}

/** The line as typed, with a Tab at its end; what the shell then shows. */
type Case = readonly [line: string, shown: RegExp];

/** Git's own completion offers what lies on PATH, if it can list that. */
const oursByGit: readonly Case[] = [["git credential-bit", /git credential-bitbucket $/u]];

/** Fails by itself, with the screen, when it does not come. */
async function expectShown(person: Pty, shown: RegExp): Promise<void> {
  await person.sees(shown);
}

/** Behind the program's own name and behind git's. */
function behindBoth(cases: readonly Case[]): readonly Case[] {
  return ["git-credential-bitbucket", "git credential-bitbucket"].flatMap((program) =>
    cases.map(([rest, shown]): Case => [`${program} ${rest}`, shown]),
  );
}

const startBash = (): Promise<Pty> =>
  sits(["bash", "--noprofile", "--rcfile", join(world.home, "bashrc"), "-i"]);

describe("bash", () => {
  beforeAll(async () => {
    await writeFile(
      join(world.home, "bashrc"),
      `. /usr/share/bash-completion/bash_completion
       bind 'set show-all-if-ambiguous on' 2>/dev/null
       bind 'set enable-bracketed-paste off' 2>/dev/null
       PS1='ready> '
      `,
    );
  });
  test.each([
    ...behindBoth([
      ["lo", /\nlogin +logout/u],
      ["migr", /credential-bitbucket migrate $/u],
      ["login --with", /login --with-token $/u],
      ["login --account ", /\nprivate +work/u],
      ["login --account w", /--account work $/u],
      ["login --store k", /--store keychain $/u],
      ["login --store=f", /--store=file $/u],
      ["login --expires=", /\n30d +365d +90d +never/u],
      ["logout p", /logout private $/u],
      ["status --json --", /status --json --check $/u],
      ["migrate --in so", /migrate --in sources\/$/u],
      ["daemon st", /\nstart +status +stop/u],
      ["help unc", /help unconfigure $/u],
    ]),
    ["git -C . credential-bitbucket logout w", /logout work $/u],
    ...(gitHas.commandLists ? oursByGit : []),
  ] satisfies readonly Case[])("%s", async (line, shown) => {
    const person = await startBash();
    person.types(`${line}\t`);
    await expectShown(person, shown);
  });

  test("read by eval, where nothing is installed", async () => {
    const person = await startBash();
    person.types("unset -f _git_credential_bitbucket; cd /; XDG_DATA_HOME=/ HOME=/; clear\r");
    person.types(`eval "$(git credential-bitbucket completion bash)"\r`);
    person.types("git credential-bitbucket logo\t");
    await expectShown(person, /logout $/u);
  });
});

describe("zsh", () => {
  beforeAll(async () => {
    await writeFile(
      join(world.home, ".zshrc"),
      `fpath=(~/.local/share/zsh/site-functions $fpath)
       autoload -Uz compinit && compinit -u -D
       unsetopt prompt_cr prompt_sp auto_menu always_last_prompt list_beep beep
       PROMPT='ready> '
      `,
    );
  });

  test.each([
    ...behindBoth([
      ["log", /login +-- store a token: recognise its kind[^\n]*\n *logout +-- forget/u],
      ["migr", /bitbucket migrate $/u],
      ["login --w", /--with-token +-- read the token[^]*--workspace +-- use the token for this/u],
      ["login --account ", /private +work/u],
      ["login --store k", /--store keychain $/u],
      ["login --store=f", /--store=file $/u],
      ["login --expires=n", /--expires=never $/u],
      ["logout p", /logout private $/u],
      ["status --js", /status --json $/u],
      ["migrate --in so", /migrate --in sources\//u],
      ["daemon st", /start +status +stop/u],
      ["help unc", /help unconfigure $/u],
    ]),
    ...(gitHas.commandLists ? oursByGit : []),
  ] satisfies readonly Case[])("%s", async (line, shown) => {
    const person = await sits(["zsh", "-i"]);
    person.types(`${line}\t`);
    await expectShown(person, shown);
  });

  test("read by eval, where nothing is installed", async () => {
    await writeFile(
      join(world.work, ".zshrc"),
      "autoload -Uz compinit && compinit -u -D\nPROMPT='ready> '\n",
    );
    const person = await sits(["env", `ZDOTDIR=${world.work}`, "zsh", "-i"]);
    person.types(`eval "$(git credential-bitbucket completion zsh)"\r`);
    person.types("git credential-bitbucket logo\t");
    await expectShown(person, /logout $/u);
  });
});

/** fish tells by itself what it would offer. */
async function offered(line: string, before = ""): Promise<readonly string[]> {
  const script = `${before}\ncomplete -C "$argv[1]"`;
  const { stdout, stderr } = await world.run("fish", ["-c", script, line]);
  if (stderr !== "") throw new Error(stderr);
  return stdout.split("\n").filter((found) => found !== "");
}

describe("fish", () => {
  const cases: readonly (readonly [rest: string, found: readonly string[]])[] = [
    [
      "lo",
      [
        "login\tstore a token: recognise its kind, validate it, say what it can do",
        "logout\tforget an account and its secret",
      ],
    ],
    ["help lo", ["login", "logout"]],
    ["login --with", ["--with-token\tread the token from standard input, ask nothing"]],
    [
      "login --account ",
      [
        "private\tname of the account; an existing one is renewed",
        "work\tname of the account; an existing one is renewed",
      ],
    ],
    [
      "login --store k",
      ["keychain\twhere to keep it: keychain, file, pass or docker-credential-NAME"],
    ],
    ["login --email ", []],
    ["logout p", ["private"]],
    ["migrate --in so", ["sources/\tDirectory"]],
    ["daemon st", ["start", "status", "stop"]],
  ];

  test.each(cases)("git-credential-bitbucket %s", async (rest, found) => {
    expect(await offered(`git-credential-bitbucket ${rest}`)).toEqual(found);
  });

  test.each(cases)("git credential-bitbucket %s, sourced", async (rest, found) => {
    const source = "git-credential-bitbucket completion fish | source";
    expect(await offered(`git credential-bitbucket ${rest}`, source)).toEqual(found);
  });
});

test("names that a shell would expand are not offered", async () => {
  const file = join(world.home, ".local/share/git-credential-bitbucket/accounts.json");
  const home = join(world.work, "other");
  await mkdir(join(home, ".local/share/git-credential-bitbucket"), { recursive: true });
  const copy = join(home, ".local/share/git-credential-bitbucket/accounts.json");
  await copyFile(file, copy);
  await world.run("sed", ["-i", 's/"private"/"$(touch hit)"/', copy]);
  const { stdout } = await world.helper(["accounts"], {
    env: { HOME: home, XDG_DATA_HOME: undefined },
  });
  expect(stdout).toBe("work\n");
});
