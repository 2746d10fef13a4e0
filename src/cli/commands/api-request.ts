// What the options of `api` come to: the call, before anything is sent. Everything that can be wrong with them is told first.
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { parseScope } from "../../accounts/account.ts";
import { HelperError } from "../../errors.ts";
import { apiAddress } from "../../flows/api/address.ts";
import { type Body, formBody, jsonBody, partsBody } from "../../flows/api/body.ts";
import { type Field, formText, splitField, typedValue } from "../../flows/api/fields.ts";
import { fillPlaceholders, type Surroundings } from "../../flows/api/placeholders.ts";
import type { TransferRequest } from "../../net/transfer.ts";
import type { Outside } from "../../outside.ts";
import { hasToken } from "../../screen/redact.ts";
import { shellWord } from "../../screen/shell-word.ts";
import type { CommandInput } from "../command.ts";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof methods)[number];

/** What the client or the account says. */
const ownHeaders = new Set([
  "authorization",
  "connection",
  "content-length",
  "cookie",
  "host",
  "proxy-authorization",
  "transfer-encoding",
]);

export interface ReadOptions {
  readonly around: Surroundings;
  readonly apiHosts: ReadonlySet<string>;
  readonly outside: Pick<Outside, "stdin">;
  readonly userAgent: string;
}

/** Throws HelperError `usage`, `system` for a file that cannot be read, and `git` where a placeholder needs it. */
export async function readRequest(
  input: CommandInput,
  options: ReadOptions,
): Promise<TransferRequest> {
  const { around } = options;
  refuseTokens(input);
  const [typed = ""] = input.positionals;
  const address = await fillPlaceholders(typed, around, encodeURIComponent);
  const path = apiAddress(address, options.apiHosts);
  const fields = await readFields(input, options);
  const source = text(input, "input");
  const files = input.lists["file"] ?? [];
  refuseTogether(input, source !== undefined, files.length > 0);
  const sendsBody = source !== undefined || files.length > 0;
  const method = methodOf(
    text(input, "method") ?? (sendsBody || fields.length > 0 ? "POST" : "GET"),
  );
  if (input.values["paginate"] === true && method !== "GET")
    throw usage(
      "--paginate goes with GET",
      "git credential-bitbucket api ADDRESS -X GET --paginate",
    );
  const body = await bodyOf(input, fields, { source, files, method }, options);
  // What a body leaves no place for goes into the address.
  const inQuery = source !== undefined || ["GET", "HEAD"].includes(method);
  const query = inQuery ? formText(fields) : "";
  return {
    method,
    path: query === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${query}`,
    headers: {
      accept: "application/json, */*;q=0.8",
      "accept-encoding": "identity",
      "user-agent": options.userAgent,
      ...(body?.type !== undefined && { "content-type": body.type }),
      ...headersOf(input.lists["header"] ?? []),
    },
    body: body?.content,
  };
}

/** What stands on a command line everybody on this machine can read. */
function refuseTokens({ positionals, values, lists }: CommandInput): void {
  const words = [...positionals, ...Object.values(values), ...Object.values(lists).flat()];
  if (words.some((word) => typeof word === "string" && hasToken(word)))
    throw usage("a token stands on the command line, where everybody on this machine can read it");
}

function refuseTogether({ values }: CommandInput, hasInput: boolean, hasFiles: boolean): void {
  if (hasInput && hasFiles) throw usage("--input and --file exclude each other");
  if (hasInput && values["form"] === true) throw usage("--input and --form exclude each other");
  if (values["slurp"] === true && values["paginate"] !== true)
    throw usage("--slurp goes with --paginate");
}

async function readFields(
  { lists }: CommandInput,
  { around, outside }: ReadOptions,
): Promise<readonly Field[]> {
  const asTexts = (lists["raw-field"] ?? []).map((typed): Field => splitField(typed));
  const asValues: Field[] = [];
  for (const typed of lists["field"] ?? []) {
    const [name, value] = splitField(typed);
    asValues.push([
      name,
      value.startsWith("@")
        ? (await readSource(value.slice(1), outside)).toString("utf8")
        : typedValue(await fillPlaceholders(value, around, (filled) => filled)),
    ]);
  }
  return [...asTexts, ...asValues];
}

async function bodyOf(
  { values }: CommandInput,
  fields: readonly Field[],
  given: {
    readonly source: string | undefined;
    readonly files: readonly string[];
    readonly method: Method;
  },
  { outside }: ReadOptions,
): Promise<Body | undefined> {
  if (given.source !== undefined)
    return { type: "application/json", content: await readSource(given.source, outside) };
  if (given.files.length > 0) return await partsBody(fields, given.files);
  if (fields.length === 0 || ["GET", "HEAD"].includes(given.method)) return undefined;
  return values["form"] === true ? formBody(fields) : jsonBody(fields);
}

async function readSource(path: string, { stdin }: Pick<Outside, "stdin">): Promise<Buffer> {
  if (path === "-") return await buffer(stdin);
  try {
    return await readFile(path);
  } catch (error) {
    throw new HelperError("system", `cannot read ${path}`, {
      hint: `ls -l ${shellWord(path)}`,
      cause: error,
    });
  }
}

function methodOf(typed: string): Method {
  const method = methods.find((one) => one === typed.toUpperCase());
  if (method !== undefined) return method;
  throw usage(`--method is ${methods.join(", ")}`);
}

function headersOf(typed: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of typed) {
    const [, name = "", value = ""] =
      /^([\w!#$%&'*+.^`|~-]+):[ \t]*([\x20-\x7e\t]*)$/u.exec(line) ?? [];
    if (name === "") throw usage("a header is NAME: VALUE");
    const key = name.toLowerCase();
    if (ownHeaders.has(key))
      throw usage(
        `the header ${key} is set by this program`,
        "git credential-bitbucket api --account NAME …",
      );
    headers[key] = value;
  }
  return headers;
}

/** @returns what --repository says. Throws HelperError `usage`. */
export function namedRepository(input: CommandInput): Surroundings["named"] {
  const scope = parseScope({
    workspace: undefined,
    project: undefined,
    repository: text(input, "repository"),
  });
  return scope?.level === "repository" ? scope : undefined;
}

function text({ values }: CommandInput, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

function usage(message: string, hint = "git credential-bitbucket help api"): HelperError {
  return new HelperError("usage", message, { hint });
}
