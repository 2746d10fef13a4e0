// @ts-check
// Keeps what V8 makes of the program when it answers git: without, Node compiles it anew at every start, and a get without
// a daemon takes a seventh longer. Node 22 has module.enableCompileCache() for this, which keeps no functions that are
// compiled when they are called, and gains nothing here.
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { replaceFile } from "./replace-files.mjs";

/**
 * What Node opens instead of the file that the bundler made. V8 checks that the version and the length are its own and
 * trusts the rest, so another Node, if only of another build, must not be given it: see record-code.cjs for the name.
 */
const loader = `// Runs the file of this name that ends in .code, with what this Node's V8 made of it before.
const { readFileSync, statSync } = require("node:fs");
const { Script } = require("node:vm");
const filename = __filename.replace(/js$/u, "code");
const { size, mtimeMs } = statSync(process.execPath);
let cachedData;
try {
  cachedData = readFileSync([filename, size, mtimeMs].join("-"));
} catch {}
const script = new Script(readFileSync(filename, "utf8"), { filename, cachedData });
script.runInThisContext()(exports, require, module, __filename, __dirname);
`;

/** Of the same shape as a real one; nobody is asked about it. */
const token = `ATCTT3xFfGF0${"x".repeat(60)}`;

/**
 * @param {string} folder of a build.
 * @param {readonly string[]} names of the files in it that a get opens, or a check of a token.
 */
export async function keepCode(folder, names) {
  for (const name of names) {
    const path = join(folder, name);
    const code = await readFile(path, "utf8");
    const wrapped = `(function (exports, require, module, __filename, __dirname) {${code}\n})`;
    await replaceFile(path.replace(/js$/u, "code"), wrapped);
    await replaceFile(path, loader);
  }
  const home = await mkdtemp(join(tmpdir(), "bb-build-"));
  try {
    const run = programIn(home, resolve(folder, "main.js"));
    const recording = ["--require", resolve(import.meta.dirname, "record-code.cjs")];
    run([], ["login", "--with-token", "--no-validate", "--workspace", "acme"], `${token}\n`);
    run(recording, ["get"], "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n");
    run(recording, ["login", "--with-token", "--workspace", "acme"], `${token}\n`);
  } catch (error) {
    console.warn(`the program is built, and starts slower than it could: ${String(error)}`);
  } finally {
    await rm(home, { recursive: true });
  }
}

/**
 * @param {string} home where nothing of this machine's settings is.
 * @param {string} script
 */
function programIn(home, script) {
  const env = {
    PATH: process.env["PATH"],
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CREDENTIAL_BITBUCKET_STORE: "file",
    GIT_CREDENTIAL_BITBUCKET_DAEMON: "false",
    // Nobody answers there: the check loads the REST client, and finds nothing out.
    GIT_CREDENTIAL_BITBUCKET_API_URL: "http://127.0.0.1:9",
  };
  return (
    /** @type {readonly string[]} */ options,
    /** @type {readonly string[]} */ args,
    /** @type {string} */ input,
  ) => execFileSync(process.execPath, [...options, script, ...args], { cwd: home, env, input });
}
