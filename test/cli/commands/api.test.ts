// `api` as people use it: with a login, a repository and the simulated Bitbucket.
import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { downloadHost } from "../../simulator/rest-collections.ts";
import { seedAccount } from "../../support/seed.ts";
import { openPty, type PtyEnd } from "../../support/pty.ts";
import { openWorld, type World } from "../../support/world.ts";

let world: World;
let clone: string;

beforeAll(async () => {
  world = await openWorld({ daemon: "off" });
  await seedAccount(world, world.site.apiToken("alice", { name: "T" }).secret, {
    name: "alice",
    kind: "api-token",
    email: "alice@example.com",
  });
  await seedAccount(
    world,
    world.site.accessToken({ workspace: "globex", repository: "lib" }, { name: "L" }).secret,
    {
      name: "lib",
      kind: "access-token",
      scope: { level: "repository", workspace: "globex", repository: "lib" },
    },
  );
  clone = join(world.work, "api");
  await world.git(["clone", "--quiet", "https://bitbucket.org/acme/api.git", clone]);
});
afterAll(() => world.close());
beforeEach(() => world.forgetLog());

const api = (args: readonly string[], options: Parameters<World["helper"]>[1] = {}) =>
  world.helper(["api", ...args], options);

const digest = (data: Buffer) => createHash("sha256").update(data).digest("hex");

async function screenOf(args: readonly string[]): Promise<PtyEnd> {
  const command = world.command([world.front, "api", ...args]);
  return await (await openPty({ command, env: world.env, cwd: world.work })).ended();
}

describe("as whom", () => {
  test.each([
    ["repositories/acme/api", "T", "basic"],
    ["repositories/globex/lib", "L", "bearer"],
    ["user", "T", "basic"],
    ["repositories/acme", "T", "basic"],
  ])("%s is read with %s", async (address, token, scheme) => {
    expect(await api([address])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(world.restLog()).toMatchObject([{ token, scheme, status: 200 }]);
  });

  test("an account that is named", async () => {
    expect((await api(["repositories/globex/lib", "--account", "alice"])).exitCode).toBe(0);
    expect(world.restLog()).toMatchObject([{ token: "T" }]);
  });

  test("nobody, where no account covers the place", async () => {
    const { exitCode, stderr } = await api(["user", "--account", "carol"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        "git-credential-bitbucket: error: there is no account 'carol'\ngit-credential-bitbucket: hint: git credential-bitbucket status\n",
    });
    expect(world.restLog()).toEqual([]);
  });

  test("BITBUCKET_TOKEN goes before accounts", async () => {
    const { secret } = world.site.accessToken({ workspace: "acme" }, { name: "E" });
    const env = { BITBUCKET_TOKEN: secret };
    expect((await api(["repositories/acme/web"], { env })).exitCode).toBe(0);
    expect(world.restLog()).toMatchObject([{ token: "E", scheme: "bearer" }]);
  });
});

describe("the tutorial's calls", () => {
  test("list commits of the current repository, by GET", async () => {
    const { stdout } = await api(["repositories/{workspace}/{repo}/commits/?include={branch}"], {
      cwd: clone,
    });
    expect(world.restLog()[0]?.path).toBe("/2.0/repositories/acme/api/commits/?include=main");
    expect(JSON.parse(stdout)).toMatchObject({ values: [{ type: "commit" }] });
  });

  test("list commits with include and exclude, by POST as a form", async () => {
    const args = ["--form", "-f", "include=main", "-F", "exclude={commit}"];
    const { stdout } = await api(["repositories/{workspace}/{repo}/commits", ...args], {
      cwd: clone,
    });
    expect(world.restLog()).toMatchObject([{ method: "POST", status: 200 }]);
    expect(JSON.parse(stdout)).toMatchObject({ values: [] });
  });

  test("upload to downloads, and get the same bytes back", async () => {
    const bytes = randomBytes(3_000_000);
    await writeFile(join(world.work, "build.zip"), bytes);
    const downloads = "repositories/acme/api/downloads";
    const upload = await api([downloads, "--file", "files=@build.zip"]);
    expect(upload).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    const fetched = await api([`${downloads}/build.zip`, "-o", "back.zip"]);
    expect(fetched).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(digest(await readFile(join(world.work, "back.zip")))).toBe(digest(bytes));
    expect((await readdir(world.work)).filter((name) => name.includes("part"))).toEqual([]);
  });

  test("page through a workspace's repositories", async () => {
    const args = ["repositories/acme?pagelen=2", "--paginate"];
    const { stdout } = await api(args);
    const { values } = JSON.parse(stdout) as { values: { slug: string }[] };
    expect(values.map(({ slug }) => slug)).toEqual(["api", "web", "tools", "site"]);
    expect(world.restLog()).toHaveLength(2);
    const slurped = await api([...args, "--slurp"]);
    expect(JSON.parse(slurped.stdout)).toMatchObject([{ page: 1 }, { page: 2 }]);
  });

  test("create a webhook whose secret comes from stdin", async () => {
    const { exitCode, stdout } = await api(
      [
        "repositories/acme/api/hooks",
        "--raw-field=description=CI",
        "--raw-field=url=https://ci.example.com",
        "--field=active=true",
        "--field=secret=@-",
        "-fevents[]=repo:push",
        "-fevents[]=pullrequest:created",
      ],
      { input: "s3cret" },
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ secret_set: true });
    expect(world.simulator.collections.hooks.at(-1)).toEqual({
      description: "CI",
      url: "https://ci.example.com",
      active: true,
      secret: "s3cret",
      events: ["repo:push", "pullrequest:created"],
    });
  });
});

