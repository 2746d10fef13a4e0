// @ts-check
// The child that calls keytar, for keytar.ts: node keytar-child.cjs PATH_OF_KEYTAR. Requests and answers are lines of JSON on
// pipes, since a secret must not stand in arguments or in the environment. It stands alone, beside the bundle as well.
const nodePath = require("node:path");

const path = process.argv[2] ?? "";

/** @param {{ value: unknown } | { error: string }} answer */
function say(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** keytar keeps to itself why its library did not load. @param {unknown} error */
function reasonOf(error) {
  try {
    const system = `${process.platform}-${process.arch}`;
    require(nodePath.join(path, "../../prebuilds", system, "keytar.node"));
    return messageOf(error);
  } catch (inner) {
    return messageOf(inner);
  }
}

/** @type {Record<string, (...values: string[]) => Promise<unknown>>} */
let keytar = {};
try {
  keytar = require(path);
  say({ value: null });
} catch (error) {
  say({ error: reasonOf(error) });
}

/** Of a list, the secrets stay here. @param {string[]} request */
async function call([method = "", ...values]) {
  const value = await keytar[method]?.(...values);
  if (method !== "findCredentials") return { value };
  return { value: /** @type {{ account: string }[]} */ (value).map(({ account }) => account) };
}

let line = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text) => {
  line += text;
  if (!line.endsWith("\n")) return;
  const request = JSON.parse(line);
  line = "";
  call(request).then(say, (error) => say({ error: messageOf(error) }));
});
// The parent is gone: SIGKILL, because an exit would wait for the call in hand.
process.stdin.on("end", () => process.kill(process.pid, "SIGKILL"));
