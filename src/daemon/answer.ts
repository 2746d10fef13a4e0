// From a question to its answer. Whatever goes wrong inside, the helper is asked: it says what is wrong, or does better.
import { HelperError } from "../errors.ts";
import type { Attributes } from "../protocol/attributes.ts";
import { version } from "../version.ts";
import { answerStore } from "./answer-change.ts";
import { answerGet } from "./answer-get.ts";
import {
  describe,
  forget,
  lock,
  outcomeOf,
  readReport,
  takeReport,
  unlock,
} from "./answer-helper.ts";
import { readBareRequest } from "./bare-request.ts";
import { readCaller } from "./caller.ts";
import type { KnownGet } from "./known-gets.ts";
import type { Memory } from "./memory.ts";
import { isOlder } from "./version-order.ts";
import { formatAnswer, isOfLaterFront, parseQuestion, type Question } from "./wire.ts";

export interface AnswerContext {
  readonly memory: Memory;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** The program that this daemon runs, and which one it was: shown by status. */
  readonly program: string;
  /** Called for `exit`, before its answer is out. */
  readonly leave: () => void;
}

/** @returns the bytes of the answer; never throws. */
export async function answer(bytes: Buffer, context: AnswerContext): Promise<Buffer> {
  const { memory } = context;
  try {
    const known = memory.gets.find(bytes);
    if (known !== undefined) return await answerKnown(known, memory);
    const question = parseQuestion(bytes);
    if (question !== undefined) return await answerQuestion(question, bytes, context);
    // Another version's front has a helper of its own, which may know nothing of a lock.
    if (!memory.isLocked()) return formatAnswer("node");
    return formatAnswer(isOfLaterFront(bytes) ? "locked" : "nothing");
  } catch (error) {
    // A bug must not be worse than no daemon, and the helper meets an expected error again.
    if (!(error instanceof HelperError)) process.emitWarning(error as Error);
    return formatAnswer("node");
  }
}

async function answerQuestion(
  question: Question,
  bytes: Buffer,
  context: AnswerContext,
): Promise<Buffer> {
  const { memory } = context;
  switch (question.operation) {
    case "get": {
      const caller = readCaller(question.header);
      const { request, holdsSecret, isMasked } = readBareRequest(question.body);
      // It also says so while secrets are locked.
      if (isMasked) return formatAnswer("node");
      return await answerKnown(memory.gets.add(bytes, caller, request, !holdsSecret), memory);
    }
    case "store":
      return await answerChange(question, memory);
    case "offer": {
      const report = readReport(question.body);
      if (report !== undefined) {
        takeReport(report, undefined, memory);
        giveWay(report, context);
      }
      return formatAnswer("done");
    }
    case "lease":
      return endLease(question, context);
    case "forget":
      return forget(question.header, memory);
    case "status":
      return describe(memory, context.started, context.program);
    case "lock":
      return await lock(memory);
    case "unlock":
      return await unlock(memory);
    case "exit":
      context.leave();
      return formatAnswer("done");
  }
}

async function answerKnown(get: KnownGet, memory: Memory): Promise<Buffer> {
  return get.caller.data === memory.data ? await answerGet(get, memory) : formatAnswer("node");
}

async function answerChange({ header, body }: Question, memory: Memory): Promise<Buffer> {
  if (readCaller(header).data !== memory.data) return formatAnswer("node");
  return await answerStore(body, memory);
}

/** The report has come: everybody who waits hears of it. */
function endLease({ header, body }: Question, context: AnswerContext): Buffer {
  const { memory } = context;
  const ticket = header.text("ticket") ?? "";
  const report = readReport(body);
  if (report !== undefined) takeReport(report, memory.flights.lease(ticket), memory);
  memory.flights.end(ticket, report === undefined ? undefined : outcomeOf(report));
  if (report !== undefined) giveWay(report, context);
  return formatAnswer("done");
}

/** A helper of a later version is installed: its daemon is to answer, and it starts one when it finds none. */
function giveWay(report: Attributes, context: AnswerContext): void {
  if (isOlder(version, report.text("version") ?? version)) context.leave();
}
