// As much of D-Bus as asking the Secret Service takes: a few calls over the session bus's socket, then it is closed.
// D-Bus Specification 0.43, "Authentication Protocol" and "Server Addresses".
import { connect, type Socket } from "node:net";
import type { Environment } from "../outside.ts";
import {
  decodeReply,
  encodeCall,
  messageLength,
  type MethodCall,
  type Reply,
} from "./bus-message.ts";

const hello: MethodCall = {
  destination: "org.freedesktop.DBus",
  path: "/org/freedesktop/DBus",
  interface: "org.freedesktop.DBus",
  member: "Hello",
  body: [],
};

const maxLineBytes = 16_384; // as libdbus; an OK with its id has 37

/**
 * @returns where the session bus listens, for node:net, to be tried in this order; a leading NUL means abstract. Empty
 * when there is none, or none of a kind that Node can connect to.
 */
export function busAddresses(env: Environment): readonly string[] {
  const addresses = env["DBUS_SESSION_BUS_ADDRESS"] ?? "";
  const runtime = env["XDG_RUNTIME_DIR"] ?? "";
  if (addresses === "") return runtime === "" ? [] : [`${runtime}/bus`];
  return addresses.split(";").flatMap((address) => {
    const path = /^unix:(?:[^=]+=[^,]*,)*?path=([^,]+)/u.exec(address)?.[1];
    const abstract = /^unix:(?:[^=]+=[^,]*,)*?abstract=([^,]+)/u.exec(address)?.[1];
    if (path !== undefined) return [unescape(path)];
    return abstract === undefined ? [] : [`\0${unescape(abstract)}`];
  });
}

/**
 * @returns one reply for each call, in their order. Rejects with the socket's error (`ENOENT`, `ECONNREFUSED`), when the
 * bus refuses us or hangs up, and with the signal's reason.
 */
export async function callBus(
  address: string,
  calls: readonly MethodCall[],
  signal: AbortSignal,
): Promise<readonly Reply[]> {
  const socket = connect({ path: address });
  const abort = () => socket.destroy(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await converse(socket, [hello, ...calls]);
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

async function converse(socket: Socket, calls: readonly MethodCall[]): Promise<readonly Reply[]> {
  const uid = Buffer.from(String(process.getuid?.() ?? ""), "latin1").toString("hex");
  socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
  const replies = new Map<number, Reply>();
  let accepted = false;
  let received: Buffer = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    received = Buffer.concat([received, chunk]);
    if (!accepted) {
      const lineEnd = received.indexOf("\r\n");
      if (lineEnd < 0 && received.length < maxLineBytes) continue;
      if (!received.toString("latin1").startsWith("OK ")) break;
      accepted = true;
      received = received.subarray(lineEnd + 2);
      socket.write("BEGIN\r\n");
      // All at once: the service answers them in their order, after one way there and back.
      for (const [index, call] of calls.entries()) socket.write(encodeCall(call, index + 1));
    }
    received = takeReplies(received, replies);
    const found = calls.flatMap((_, index) => replies.get(index + 1) ?? []);
    if (found.length === calls.length) return found.slice(1);
  }
  throw new Error(accepted ? "the session bus hung up" : "the session bus refused us");
}

/** @returns what is left: the beginning of the next message. */
function takeReplies(received: Buffer, replies: Map<number, Reply>): Buffer {
  let rest = received;
  for (;;) {
    const length = messageLength(rest);
    if (length === undefined || rest.length < length) return rest;
    // A copy begins at offset 0 of its own memory, as alignment counts.
    const found = decodeReply(Uint8Array.from(rest.subarray(0, length)));
    if (found !== undefined) replies.set(found.to, found.reply);
    rest = rest.subarray(length);
  }
}

function unescape(value: string): string {
  return value.replaceAll(/%([0-9a-f]{2})/giu, (_, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}
