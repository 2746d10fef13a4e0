// The commands: what help, completions and man pages say of them, and where each is. Adding one is a row here and its file.
import { choosableStores, choosableText } from "../store-names.ts";
import type { CommandRow, OptionRow } from "./command.ts";

const json: OptionRow = { type: "boolean", summary: "print JSON for programs" };

const configScopes: Readonly<Record<string, OptionRow>> = {
  local: { type: "boolean", summary: "for the current repository only" },
  global: { type: "boolean", summary: "for you, which is the default" },
  system: { type: "boolean", summary: "for everybody on this machine" },
};

export const commands: readonly CommandRow[] = [
  {
    name: "login",
    summary: "store a token: recognise its kind, validate it, say what it can do",
    usage: "[OPTIONS]",
    options: {
      "with-token": { type: "boolean", summary: "read the token from standard input, ask nothing" },
      account: {
        type: "string",
        value: "NAME",
        completes: "accounts",
        summary: "name of the account; an existing one is renewed",
      },
      email: { type: "string", value: "EMAIL", summary: "Atlassian account email of an API token" },
      username: { type: "string", value: "USERNAME", summary: "your Bitbucket username" },
      workspace: { type: "string", value: "W", summary: "use the token for this workspace" },
      project: { type: "string", value: "W/KEY", summary: "use the token for this project" },
      repository: { type: "string", value: "W/R", summary: "use the token for this repository" },
      expires: {
        type: "string",
        value: "DATE",
        completes: ["30d", "90d", "365d", "never"],
        summary: "when the token expires: 2027-11-22, 90d or never",
      },
      store: {
        type: "string",
        value: "STORE",
        completes: choosableStores,
        summary: `where to keep it: ${choosableText}`,
      },
      "no-validate": { type: "boolean", summary: "do not ask Bitbucket about the token" },
    },
    positionals: [0, 0],
    example: "git credential-bitbucket login --repository acme/api",
    load: () => import("./commands/login.ts"),
  },
  {
    name: "logout",
    summary: "forget an account and its secret",
    usage: "[ACCOUNT | --all]",
    options: { all: { type: "boolean", summary: "forget every account" } },
    positionals: [0, 1],
    completes: "accounts",
    example: "git credential-bitbucket logout work",
    load: () => import("./commands/logout.ts"),
  },
  {
    name: "status",
    summary: "show every account, and what is wrong with it",
    usage: "[--check] [--json]",
    options: {
      check: { type: "boolean", summary: "ask Bitbucket about every token now" },
      json,
    },
    positionals: [0, 0],
    example: "git credential-bitbucket status --check",
    load: () => import("./commands/status.ts"),
  },
  {
    name: "explain",
    summary: "show which account answers for a URL, and why",
    usage: "URL [--json]",
    options: { json },
    positionals: [1, 1],
    example: "git credential-bitbucket explain https://bitbucket.org/acme/api.git",
    load: () => import("./commands/explain.ts"),
  },
  {
    name: "configure",
    summary: "make git use this helper for bitbucket.org",
    usage: "[--local | --global | --system]",
    options: configScopes,
    positionals: [0, 0],
    example: "git credential-bitbucket configure",
    load: () => import("./commands/configure.ts"),
  },
  {
    name: "unconfigure",
    summary: "take the helper out of git's configuration, and put back what stood there",
    usage: "[--local | --global | --system]",
    options: configScopes,
    positionals: [0, 0],
    example: "git credential-bitbucket unconfigure",
    load: () => import("./commands/unconfigure.ts"),
  },
  {
    name: "migrate",
    summary: "move tokens out of urls, files and other helpers, and delete dead app passwords",
    usage: "[--dry-run | --yes] [--in DIR]",
    options: {
      "dry-run": { type: "boolean", summary: "show what is there, and change nothing" },
      yes: { type: "boolean", summary: "do everything without asking" },
      in: {
        type: "string",
        value: "DIR",
        completes: "folders",
        summary: "look into every repository below this folder",
      },
    },
    positionals: [0, 0],
    example: "git credential-bitbucket migrate --in ~/src",
    load: () => import("./commands/migrate.ts"),
  },
  {
    name: "doctor",
    summary: "look for what keeps git and this program from working, and say what to do",
    usage: "[--brief] [--verbose] [--json]",
    options: {
      brief: { type: "boolean", summary: "print only what is not in order" },
      verbose: { type: "boolean", summary: "show names of users, accounts and hosts as well" },
      json,
    },
    positionals: [0, 0],
    example: "git credential-bitbucket doctor",
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "daemon",
    summary: "start, stop, lock or describe the daemon that keeps secrets in memory",
    usage: "start | stop | status [--json] | run | lock | unlock",
    options: {
      json: { type: "boolean", summary: "status: print JSON for programs" },
    },
    positionals: [1, 1],
    completes: ["start", "stop", "status", "run", "lock", "unlock"],
    example: "git credential-bitbucket daemon status",
    load: () => import("./commands/daemon.ts"),
  },
  {
    name: "completion",
    summary: "print the completions of a shell, for where they are not installed",
    usage: "bash | zsh | fish",
    options: {},
    positionals: [1, 1],
    completes: ["bash", "zsh", "fish"],
    example: 'eval "$(git credential-bitbucket completion bash)"',
    load: () => import("./commands/completion.ts"),
  },
  {
    name: "help",
    summary: "show the commands, or one command's options",
    usage: "[COMMAND]",
    options: {},
    positionals: [0, 1],
    completes: "commands",
    example: "git credential-bitbucket help login",
    load: () => import("./commands/help.ts"),
  },
  {
    name: "accounts",
    summary: "print the names of the accounts, for completions",
    usage: "",
    options: {},
    positionals: [0, 0],
    example: "git credential-bitbucket accounts",
    isInternal: true,
    load: () => import("./commands/accounts.ts"),
  },
  {
    name: "check",
    summary: "ask Bitbucket about accounts in the background",
    usage: "ACCOUNT...",
    options: {},
    positionals: [1, Number.POSITIVE_INFINITY],
    example: "git credential-bitbucket check work",
    isInternal: true,
    load: () => import("./commands/check.ts"),
  },
];

/** What git calls and nobody types; named here for help and the man page. */
export const operationSummaries: Readonly<Record<string, string>> = {
  get: "answer with the credential for a request",
  store: "learn that a credential worked",
  erase: "learn that a credential failed",
  capability: "say what of git's protocol is spoken",
};
