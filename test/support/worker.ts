// Programs for tests that need our modules in processes of their own.
import { build } from "esbuild";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "./project.ts";

/**
 * @param source TypeScript whose imports are seen from the project's root: `./src/files/lock.ts`.
 * @returns the path of a script that Node can run.
 */
export async function buildWorker(folder: string, name: string, source: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  const { metafile } = await build({
    stdin: { contents: source, loader: "ts", resolveDir: projectRoot },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.18",
    external: ["keytar"],
    banner: {
      js: "import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);",
    },
    outfile,
    absWorkingDir: projectRoot,
    metafile: true,
    logLevel: "error",
  });
  const stores = "src/secrets/stores/";
  // The child is a file beside whatever bundle starts it.
  if (Object.hasOwn(metafile.inputs, `${stores}keytar.ts`))
    await copyFile(`${projectRoot}${stores}keytar-child.cjs`, join(folder, "keytar-child.cjs"));
  return outfile;
}
