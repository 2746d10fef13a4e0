// Reading without leaving copies behind. For each read Node takes memory, and what it then copies from there into a Buffer
// of the right length it gives back as it is, with the secret in it: it stays until something else happens to be put there.
// A socket with a read buffer of its own (net.Socket, onread) makes no such copies, but Node takes that option only for
// sockets that one opens oneself. So an accepted one is wrapped once more, as node:cluster does with those that it is sent.
import { type OnReadOpts, Socket, type SocketConstructorOpts } from "node:net";
import type { Readable } from "node:stream";
import { ownBytes } from "./own-bytes.ts";

/** One for all: it is empty again before the next socket is read. As large as what Node takes itself. */
const readBuffer = Buffer.allocUnsafeSlow(65_536);

/** Not documented, and the same in Node 20 to 26; where it is missing one day, reading goes on as usual. */
const handleName = "_handle";

/**
 * @param stream one that nobody has begun to read: of a server with pauseOnConnect, or standard input.
 * @param take gets each piece in bytes of its own, to fill with zeros when it is done with them.
 * @returns what to use in the stream's place: for its end, its errors, and to write to. A server counts the stream as open
 * for ever, so whoever waits for its end counts these.
 */
export function readPrivately<T extends Readable>(
  stream: T,
  take: (piece: Buffer) => void,
): T | Socket {
  const handle = stream instanceof Socket ? takeHandle(stream) : undefined;
  if (handle === undefined) return stream.on("data", take).resume();
  const options: SocketConstructorOpts & { handle: object; onread: OnReadOpts } = {
    handle,
    allowHalfOpen: true,
    readable: true,
    writable: true,
    onread: {
      buffer: readBuffer,
      callback(length) {
        const piece = ownBytes(length);
        readBuffer.copy(piece, 0, 0, length);
        readBuffer.fill(0, 0, length);
        take(piece);
        return true;
      },
    },
  };
  return new Socket(options);
}

function takeHandle(socket: Socket): object | undefined {
  const handle: unknown = Reflect.get(socket, handleName);
  if (typeof handle !== "object" || handle === null) return undefined;
  Reflect.set(socket, handleName, null);
  return handle;
}
