// As much of D-Bus as asking the Secret Service takes: a few calls over the session bus's socket, then it is closed.
// D-Bus Specification 0.43, "Authentication Protocol" and "Server Addresses".
import { connect, type Socket } from "node:net";
import type { Environment } from "../../outside.ts";
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

/** One reply for each call, in their order: the service answers after one way there and back. */
export type BusCalls = (calls: readonly MethodCall[]) => Promise<readonly Reply[]>;

/**
 * Connects, takes the steps, hangs up.
 * @returns what the steps return. Rejects with the socket's error (`ENOENT`, `ECONNREFUSED`), when the bus refuses us or
 * hangs up, and with the signal's reason.
 */
export async function withBus<T>(
  address: string,
  signal: AbortSignal,
  steps: (call: BusCalls) => Promise<T>,
): Promise<T> {
  const socket = connect({ path: address });
  const abort = () => socket.destroy(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  try {
    const bus = converse(socket);
    await bus([hello]);
    return await steps(bus);
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

function converse(socket: Socket): BusCalls {
  const chunks = (socket as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const replies = new Map<number, Reply>();
  let received: Buffer = Buffer.alloc(0);
  let accepted = false;
  let serial = 0;

  async function more(problem: string): Promise<void> {
    const next = await chunks.next();
    if (next.done === true) throw new Error(problem);
    received = Buffer.concat([received, next.value]);
  }

  async function authenticate(): Promise<void> {
    const uid = Buffer.from(String(process.getuid?.() ?? ""), "latin1").toString("hex");
    socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
    const refusal = "the session bus refused us";
    while (!received.includes("\r\n") && received.length < maxLineBytes) await more(refusal);
    if (!received.toString("latin1").startsWith("OK ")) throw new Error(refusal);
    received = received.subarray(received.indexOf("\r\n") + 2);
    socket.write("BEGIN\r\n");
    accepted = true;
  }

  return async (calls) => {
    if (!accepted) await authenticate();
    const first = serial + 1;
    for (const call of calls) socket.write(encodeCall(call, (serial += 1)));
    for (;;) {
      received = takeReplies(received, replies);
      const found = calls.flatMap((_, index) => replies.get(first + index) ?? []);
      if (found.length === calls.length) return found;
      await more("the session bus hung up");
    }
  };
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
