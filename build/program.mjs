// @ts-check
// `npm run build [-- --outdir DIR]`: bundles the program, one lazy chunk for each package, and puts the licences of what is
// bundled beside it. keytar stays outside: it has a native part.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { licences } from "./licences.mjs";

const { values } = parseArgs({ options: { outdir: { type: "string", default: "dist" } } });

const { metafile } = await build({
  entryPoints: ["src/main.ts"],
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.18",
  outdir: values.outdir,
  external: ["keytar"],
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  // Bundled CommonJS packages call require() for Node's own modules.
  banner: {
    js: "import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);",
  },
});

await writeFile(join(values.outdir, "THIRD-PARTY-LICENSES.txt"), await licences(metafile));
