// @ts-check
// Leaves out of age-encryption what the file store never uses, and what costs git 8 ms at each start: recipients of
// post-quantum and of hardware keys (the store makes X25519 identities only), and the arithmetic of X25519 in JavaScript
// (every Node that runs this has it in WebCrypto). Of that, only the base point is asked for.

const nothing =
  "export const p256 = undefined, MLKEM768P256 = undefined, MLKEM768X25519 = undefined;";
/** RFC 7748, section 4.1: the u-coordinate 9. */
const basePoint =
  "export const x25519 = { GuBytes: Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 9 : 0)) };";

/** @type {ReadonlyMap<string, string>} */
const leftOut = new Map([
  ["@noble/post-quantum/hybrid.js", nothing],
  ["@noble/curves/nist.js", nothing],
  ["@noble/curves/ed25519.js", basePoint],
]);
const prefix = "\0left-out:";

/** @type {import("rolldown").Plugin} */
export const onlyX25519 = {
  name: "only-x25519",
  resolveId(source) {
    return leftOut.has(source) ? prefix + source : null;
  },
  load(id) {
    return id.startsWith(prefix) ? leftOut.get(id.slice(prefix.length)) : null;
  },
};
