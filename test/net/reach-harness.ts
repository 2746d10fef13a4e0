// api.bitbucket.org behind a proxy, and the program and git on their way there: by git's settings and the environment.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { startConnectProxy, type ConnectProxyOptions } from "../support/connect-proxy.ts";
import { programScript } from "../support/project.ts";
import { openSandbox, type RunResult, type Sandbox } from "../support/sandbox.ts";
import { answerRest } from "../simulator/rest-rules.ts";
import type { Token } from "../simulator/records.ts";
import { Site } from "../simulator/site.ts";
import { restHarness } from "./rest-harness.ts";

/** A name with a dot is git's, the others are variables. */
export type ReachSettings = Readonly<Record<string, string>>;

/** Called at the top of a test file. */
export function reachHarness() {
  const rest = restHarness();
  let sandbox: Sandbox;
  let token: Token;
  let site: Site;

  beforeEach(async () => {
    sandbox = await openSandbox();
    site = new Site(Date.now);
    site.addRepository("acme/api");
    token = site.accessToken({ workspace: "acme", repository: "api" });
  });
  afterEach(async () => await sandbox.close());

  /** Bitbucket's REST interface as api.bitbucket.org and localhost; its certificate is of a private authority. */
  async function serve() {
    const certificate = await rest.ca.issue(["DNS:api.bitbucket.org", "DNS:localhost"]);
    return await rest.serve((request, response) => {
      const { authorization } = request.headers;
      const answer = answerRest(site, { authorization, path: request.url ?? "" });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    }, certificate);
  }

  /** api.bitbucket.org behind a proxy that knows where it is. */
  async function stand(options: ConnectProxyOptions = {}) {
    const api = await serve();
    const routes = { "api.bitbucket.org:443": { host: "127.0.0.1", port: api.port } };
    const proxy = await startConnectProxy({ routes, ...options });
    rest.after(() => proxy.close());
    return { api, proxy };
  }

  /** @param wrap what the program runs under, such as unshare with its arguments. */
  async function login(settings: ReachSettings, wrap: readonly string[] = []): Promise<RunResult> {
    const args = ["login", "--with-token", "--repository", "acme/api", "--store", "file"];
    const program = [process.execPath, programScript, ...args];
    return await run([...wrap, ...program], settings, `${token.secret}\n`);
  }

  /** What git is told there does not matter: that it gets as far as to ask does. */
  async function gitAsks(url: string, settings: ReachSettings, wrap: readonly string[] = []) {
    const command = [...wrap, "git", "ls-remote", `${url}/acme/api.git`];
    return await run(command, { ...settings, GIT_TERMINAL_PROMPT: "0" });
  }

  async function run(command: readonly string[], settings: ReachSettings, input = "") {
    const names = Object.keys(settings);
    const lines = names
      .filter((name) => name.includes("."))
      .map((name) => {
        const [, section, part, key] = /^([^.]+)(?:\.(.+))?\.([^.]+)$/u.exec(name) ?? [];
        return `[${section}${part === undefined ? "" : ` "${part}"`}]\n\t${key} = ${settings[name]}\n`;
      });
    await writeFile(join(sandbox.home, ".gitconfig"), lines.join(""));
    const env = Object.fromEntries(
      names.filter((name) => !name.includes(".")).map((name) => [name, settings[name]]),
    );
    const [program = "", ...args] = command;
    return await sandbox.run(program, args, { input, env });
  }

  function said({ stdout, stderr }: RunResult): string {
    expect(stdout + stderr).not.toContain(token.secret);
    return stdout + stderr;
  }

  return {
    rest,
    /** Empty, for a test's own files. */
    work: () => sandbox.work,
    serve,
    stand,
    login,
    gitAsks,
    said,
  };
}
