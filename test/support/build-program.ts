// Builds the program once before the tests: what they run is what people install.
import { execFileSync } from "node:child_process";
import { projectRoot } from "./project.ts";

export function setup(): void {
  execFileSync("npm", ["run", "--silent", "build"], { cwd: projectRoot, stdio: "inherit" });
}