describe("a redirect", () => {
  test("is followed without the credential", async () => {
    await writeFile(join(world.work, "a.bin"), Buffer.from([0, 1, 2, 255]));
    await api(["repositories/acme/api/downloads", "--file", "files=@a.bin"]);
    world.forgetLog();
    await api(["repositories/acme/api/downloads/a.bin"]);
    expect(world.log()).toMatchObject([
      { service: "rest", status: 302, carriesSecret: true },
      { service: "downloads", host: downloadHost, status: 200, carriesSecret: false },
    ]);
  });
});

describe("an error", () => {
  test("prints the body, says what it means, and ends with 1", async () => {
    const { exitCode, stdout, stderr } = await api(["repositories/acme/nothing"]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ type: "error" });
    expect(stderr).toMatch(/^git-credential-bitbucket: error: bitbucket answers 404: You may not/u);
  });

  test("names the scope that the token lacks", async () => {
    const { secret } = world.site.apiToken("alice", { scopes: ["read:repository:bitbucket"] });
    const env = { BITBUCKET_TOKEN: secret, BITBUCKET_EMAIL: "alice@example.com" };
    const { exitCode, stderr } = await api(["repositories/acme/api/hooks", "-f", "url=x"], { env });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("the token lacks write:repository:bitbucket");
  });

  test("429 in the pages is waited for as long as Bitbucket says", async () => {
    const headers = { "retry-after": "1" };
    world.simulator.fail(
      { kind: "status", status: 429, headers },
      { service: "rest", authenticated: true, times: 1 },
    );
    const { exitCode, stderr } = await api(["repositories/acme", "--paginate"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: "bitbucket wants a pause: going on in 1 s\n",
    });
  });
});

describe("is refused before anything is sent", () => {
  test.each([
    [["repositories/../user"], ". or .."],
    [["https://elsewhere.example/2.0/user"], "only api.bitbucket.org is called"],
    [["user", "-H", "Authorization: Bearer x"], "authorization is set by this program"],
    [["user", "-H", "no"], "NAME: VALUE"],
    [["user", "-X", "BREW"], "--method is GET"],
    [["user", "-f", "a=b", "--paginate"], "--paginate goes with GET"],
    [["user", "--slurp"], "--slurp goes with --paginate"],
    [["repositories/{workspace}/{repo}"], "no remote here says what {workspace} is"],
  ])("%j", async (args, why) => {
    const { exitCode, stderr } = await api(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(why);
    expect(world.log()).toEqual([]);
  });

  test("a token on the command line, which is not shown", async () => {
    const { secret } = world.site.apiToken("alice");
    const { exitCode, stdout, stderr } = await api(["user", "-f", `x=${secret}`]);
    expect(exitCode).toBe(2);
    expect(stdout + stderr).not.toContain(secret);
    expect(world.log()).toEqual([]);
  });
});

test("where nobody reads on, no page is asked for any more", async () => {
  const asked = "repositories/acme?pagelen=1";
  const script = '"$0" api "$1" --paginate | head -c 20';
  const { stdout, stderr } = await world.run("sh", ["-c", script, world.front, asked]);
  expect({ stdout, stderr }).toEqual({ stdout: '{"values":[{"type":"', stderr: "" });
  expect(world.restLog().length).toBeLessThan(4);
});

describe("at a terminal", () => {
  test("JSON is set in lines", async () => {
    const { screen, code } = await screenOf(["repositories/acme/api?fields=slug"]);
    expect({ screen, code }).toEqual({ screen: '{\n  "slug": "api"\n}\n', code: 0 });
  });

  test("bytes that are no text are not shown", async () => {
    await writeFile(join(world.work, "b.bin"), Buffer.from([27, 91, 0, 255]));
    await api(["repositories/acme/api/downloads", "--file", "files=@b.bin"]);
    const { screen, code } = await screenOf(["repositories/acme/api/downloads/b.bin"]);

    expect(code).toBe(2);
    expect(screen).toContain("hint: git credential-bitbucket api ADDRESS --output FILE\n");
  });
});

test("status and headers are shown when asked for, and bytes are not changed", async () => {
  const { stdout } = await api(["user", "-i"]);
  expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\n(?:[\w-]+: .*\n)+\n\{/u);
});
