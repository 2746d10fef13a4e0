// @ts-check
// `npm run build [-- --outdir DIR]`: bundles the program and puts the licences of what is bundled beside it. With
// --keep-code it starts faster with the Node that builds it.
// What git waits for is in one file, since each more that Node opens costs it half a millisecond, and each package is in
// a lazy one of its own. CommonJS: Node starts 5 ms earlier than with modules. keytar stays outside: it has a native part.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { rolldown } from "rolldown";
import { keepCode } from "./keep-code.mjs";
import { licences } from "./licences.mjs";
import { onlyX25519 } from "./only-x25519.mjs";
import { replaceFiles } from "./replace-files.mjs";

const { values } = parseArgs({
  options: { outdir: { type: "string", default: "dist" }, "keep-code": { type: "boolean" } },
});

/** Paths of what git-operation.ts imports at once. @type {Set<string>} */
const waitedFor = new Set();

const bundle = await rolldown({
  input: "src/main.ts",
  platform: "node",
  external: ["keytar"],
  // It is for the type checker; with it, a build would differ between this folder and a copy of src/.
  tsconfig: false,
  plugins: [
    onlyX25519,
    {
      name: "waited-for",
      buildEnd() {
        const add = (/** @type {string} */ id) => {
          if (waitedFor.has(id)) return;
          waitedFor.add(id);
          for (const imported of this.getModuleInfo(id)?.importedIds ?? []) add(imported);
        };
        const start = [...this.getModuleIds()].find((id) =>
          id.endsWith("/src/cli/git-operation.ts"),
        );
        if (start === undefined)
          throw new Error("src/cli/git-operation.ts is not where git's work begins");
        add(start);
      },
    },
  ],
});

const { output } = await bundle.generate({
  format: "cjs",
  minify: { compress: true, mangle: false },
  comments: { legal: false },
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
  codeSplitting: { groups: [{ name: "git-operation", test: (id) => waitedFor.has(id) }] },
});
await bundle.close();

const chunks = output.flatMap((file) => (file.type === "chunk" ? file : []));
const modules = chunks.flatMap(({ moduleIds }) => moduleIds);
/** The entry names the others, so it is the last. */
const entryLast = chunks.toSorted((one, other) => Number(one.isEntry) - Number(other.isEntry));
await replaceFiles(
  values.outdir,
  new Map([
    ["package.json", '{ "type": "commonjs" }\n'],
    ["git-credential-bitbucket", await front()],
    ["keytar-child.cjs", await readFile("src/secrets/stores/keytar-child.cjs", "utf8")],
    ["THIRD-PARTY-LICENSES.txt", await licences(modules)],
    ...entryLast.map((chunk) => /** @type {const} */ ([chunk.fileName, chunk.code])),
  ]),
);
/** What git runs; whoever installs it puts the paths in. */
async function front() {
  const names = (await readFile("install/node-variables", "utf8")).replaceAll(/^#.*\n/gmu, "");
  const script = await readFile("install/git-credential-bitbucket", "utf8");
  return script.replace("@NODE_VARIABLES@", names.trim().replaceAll("\n", " "));
}

if (values["keep-code"] === true) {
  const opened = chunks.filter(({ name }) =>
    ["git-operation", "age", "rest", "git"].includes(name),
  );
  await keepCode(
    values.outdir,
    opened.map(({ fileName }) => fileName),
  );
}
