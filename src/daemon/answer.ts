// From a question to its answer. Whatever goes wrong inside, the helper is asked: it says what is wrong, or does better.
import { HelperError } from "../errors.ts";
import { answerErase, answerStore } from "./answer-change.ts";
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
import { readCaller } from "./caller.ts";
import type { Memory } from "./memory.ts";
import { formatAnswer, parseQuestion, type Question } from "./wire.ts";

export interface AnswerPorts {
  readonly memory: Memory;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** The program that this daemon runs, and which one it was: shown by status. */
  readonly program: string;
  /** Called for `exit`, before its answer is out. */
  readonly leave: () => void;
}

/** @returns the bytes of the answer; never throws. */
export async function answer(bytes: Buffer, ports: AnswerPorts): Promise<Buffer> {
  try {
    const question = parseQuestion(bytes);
    return question === undefined ? formatAnswer("nothing") : await answerQuestion(question, ports);
  } catch (error) {
    // A bug must not be worse than no daemon, and the helper meets an expected error again.
    if (!(error instanceof HelperError)) process.emitWarning(error as Error);
    return formatAnswer("node");
  }
}

async function answerQuestion(question: Question, ports: AnswerPorts): Promise<Buffer> {
  const { memory } = ports;
  switch (question.operation) {
    case "get":
    case "store":
    case "erase":
      return await answerGit(question, memory);
    case "offer": {
      const report = readReport(question.body);
      if (report !== undefined) takeReport(report, undefined, memory);
      return formatAnswer("done");
    }
    case "lease":
      return endLease(question, memory);
    case "forget":
      return forget(question.header, memory);
    case "status":
      return describe(memory, ports.started, ports.program);
    case "lock":
      return lock(memory);
    case "unlock":
      return unlock(memory);
    case "exit":
      ports.leave();
      return formatAnswer("done");
  }
}

async function answerGit({ operation, header, body }: Question, memory: Memory): Promise<Buffer> {
  const caller = readCaller(header);
  if (caller.data !== memory.data) return formatAnswer("node");
  if (operation === "erase") return answerErase(body, memory);
  if (operation === "store") return await answerStore(body, memory);
  // What `lock` promises: no secret leaves, and nobody is asked for one either.
  return memory.locked ? formatAnswer("nothing") : await answerGet(body, caller, memory);
}

/** The report has come: everybody who waits hears of it. */
function endLease({ header, body }: Question, memory: Memory): Buffer {
  const ticket = header.text("ticket") ?? "";
  const report = readReport(body);
  if (report !== undefined) takeReport(report, memory.flights.lease(ticket), memory);
  memory.flights.end(ticket, report === undefined ? undefined : outcomeOf(report));
  return formatAnswer("done");
}
