// @ts-check
// Leaves out of age-encryption what the file store never uses, and what costs git 5 ms at each start: recipients of
// post-quantum and of hardware keys. The store makes X25519 identities only.

const leftOut = new Set(["@noble/post-quantum/hybrid.js", "@noble/curves/nist.js"]);
const prefix = "\0left-out:";

/** @type {import("rolldown").Plugin} */
export const onlyX25519 = {
  name: "only-x25519",
  resolveId(source) {
    return leftOut.has(source) ? prefix + source : null;
  },
  load(id) {
    if (!id.startsWith(prefix)) return null;
    return "export const p256 = undefined, MLKEM768P256 = undefined, MLKEM768X25519 = undefined;";
  },
};
