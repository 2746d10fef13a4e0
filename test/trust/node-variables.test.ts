// Variables that are meant for Node run no foreign code in the helper, print nothing, write nothing and stop nothing: with
// the daemon, without it, and in commands.
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStory, type Story } from "../real-git/story.ts";

const input = "url=https://bitbucket.org/acme/api.git\n\n";

interface Scene extends Story {
  /** Where anything that is written would be found. */
  readonly traces: string;
  readonly checkout: string;
}

async function openScene(): Promise<Scene> {
  const story = await openStory();
  await story.login(story.site.accessToken({ workspace: "acme" }), ["--workspace", "acme"]);
  const checkout = await story.clone("https://bitbucket.org/acme/api.git", "api");
  const traces = join(story.work, "traces");
  await mkdir(traces);
  const mark = `require("node:fs").writeFileSync("${traces}/run-" + process.pid, "");`;
  await writeFile(join(story.work, "foreign.cjs"), mark);
  const providers = "nodejs_conf = a\n[a]\nproviders = b\n[b]\nx = c\n[c]\nactivate = 1\n";
  await writeFile(join(story.work, "openssl.cnf"), providers);
  return { ...story, traces, checkout };
}

test("NODE_OPTIONS", async () => {
  const { work, traces, ...story } = await openScene();
  const usual = await story.git(["credential", "fill"], { input });
  for (const NODE_OPTIONS of [
    `--require ${work}/foreign.cjs`,
    `--import file://${work}/foreign.cjs`,
    "--inspect-brk=127.0.0.1:0",
    // A newer Node's, which others refuse.
    "--use-env-proxy --nonsense",
    `--report-on-signal --report-directory=${traces} --diagnostic-dir=${traces} --cpu-prof`,
    `--tls-keylog=${traces}/keys --trace-tls --redirect-warnings=${traces}/warnings`,
    `--trace-event-categories=node --trace-event-file-pattern=${traces}/events`,
    `--openssl-config=${work}/openssl.cnf --max-old-space-size=1`,
  ]) {
    const cold = { NODE_OPTIONS, GIT_CREDENTIAL_BITBUCKET_DAEMON: "false" };
    expect(await story.git(["credential", "fill"], { input, env: cold })).toEqual(usual);
    const listed = await story.helper(["status"], { env: { NODE_OPTIONS } });
    expect({ ...listed, stdout: "" }).toEqual({ stdout: "", stderr: "", exitCode: 0 });
    expect(await readdir(traces)).toEqual([]);
  }
});

test("every other variable of Node's", async () => {
  const { work, traces, checkout, ...story } = await openScene();
  const usual = await story.git(["credential", "fill"], { input });
  const env = {
    NODE_CHANNEL_FD: "1",
    NODE_COMPILE_CACHE: traces,
    NODE_DEBUG: "*",
    NODE_DEBUG_NATIVE: "tls,crypto,inspector_server",
    NODE_ICU_DATA: work,
    NODE_PATH: work,
    NODE_PENDING_DEPRECATION: "1",
    NODE_PRESERVE_SYMLINKS: "1",
    NODE_REDIRECT_WARNINGS: `${traces}/warnings`,
    NODE_REPL_EXTERNAL_MODULE: `${work}/foreign.cjs`,
    NODE_TEST_CONTEXT: "child-v8",
    NODE_TLS_REJECT_UNAUTHORIZED: "0",
    NODE_USE_ENV_PROXY: "1",
    NODE_V8_COVERAGE: traces,
    OPENSSL_CONF: `${work}/openssl.cnf`,
    OPENSSL_MODULES: work,
  };
  for (const variables of [env, { ...env, GIT_CREDENTIAL_BITBUCKET_DAEMON: "false" }]) {
    const filled = await story.git(["credential", "fill"], { input, env: variables });
    expect(filled).toEqual(usual);
    // What git itself makes of OPENSSL_CONF is not ours.
    const { OPENSSL_CONF: _conf, OPENSSL_MODULES: _modules, ...rest } = variables;
    const fetched = await story.git(["fetch", "--quiet"], { cwd: checkout, env: rest });
    expect(fetched).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  }
  const checked = await story.helper(["status", "--check"], { env });
  expect({ ...checked, stdout: "" }).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  const token = `${story.site.accessToken({ workspace: "globex" }).secret}\n`;
  const args = ["login", "--with-token", "--workspace", "globex"];
  const logged = await story.helper(args, { env, input: token });
  expect({ ...logged, stdout: "" }).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  expect(await readdir(traces)).toEqual([]);
});
