// One connection: reads a question, answers it with one write. Bounded in size and in idle time.
import type { Socket } from "node:net";
import { headerEnd, LF, maxQuestionBytes, operationCodes, parseQuestion } from "./wire.ts";

export const connectionTimes = {
  /** Between two pieces of a question: clients send theirs at once. */
  idle: 10_000,
  /** A helper's lease lasts as long as somebody may be asked for a token. */
  lease: 130_000,
} as const;

export interface ConnectionPorts {
  readonly answer: (question: Buffer) => Promise<Buffer>;
  /** A helper says that it is at work for this ticket; what it found follows later. */
  readonly leased: (ticket: string) => void;
  /** A helper went away without a word. */
  readonly lost: (ticket: string) => void;
}

/**
 * The client closes its side when its question is whole; without allowHalfOpen Node would then close ours before the
 * answer is out (facts/git-credential.md, 6.2).
 */
export function serveConnection(socket: Socket, ports: ConnectionPorts): void {
  const pieces: Buffer[] = [];
  let total = 0;
  let ticket: string | undefined;
  let isWhole = false;

  socket.setTimeout(connectionTimes.idle, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (piece: Buffer) => {
    total += piece.length;
    if (total > maxQuestionBytes) {
      socket.destroy();
      return;
    }
    pieces.push(piece);
    if (pieces.length > 1) return;
    if (isComplete(piece)) void finish();
    ticket = ticketOf(piece);
    if (ticket === undefined) return;
    socket.setTimeout(connectionTimes.lease);
    ports.leased(ticket);
  });
  socket.once("end", () => void finish());
  socket.once("close", () => {
    for (const piece of pieces) piece.fill(0);
    if (ticket !== undefined && !isWhole) ports.lost(ticket);
  });

  async function finish(): Promise<void> {
    if (isWhole) return;
    isWhole = true;
    const [first = Buffer.alloc(0)] = pieces;
    const question = pieces.length === 1 ? first : Buffer.concat(pieces);
    const answer = await ports.answer(question);
    question.fill(0);
    // One write, complete or nothing: a token cut off in the middle would be sent to Bitbucket as it is. Closing behind it
    // instead of ending wakes the client once instead of twice; what was written still arrives.
    socket.write(answer, () => {
      answer.fill(0);
      socket.destroy();
    });
  }
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
