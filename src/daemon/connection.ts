// One connection: reads a question, answers it with one write. Bounded in size and in time.
import type { Socket } from "node:net";
import { readPrivately } from "./private-reads.ts";
import {
  headerEnd,
  joinBytes,
  LF,
  maxQuestionBytes,
  operationCodes,
  parseQuestion,
} from "./wire.ts";

export const connectionTimes = {
  /** From its beginning until it is over, however slowly its bytes come: clients send theirs at once. */
  question: 10_000,
  /** A helper's lease lasts as long as somebody may be asked for a token. */
  lease: 130_000,
} as const;

/** Of all questions that are not answered yet, together; those of usual size are read all the same. */
const mostPendingBytes = 16 << 20;
const usualBytes = 16 << 10;
let pendingBytes = 0;

export interface ConnectionContext {
  readonly answer: (question: Buffer) => Promise<Buffer>;
  /** A helper says that it is at work for this ticket; what it found follows later. @returns whether it is one. */
  readonly leased: (ticket: string) => boolean;
  /** A helper went away without a word. */
  readonly lost: (ticket: string) => void;
}

/**
 * @param accepted not read from yet. @returns the socket in its place.
 * The client closes its side when its question is whole; without allowHalfOpen Node would then close ours before the
 * answer is out (docs/git.md, "Git's own client of a socket").
 */
export function serveConnection(accepted: Socket, context: ConnectionContext): Socket {
  let pieces: Buffer[] = [];
  let total = 0;
  let ticket: string | undefined;
  let isWhole = false;
  let limit = limitTo(connectionTimes.question);

  function limitTo(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => socket.destroy(), milliseconds);
  }

  const socket = readPrivately(accepted, (piece) => {
    total += piece.length;
    pendingBytes += piece.length;
    const isTooMuch =
      total > maxQuestionBytes || (pendingBytes > mostPendingBytes && total > usualBytes);
    if (isTooMuch) socket.destroy();
    // What comes behind a whole question is none.
    if (isTooMuch || isWhole) {
      piece.fill(0);
      return;
    }
    pieces.push(piece);
    if (pieces.length > 1) return;
    if (isComplete(piece)) void finish();
    const named = ticketOf(piece);
    if (named === undefined || !context.leased(named)) return;
    ticket = named;
    clearTimeout(limit);
    limit = limitTo(connectionTimes.lease);
  });
  socket.on("error", () => socket.destroy());
  socket.once("end", () => void finish());
  socket.once("close", () => {
    clearTimeout(limit);
    pendingBytes -= total;
    wipe();
    if (ticket !== undefined && !isWhole) context.lost(ticket);
  });

  /** A question may hold a secret. */
  function wipe(): void {
    for (const piece of pieces) piece.fill(0);
    pieces = [];
  }

  async function finish(): Promise<void> {
    if (isWhole) return;
    isWhole = true;
    const [first] = pieces;
    const question = first !== undefined && pieces.length === 1 ? first : joinBytes(pieces);
    if (question !== first) wipe();
    const answer = await context.answer(question);
    question.fill(0);
    // One write, complete or nothing: a token cut off in the middle would be sent to Bitbucket as it is. Closing behind it
    // instead of ending wakes the client once instead of twice; what was written still arrives.
    socket.write(answer, () => {
      answer.fill(0);
      socket.destroy();
    });
  }

  return socket;
}

/** Whether the request, too, ends with a blank line, as the front's do: then the client's goodbye need not be waited for. */
function isComplete(piece: Buffer): boolean {
  return piece.at(-1) === LF && piece.at(-2) === LF && headerEnd(piece) !== piece.length - 1;
}

/** @returns the ticket when this is a lease. Its header is short and comes in one piece. */
function ticketOf(piece: Buffer): string | undefined {
  // Looked at byte by byte first: nearly every question is another one.
  if (!piece.subarray(0, leaseStart.length).equals(leaseStart)) return undefined;
  if (headerEnd(piece) === undefined) return undefined;
  try {
    return parseQuestion(piece)?.header.text("ticket");
  } catch {
    return undefined;
  }
}

const leaseStart = Buffer.from(`action=get\ntimeout=${operationCodes.lease}\n`);
