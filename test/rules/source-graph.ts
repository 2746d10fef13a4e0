// Who imports whom in src/, as the bundler sees it: what remains when types are gone.
import { readdirSync } from "node:fs";
import { build } from "esbuild";
import { projectRoot } from "../support/project.ts";

export interface Import {
  /** A path below src/, a package, or a module of Node as `node:fs`. */
  readonly target: string;
  /** True for `await import()`: costs nothing until it is reached. */
  readonly lazy: boolean;
}

/** What each file of src/ imports, by its path below src/. */
export type SourceGraph = ReadonlyMap<string, readonly Import[]>;

/** @returns the paths of all files in src/, below src/. */
export function sourceFiles(): readonly string[] {
  const names = readdirSync(`${projectRoot}src`, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts")).toSorted();
}

export async function readSourceGraph(): Promise<SourceGraph> {
  const graph = await readGraph(sourceFiles().map((name) => `src/${name}`));
  const sources = [...graph].filter(([path]) => path.startsWith("src/"));
  return new Map(
    sources.map(([path, imports]) => [
      below(path),
      imports.map(({ target, lazy }) => ({ target: below(target), lazy })),
    ]),
  );
}

/** @param entries paths from the project's root. @returns what they and all that they reach import, by such paths. */
export async function readGraph(entries: readonly string[]): Promise<SourceGraph> {
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [...entries],
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    outdir: "unused",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  return new Map(
    Object.entries(metafile.inputs).map(([path, { imports }]) => [
      path,
      imports.map(({ path: target, kind }) => ({ target, lazy: kind === "dynamic-import" })),
    ]),
  );
}

function below(path: string): string {
  return path.replace(/^src\//u, "");
}

/** Whether a target is neither a file of ours nor Node's. */
export function isPackage(target: string): boolean {
  return !target.startsWith("node:") && !/\.(?:ts|json)$/u.test(target);
}

/** @returns what is loaded with a file before a line of it runs, itself included; modules of Node and packages too. */
export function staticClosure(graph: SourceGraph, start: string): ReadonlySet<string> {
  const found = new Set([start]);
  for (const file of found) {
    for (const { target, lazy } of graph.get(file) ?? []) if (!lazy) found.add(target);
  }
  return found;
}
