// Where the project lies, for tests that run its files.
import { fileURLToPath } from "node:url";

export const projectRoot = fileURLToPath(new URL("../../", import.meta.url));
export const programScript = `${projectRoot}dist/main.js`;
