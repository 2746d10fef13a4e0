// The text of the accounts file: {"version": 2, "accounts": [...]}, checked field by field when it is read and written.
// Version 1 knew no logins that git only reported: all its accounts count as made by a person.
// What a later version of the same format adds is kept, so that two installs side by side do not undo each other.
import { tokenKindNames } from "../servers/token-kind.ts";
import { HelperError } from "../errors.ts";
import { shellWord } from "../screen/shell-word.ts";
import { isStoreName } from "../store-names.ts";
import type { Account } from "./account.ts";

/** Higher only when an older program would misread the file: it refuses newer ones. */
const formatVersion = 2;

export interface RegistryFile {
  readonly accounts: readonly Account[];
  /** Members of the outermost object that this program does not know. */
  readonly unknown: Readonly<Record<string, unknown>>;
}

/**
 * @param path only named in errors.
 * Throws HelperError `registry` for anything that is not exactly an accounts file of a known version. No value of the
 * file is quoted.
 */
export function parseRegistryFile(text: string, path: string): RegistryFile {
  const file = parseJson(text, path);
  if (!isObject(file)) throw corrupt(path, "it is no JSON object");
  const { version, accounts, ...unknown } = file;
  if (typeof version === "number" && version > formatVersion) throw newer(path);
  if (version !== 1 && version !== formatVersion) throw corrupt(path, "it has no known version");
  if (!Array.isArray(accounts)) throw corrupt(path, "it has no list of accounts");
  const known = accounts.map((account) => asServed(version === 1 ? asMade(account) : account));
  const problem = findProblem(known);
  if (problem !== undefined) throw corrupt(path, problem);
  return { accounts: known as Account[], unknown };
}

/** The word had no meaning in version 1. */
function asMade(account: unknown): unknown {
  if (!isObject(account)) return account;
  const { learned: _learned, ...made } = account;
  return made;
}

/**
 * Before there were refusals, git's word alone made an account `rejected`, and it was served no more. `rejectedBy` said
 * whose word it was. When git said it was not recorded: some time after Bitbucket's last word.
 */
function asServed(account: unknown): unknown {
  if (!isObject(account)) return account;
  const { rejectedBy, ...rest } = account;
  if (rejectedBy !== "git" || rest["state"] !== "rejected") return rest;
  const { reason: _reason, ...served } = rest;
  const { validated, created } = served;
  const state = validated === undefined ? "unverified" : "approved";
  return { ...served, state, refusals: [validated ?? created] };
}

/**
 * @returns the file's text. An account that parseRegistryFile would refuse, or with a token in it, is a bug of ours and
 * throws TypeError.
 */
export function formatRegistryFile(file: RegistryFile): string {
  const problem = findProblem(file.accounts);
  if (problem !== undefined) throw new TypeError(`not an account: ${problem}`);
  const content = { version: formatVersion, ...file.unknown, accounts: file.accounts };
  const text = `${JSON.stringify(content, undefined, 2)}\n`;
  if (tokenShape.test(text)) throw new TypeError("a token does not belong into the accounts file");
  return text;
}

/** Long enough that no name of a person or a workspace looks like one. */
const tokenShape = /\b(?:ATAT|ATCT|ATBB|BBDC-)[\w=-]{20}|\beyJ[\w-]{10,}\.[\w-]{10}/u;

type Check = (value: unknown) => boolean;

const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const isBoolean = oneOf(true, false);
const controls = /\p{Cc}/u;
const isText: Check = (value) => typeof value === "string" && value !== "" && !controls.test(value);
/** Date.prototype.toISOString; anything else that Date.parse takes may mean another instant elsewhere. */
const isInstant: Check = (value) =>
  typeof value === "string" &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/u.test(value) &&
  !Number.isNaN(Date.parse(value));
const isInstants: Check = (value) => Array.isArray(value) && value.every(isInstant);
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isFlags: Check = (value) => isObject(value) && Object.values(value).every(isBoolean);

const fields: Readonly<Record<keyof Account, Check>> = {
  name: isText,
  kind: oneOf(...tokenKindNames),
  host: isText,
  scope: isScope,
  gitUsername: isText,
  username: optional(isText),
  email: optional(isText),
  emailConfirmed: optional(isBoolean),
  store: isStoreName,
  secretKey: isText,
  hasRefreshToken: optional(isBoolean),
  state: oneOf("approved", "unverified", "rejected"),
  reason: optional(isText),
  refusals: optional(isInstants),
  scopeGuessed: optional(isBoolean),
  created: isInstant,
  validated: optional(isInstant),
  checked: optional(isInstant),
  unreached: optional(oneOf(true)),
  expires: optional(isInstant),
  scopes: optional(isTexts),
  projectRepositories: optional(isFlags),
  learned: optional(isLearned),
  fingerprint: optional(isText),
  superseded: optional(isTexts),
};

const checks = Object.entries(fields);

const scopeFields: Readonly<Record<string, readonly string[]>> = {
  host: [],
  workspace: ["workspace"],
  project: ["workspace", "project"],
  repository: ["workspace", "repository"],
};

function isScope(value: unknown): boolean {
  if (!isObject(value) || typeof value["level"] !== "string") return false;
  const wanted = Object.hasOwn(scopeFields, value["level"])
    ? scopeFields[value["level"]]
    : undefined;
  return wanted?.every((field) => isText(value[field])) ?? false;
}

/** Anything odd in it refuses the file: misread, a login of a stranger would count as made by the person. */
function isLearned(value: unknown): boolean {
  return isObject(value) && isText(value["username"]) && optional(isText)(value["path"]);
}

/** @returns what is wrong, for people, without the value: it may be anything. */
function findProblem(accounts: readonly unknown[]): string | undefined {
  const names = new Set<unknown>();
  for (const [index, account] of accounts.entries()) {
    const where = `account ${index + 1}`;
    if (!isObject(account)) return `${where} is no JSON object`;
    const bad = checks.find(([field, check]) => !check(account[field]));
    if (bad !== undefined) return `${where} has no valid ${bad[0]}`;
    if (names.has(account["name"])) return `${where} has the name of another`;
    names.add(account["name"]);
  }
  return undefined;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Without the cause: JSON.parse quotes the text in its message.
    throw corrupt(path, "it is no JSON");
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function corrupt(path: string, problem: string): HelperError {
  return new HelperError("registry", `the accounts file ${path} is damaged: ${problem}`, {
    hint: `mv ${shellWord(path)} ${shellWord(`${path}.damaged`)}`,
  });
}

function newer(path: string): HelperError {
  return new HelperError("registry", `the accounts file ${path} was written by a newer version`, {
    hint: "type -a git-credential-bitbucket",
  });
}
