// Who may know whom: the arrows of the house go one way, and what costs time is loaded when it is used.
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
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
  "screen/problem-text.ts",
  "screen/redact.ts",
  "secret.ts",
  "store-names.ts",
  "screen/shell-word.ts",
  "accounts/account-name.ts",
  "accounts/account-problem.ts",
  "accounts/account.ts",
  "accounts/apply-verdict.ts",
  "accounts/check-due.ts",
  "accounts/choice.ts",
  "accounts/choose-among.ts",
  "accounts/choose.ts",
  "accounts/learned.ts",
  "accounts/default-scope.ts",
  "accounts/match.ts",
  "accounts/problems.ts",
  "accounts/record.ts",
  "accounts/refusals.ts",
  "accounts/target.ts",
  "accounts/registry-file.ts",
  "net/api-url.ts",
  "servers/cloud/doubt.ts",
  "servers/cloud/cloud.ts",
  "servers/cloud/token-instructions.ts",
  "servers/email.ts",
  "servers/server.ts",
  "servers/servers.ts",
  "servers/repository-path.ts",
  "servers/cloud/identity.ts",
  "servers/cloud/repository-answer.ts",
  "servers/cloud/repository-url.ts",
  "net/rest-answer.ts",
  "servers/cloud/scopes.ts",
  "servers/token-damage.ts",
  "servers/token-kind.ts",
  "servers/cloud/user-answer.ts",
  "servers/verdict-text.ts",
  "servers/verdict.ts",
  "git/helper-lines.ts",
  "daemon/cache.ts",
  "daemon/own-bytes.ts",
  "daemon/version-order.ts",
  "daemon/wire.ts",
  "flows/doctor/check.ts",
  "flows/doctor/mask.ts",
  "ask/expiry.ts",
  "flows/migrate/login-url.ts",
  "flows/migrate/netrc.ts",
  "flows/migrate/new-url.ts",
  "accounts/expiry-instant.ts",
  "protocol/",
  "secrets/stores/bus-message.ts",
  "git/config-entries.ts",
  "git/helper-chain.ts",
  "git/helper-command.ts",
  "ask/line-editor.ts",
  "screen/printable.ts",
  "git/config-value.ts",
  "settings/setting-rows.ts",
  "settings/setting-values.ts",
  "git/url-match.ts",
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
    "age-encryption in secrets/stores/age.ts",
    "execa in git/git.ts",
    "pino in log/log-file.ts",
    "socks in net/socks.ts",
    "undici in net/http-client.ts",
  ]);
});

test("keytar, which a child loads by name, is named in one file", async () => {
  const texts = await Promise.all(
    sourceFiles().map(async (file) => [file, await readFile(`${projectRoot}src/${file}`, "utf8")]),
  );
  const naming = texts.filter(([, text]) => /["'`]keytar["'`]/u.test(text ?? ""));
  expect(naming.map(([file]) => file)).toEqual(["secrets/stores/keytar.ts"]);
});

test.each([
  "main.ts",
  "cli/git-operation.ts",
  "flows/open-context.ts",
  "flows/get.ts",
  "secrets/stores/open.ts",
])("no package is loaded with %s", (file) => {
  expect([...staticClosure(graph, file)].filter(isPackage)).toEqual([]);
});

/** The rooms from the ground up, each with those that it may know besides the files directly in src/. */
const mayKnow: Readonly<Record<string, readonly string[]>> = {
  screen: [],
  protocol: ["screen"],
  files: ["screen"],
  processes: ["files", "screen"],
  git: ["files", "processes", "screen"],
  settings: ["git", "screen", "servers"],
  log: ["files", "screen", "settings"],
  net: ["files", "screen"],
  servers: ["net", "protocol", "screen"],
  accounts: ["files", "protocol", "screen", "servers"],
  secrets: ["accounts", "files", "processes", "screen"],
  ask: ["accounts", "files", "processes", "screen", "servers", "settings"],
  daemon: [
    "accounts",
    "files",
    "git",
    "processes",
    "protocol",
    "screen",
    "secrets",
    "servers",
    "settings",
  ],
  flows: [
    "accounts",
    "ask",
    "daemon",
    "files",
    "git",
    "log",
    "net",
    "processes",
    "protocol",
    "screen",
    "secrets",
    "servers",
    "settings",
  ],
};

test("who knows whom, types included: nothing knows cli/ but main.ts", async () => {
  const wrong: string[] = [];
  for (const file of sourceFiles()) {
    const room = roomOf(file);
    const text = await readFile(`${projectRoot}src/${file}`, "utf8");
    for (const [, path = ""] of text.matchAll(/(?:from|import) ?\(?\s*"(\.[^"]+)"/gu)) {
      const target = join(dirname(file), path);
      const known = roomOf(target);
      if (room === known || known === "" || file === "main.ts" || room === "cli") continue;
      if (!(mayKnow[room] ?? []).includes(known)) wrong.push(`${file} → ${target}`);
    }
  }
  expect(wrong.toSorted()).toEqual([]);
});

test("a server's own files are known in servers/ alone", () => {
  const wrong = importsOf(graph.keys()).filter(
    ({ file, target }) => /^servers\/[a-z-]+\//u.test(target) && !file.startsWith("servers/"),
  );
  expect(wrong).toEqual([]);
});

function roomOf(file: string): string {
  return /^\w+\//u.test(file) ? file.slice(0, file.indexOf("/")) : "";
}

test("the daemon loads neither the REST client nor the terminal", () => {
  const files = sourceFiles().filter((file) => file.startsWith("daemon/"));
  const loaded = new Set(files.flatMap((file) => [...staticClosure(graph, file)]));
  const direct = importsOf(files).map(({ target }) => target);
  for (const forbidden of ["net/rest.ts", "ask/terminal.ts", "undici"]) {
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
