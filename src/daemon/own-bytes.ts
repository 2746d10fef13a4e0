// Memory for secrets: one place, from its beginning to its zeros.

/** V8 keeps typed arrays of up to 64 bytes among its objects, which it moves, and leaves what was there where it was. */
const smallestThatStays = 65;

/** @returns bytes that nothing moves and that are nobody else's, not even Node's small buffers'; not set to anything. */
export function ownBytes(length: number): Buffer {
  return Buffer.allocUnsafeSlow(Math.max(length, smallestThatStays)).subarray(0, length);
}
