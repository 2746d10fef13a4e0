// Builds the program once before the tests: what they run is what people install.
import { execFileSync } from "node:child_process";
import { projectRoot } from "./project.ts";

const built = Symbol.for("git-credential-bitbucket: the program is built");

/** Called for each project of vitest.config.ts, in one process. */
export function setup(): void {
  if (Reflect.get(globalThis, built) === true) return;
  Reflect.set(globalThis, built, true);
  execFileSync("npm", ["run", "--silent", "build"], { cwd: projectRoot, stdio: "inherit" });
}
