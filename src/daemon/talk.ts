// One question to whoever listens on a socket, and what came of it. Never throws, and never waits for longer than told.
import { connect } from "node:net";
import { type Answer, parseAnswer } from "./wire.ts";

export type Talk =
  | { readonly outcome: "answered"; readonly answer: Answer }
  /** Somebody who does not speak as we do, and closed. */
  | { readonly outcome: "foreign" }
  /** Connected, and then nothing: stopped, or too busy. */
  | { readonly outcome: "stuck" }
  /** A file without anybody behind it. */
  | { readonly outcome: "stale" }
  | { readonly outcome: "absent" }
  /** Not reachable for another reason. */
  | { readonly outcome: "failed"; readonly code: string };

export async function talk(
  socketPath: string,
  question: Uint8Array,
  limitMilliseconds: number,
): Promise<Talk> {
  return await new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const socket = connect({ path: socketPath, allowHalfOpen: true });
    const timer = setTimeout(() => {
      done({ outcome: "stuck" });
    }, limitMilliseconds);
    function done(result: Talk): void {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    }
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // A daemon that dies while it is asked has not answered, whatever came before.
      done(failure(error.code ?? "unknown"));
    });
    socket.on("data", (piece: Buffer) => pieces.push(piece));
    socket.once("end", () => {
      const answer = parseAnswer(Buffer.concat(pieces));
      done(answer === undefined ? { outcome: "foreign" } : { outcome: "answered", answer });
    });
    socket.end(question);
  });
}

function failure(code: string): Talk {
  if (code === "ENOENT") return { outcome: "absent" };
  if (code === "ECONNREFUSED" || code === "ENOTSOCK") return { outcome: "stale" };
  return code === "ECONNRESET" || code === "EPIPE"
    ? { outcome: "foreign" }
    : { outcome: "failed", code };
}
