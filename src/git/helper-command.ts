// The value of credential.helper that makes git run this program. gitcredentials(7): only one that begins like an absolute
// path is run as it is, by sh, with the operation behind it.
import { posix } from "node:path";
import { HelperError } from "../errors.ts";
import type { Outside } from "../outside.ts";

const ourName = "git-credential-bitbucket";

/**
 * On Windows it is Node itself with the script: sh, which the front needs, is not on PATH everywhere.
 * Throws HelperError `system` when a path cannot stand in it.
 */
export function ownCommand({
  program,
  script,
  node,
  platform,
}: Pick<Outside, "program" | "script" | "node" | "platform">): string {
  if (platform !== "win32") return helperCommand(program);
  // In sh a backslash quotes.
  return [node, script].map((path) => helperCommand(path.replaceAll("\\", "/"))).join(" ");
}

/** @param program absolute path, in which whatever sh would not leave alone is escaped. */
export function helperCommand(program: string): string {
  // eslint-disable-next-line no-control-regex -- these are what it is about
  if (/[\u0000-\u001f\u007f]/u.test(program)) {
    throw new HelperError("system", "the path of this program holds a control character", {
      hint: "./install/install.sh --prefix ~/.local",
    });
  }
  // Backslashes, not quotes around it: only a value that begins like an absolute path is run as one.
  return program.replaceAll(/[^\w./:@%+,=\u0080-\u{10ffff}-]/gu, String.raw`\$&`);
}

/** @returns the path of a program of our name, or of its script where Node is run; undefined for another helper. */
export function programOf(value: string): string | undefined {
  const [program, script] = wordsOf(value);
  if (program === undefined || !isAbsolute(program)) return undefined;
  if (posix.basename(program) === ourName) return program;
  const isNode = /^node(?:\.exe)?$/iu.test(posix.basename(program));
  return isNode && script !== undefined && isOurScript(script) ? script : undefined;
}

function wordsOf(value: string): readonly string[] {
  const words = value.match(/(?:[^\s\\]|\\.)+/gsu) ?? [];
  return words.map((word) => word.replaceAll(/\\(.)/gsu, "$1"));
}

function isAbsolute(path: string): boolean {
  return /^(?:[A-Za-z]:)?\//u.test(path);
}

/** As it lies in npm's folder, a clone or an archive: the folder above `dist` bears our name. */
function isOurScript(path: string): boolean {
  return (
    isAbsolute(path) && /\/git-credential-bitbucket[^/]*(?:\/lib)?\/dist\/main\.js$/u.test(path)
  );
}
