// api: calls Bitbucket's REST interface as the account that answers for a place. docs/bitbucket.md, "Calling REST".
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { STATUS_CODES } from "node:http";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { HelperError } from "../../errors.ts";
import { type Caller, headerOf, openCaller } from "../../flows/api/call.ts";
import { apiIdentity } from "../../flows/api/identity.ts";
import { refusalNote } from "../../flows/api/refusal.ts";
import { openContext, readRestSettings } from "../../flows/open-context.ts";
import { openGit } from "../../git/git.ts";
import { apiBase } from "../../net/api-url.ts";
import type { Answer, TransferRequest } from "../../net/transfer.ts";
import type { Outside } from "../../outside.ts";
import { warningText } from "../../screen/problem-text.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { lockPlace, refuseLocked } from "../../secrets/lock.ts";
import type { CommandInput } from "../command.ts";
import { writeNotes } from "../notes.ts";
import { namedRepository, readRequest } from "./api-request.ts";

/** @returns 1 when Bitbucket answers with an error, whose body is printed all the same. */
export async function run(input: CommandInput, outside: Outside): Promise<number> {
  const context = await openContext(outside);
  const { apiUrl, timeoutSeconds, hosts } = context.settings;
  const rest = await readRestSettings(apiUrl, timeoutSeconds, outside, context.config);
  const asked = await readRequest(input, {
    around: { git: openGit(outside), hosts, named: namedRepository(input) },
    apiHosts: new Set([apiBase(apiUrl).host]),
    outside,
    userAgent: rest.userAgent,
  });
  refuseLocked(lockPlace(outside));
  const name = typeof input.values["account"] === "string" ? input.values["account"] : undefined;
  const { authorization, account } = await apiIdentity(asked.path, name, context);
  const caller = openCaller(rest);
  try {
    const request = { ...asked, authorization };
    const failed =
      input.values["paginate"] === true
        ? await printPages(request, caller, input, outside)
        : await printOne(await caller.once(request), request, input, outside);
    if (failed === undefined) return 0;
    const notes = [refusalNote(failed.status, failed.text, account)];
    await writeNotes({ notes }, context);
    return 1;
  } finally {
    await caller.close();
  }
}

interface Failed {
  readonly status: number;
  readonly text: string;
}

async function printOne(
  answer: Answer,
  { method }: TransferRequest,
  { values }: CommandInput,
  { stdout }: Outside,
): Promise<Failed | undefined> {
  if (values["include"] === true) stdout.write(headText(answer));
  if (answer.status >= 400) {
    const text = (await buffer(answer.body)).toString("utf8");
    if (method !== "HEAD" && text !== "") await show(text, stdout);
    return { status: answer.status, text };
  }
  const { output } = values;
  if (typeof output === "string") await save(answer.body, output);
  else if (stdout.isTTY === true) await showToPerson(answer, stdout);
  else for await (const piece of answer.body) if (!(await written(piece, stdout))) break;
  return undefined;
}

/** Values as they come, so that a listing may be longer than memory. */
async function printPages(
  request: TransferRequest,
  caller: Caller,
  { values }: CommandInput,
  { stdout, stderr }: Outside,
): Promise<Failed | undefined> {
  const slurp = values["slurp"] === true;
  let begun = false;
  for await (const page of caller.pages(request, tell(stderr))) {
    const { answer, text } = page;
    if (values["include"] === true) stdout.write(headText(answer));
    if (answer.status >= 400) {
      if (begun) stderr.write(warningText("the pages end before the last one"));
      else await show(text, stdout);
      return { status: answer.status, text };
    }
    if (page.values === undefined && !slurp) {
      await show(text, stdout);
      stderr.write(warningText("the answer is no page, so it is all there is"));
      return undefined;
    }
    const items = slurp ? [text.trim()] : (page.values ?? []).map((value) => JSON.stringify(value));
    for (const item of items) {
      const start = begun ? "," : slurp ? "[" : '{"values":[';
      if (!(await written(start + item, stdout))) return undefined;
      begun = true;
    }
  }
  await written(`${begun ? "" : slurp ? "[" : '{"values":['}${slurp ? "]" : "]}"}\n`, stdout);
  return undefined;
}

function tell(stderr: Outside["stderr"]): (seconds: number) => void {
  return (seconds) => {
    stderr.write(`bitbucket wants a pause: going on in ${seconds} s\n`);
  };
}

function headText({ status, headers }: Answer): string {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd(),
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join("\n")}\n\n`;
}

async function showToPerson(answer: Answer, stdout: Outside["stdout"]): Promise<void> {
  const bytes = await buffer(answer.body);
  const isText = /json|^text\/|xml/u.test(headerOf(answer, "content-type") ?? "");
  if (!isText && bytes.includes(0))
    throw new HelperError("usage", "the answer is no text, and this is a terminal", {
      hint: "git credential-bitbucket api ADDRESS --output FILE",
    });
  await show(bytes.toString("utf8"), stdout);
}

/** For a person, JSON is set in lines; for a program, nothing is changed. */
async function show(text: string, stdout: Outside["stdout"]): Promise<void> {
  if (stdout.isTTY !== true) {
    await written(text, stdout);
    return;
  }
  const lines = inLines(text);
  // As text, not bytes: what a server says does not steer a terminal.
  await new Promise<void>((resolve) => {
    stdout.write(lines.endsWith("\n") ? lines : `${lines}\n`, () => resolve());
  });
}

function inLines(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** As it is, and not faster than it is read. @returns false when nobody reads any more: then there is nothing left to do. */
async function written(text: string | Buffer, stdout: Outside["stdout"]): Promise<boolean> {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  return await new Promise((resolve) => {
    stdout.write(bytes, (error) => resolve(error === undefined || error === null));
  });
}

/** The file is there when it is whole. */
async function save(body: AsyncIterable<Buffer>, path: string): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  try {
    await pipeline(body, createWriteStream(part, { flags: "wx" }));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof HelperError) throw error;
    throw new HelperError("system", `cannot write ${path}`, {
      hint: `df -h ${shellWord(path)}`,
      cause: error,
    });
  }
}
