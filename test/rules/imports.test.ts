// Who may know whom: the arrows of the house go one way, and what costs time is loaded when it is used.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { projectRoot } from "../support/project.ts";
import {
  isPackage,
  readSourceGraph,
  sourceFiles,
  staticClosure,
  type Import,
} from "./source-graph.ts";

const graph = await readSourceGraph();

/** Files that know nothing of files, processes, the network and the clock; a folder's name stands for all in it. */
const pure = [
  "errors.ts",
  "problem-text.ts",
  "redact.ts",
  "secret.ts",
  "shell-word.ts",
  "accounts/account-name.ts",
  "accounts/account-problem.ts",
  "accounts/account.ts",
  "accounts/apply-verdict.ts",
  "accounts/choose.ts",
  "accounts/learned.ts",
  "accounts/login.ts",
  "accounts/match.ts",
  "accounts/problems.ts",
  "accounts/record.ts",
  "accounts/refusals.ts",
  "accounts/registry-file.ts",
  "bitbucket/api-url.ts",
  "bitbucket/doubt.ts",
  "bitbucket/host.ts",
  "bitbucket/identity.ts",
  "bitbucket/repository-answer.ts",
  "bitbucket/repository-url.ts",
  "bitbucket/rest-answer.ts",
  "bitbucket/scopes.ts",
  "bitbucket/token-damage.ts",
  "bitbucket/token-kind.ts",
  "bitbucket/user-answer.ts",
  "bitbucket/verdict-text.ts",
  "bitbucket/verdict.ts",
  "commands/helper-lines.ts",
  "daemon/cache.ts",
  "daemon/own-bytes.ts",
  "daemon/version-order.ts",
  "daemon/wire.ts",
  "doctor/check.ts",
  "doctor/mask.ts",
  "login/expiry.ts",
  "migrate/login-url.ts",
  "migrate/netrc.ts",
  "migrate/new-url.ts",
  "operations/expiry-instant.ts",
  "protocol/",
  "stores/bus-message.ts",
  "system/config-entries.ts",
  "system/helper-chain.ts",
  "system/line-editor.ts",
  "system/printable.ts",
  "system/setting-rows.ts",
  "system/setting-values.ts",
  "system/url-match.ts",
];

/** Modules of Node that only compute. */
const pureModules = new Set(["node:buffer", "node:crypto", "node:path", "node:util", "node:zlib"]);

const outside =
  /\bprocess\.\w|\bDate\.now\(|new Date\(\)|\bMath\.random\(|\bperformance\.|\bset(?:Timeout|Interval)\(|\bfetch\(/u;

function isPure(path: string): boolean {
  return pure.some((name) => (name.endsWith("/") ? path.startsWith(name) : path === name));
}

const pureFiles = sourceFiles().filter(isPure);

function importsOf(files: Iterable<string>): readonly (Import & { readonly file: string })[] {
  return [...files].flatMap((file) =>
    (graph.get(file) ?? []).map(({ target, lazy }) => ({ file, target, lazy })),
  );
}

test("the graph is that of the sources", () => {
  expect([...graph.keys()].toSorted()).toEqual(sourceFiles());
  expect(staticClosure(graph, "main.ts")).toContain("errors.ts");
});

test("the table of pure files names files that exist", () => {
  const missing = pure.filter((name) => !pureFiles.some((file) => file.startsWith(name)));
  expect(missing).toEqual([]);
});

test("a pure file imports pure files only", () => {
  const wrong = importsOf(pureFiles).filter(
    ({ target }) => !isPure(target) && !pureModules.has(target),
  );
  expect(wrong).toEqual([]);
});

test("a pure file has no clock, process or chance of its own", async () => {
  const wrong: string[] = [];
  for (const file of pureFiles) {
    const lines = (await readFile(`${projectRoot}src/${file}`, "utf8")).split("\n");
    wrong.push(...lines.filter((line) => outside.test(line)).map((line) => `${file}: ${line}`));
  }
  expect(wrong).toEqual([]);
});

test("each package is named in one file", () => {
  const named = importsOf(graph.keys()).filter(({ target }) => isPackage(target));
  const rows = new Set(named.map(({ target, file }) => `${target} in ${file}`));
  expect([...rows].toSorted()).toEqual([
    "age-encryption in stores/age.ts",
    "execa in system/git.ts",
    "pino in system/log-file.ts",
    "undici in bitbucket/rest.ts",
  ]);
});

test("keytar, which a child loads by name, is named in one file", async () => {
  const texts = await Promise.all(
    sourceFiles().map(async (file) => [file, await readFile(`${projectRoot}src/${file}`, "utf8")]),
  );
  const naming = texts.filter(([, text]) => /["'`]keytar["'`]/u.test(text ?? ""));
  expect(naming.map(([file]) => file)).toEqual(["stores/keytar.ts"]);
});

test.each(["main.ts", "git-operation.ts", "compose.ts", "operations/get.ts", "stores/open.ts"])(
  "no package is loaded with %s",
  (file) => {
    expect([...staticClosure(graph, file)].filter(isPackage)).toEqual([]);
  },
);

test("nothing below imports commands/, not even a type", async () => {
  const below = sourceFiles().filter((file) => !file.startsWith("commands/"));
  const wrong: string[] = [];
  for (const file of below) {
    const text = await readFile(`${projectRoot}src/${file}`, "utf8");
    const targets = [...text.matchAll(/(?:from|import) ?\(?"([^"]+)"/gu)].map(
      ([, path = ""]) => path,
    );
    wrong.push(
      ...targets.filter((path) => path.includes("commands/")).map((path) => `${file}: ${path}`),
    );
  }
  expect(wrong).toEqual(["main.ts: ./commands/run.ts"]);
});

test("the daemon loads neither the REST client nor the terminal", () => {
  const files = sourceFiles().filter((file) => file.startsWith("daemon/"));
  const loaded = new Set(files.flatMap((file) => [...staticClosure(graph, file)]));
  const direct = importsOf(files).map(({ target }) => target);
  for (const forbidden of ["bitbucket/rest.ts", "system/terminal.ts", "undici"]) {
    expect(loaded).not.toContain(forbidden);
    expect(direct).not.toContain(forbidden);
  }
});

test("no circle", () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    if (done.has(file) || path.includes(file)) return;
    for (const { target, lazy } of graph.get(file) ?? []) if (!lazy) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  expect(circles).toEqual([]);
});
