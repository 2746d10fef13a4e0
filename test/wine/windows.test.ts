// What a person does on Windows, from the first command to the last: in PowerShell, with HOME not set, and with the program
// in a folder whose name has blanks, an umlaut and an ampersand.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWineWorld, type WineWorld } from "./wine-world.ts";

const folder = String.raw`C:\Program Files\Müller & Co\git-credential-bitbucket`;
const request = ["protocol=https", "host=bitbucket.org", "path=acme/api.git"];

let wine: WineWorld;
let secret: string;

beforeAll(async () => {
  wine = await openWineWorld({ installedIn: folder });
  secret = wine.site.apiToken("alice").secret;
});
afterAll(() => wine.close());

const ownLines = () => readFile(join(wine.home, ".gitconfig.git-credential-bitbucket"), "utf8");

describe("configure", () => {
  test("makes git run node with the script, both by absolute path", async () => {
    expect(await wine.program(["configure"])).toMatchObject({ exitCode: 0, stderr: "" });
    const config = await readFile(join(wine.home, ".gitconfig"), "utf8");
    expect(config).toContain("[include]\n\tpath = ~/.gitconfig.git-credential-bitbucket\n");
    // As git's sh reads it: two words that are paths of Windows.
    const { stdout } = await wine.unix("git", [
      "config",
      "--file",
      join(wine.home, ".gitconfig.git-credential-bitbucket"),
      "--get-urlmatch",
      "credential.helper",
      "https://bitbucket.org",
    ]);
    const words = await wine.unix("sh", ["-c", `printf '%s\\n' ${stdout.trimEnd()} get`]);
    expect(words.stdout.split("\n")).toEqual([
      `${folder.replaceAll("\\", "/")}/node.exe`,
      `${folder.replaceAll("\\", "/")}/dist/main.js`,
      "get",
      "",
    ]);
  });

  test("changes nothing the second time, and is found by doctor", async () => {
    const before = await ownLines();
    expect((await wine.program(["configure"])).stdout).toMatch(/^nothing to do: /u);
    expect(await ownLines()).toBe(before);
    const { stdout } = await wine.program(["doctor"]);
    expect(stdout).toMatch(/^ok +helper chain +git asks this helper for bitbucket's hosts/mu);
    expect(stdout).toMatch(/^ok +useHttpPath /mu);
    expect(stdout).not.toMatch(/^failed/mu);
    expect(stdout).not.toContain(String.raw`C:\users`);
  });
});

describe("without an account, and with nobody to ask", () => {
  test("git gets nothing, at once, though a console could be opened", async () => {
    expect(await wine.asks("get", request)).toMatchObject({ exitCode: 0, stdout: "" });
  });
});

describe("a token", () => {
  test("is stored, and git gets it", async () => {
    const login = await wine.program(["login", "--with-token", "--email", "alice@example.com"], {
      input: `${secret}\r\n`,
    });
    expect(login).toMatchObject({ exitCode: 0, stderr: "" });
    const { stdout } = await wine.asks("get", request);
    expect(stdout).toBe(`username=x-bitbucket-api-token-auth\npassword=${secret}\n`);
  });

  test("is given out when git's lines end with CR and LF", async () => {
    const { stdout } = await wine.program(["get"], { input: `${request.join("\r\n")}\r\n\r\n` });
    expect(stdout).toContain(`password=${secret}\n`);
  });

  test("that git says is wrong is asked about", async () => {
    const erase = await wine.asks("erase", [...request, "username=x", `password=${secret}`]);
    expect(erase).toMatchObject({ exitCode: 0 });
    expect((await wine.asks("get", request)).stdout).toContain(secret);
  });

  test("of 2,600 characters is kept, although Windows' entries are shorter", async () => {
    const long = wine.site.oauthToken("alice", { characters: 2600 }).secret;
    const args = ["login", "--with-token", "--repository", "acme/web", "--account", "long"];
    expect(await wine.program(args, { input: long })).toMatchObject({ exitCode: 0 });
    const { stdout } = await wine.asks("get", [...request.slice(0, 2), "path=acme/web.git"]);
    expect(stdout).toContain(`password=${long}\n`);
  });
});

describe("a daemon", () => {
  test("is none, and to stop it is no error", async () => {
    expect(await wine.program(["daemon", "stop"])).toEqual({
      exitCode: 0,
      stdout: "no daemon runs: there is none on windows\n",
      stderr: "",
    });
    expect(await wine.program(["daemon", "start"])).toMatchObject({ exitCode: 1 });
  });
});

test("what is advised is PowerShell's", async () => {
  const { stderr } = await wine.program(["status"], {
    env: { GIT_CREDENTIAL_BITBUCKET_STORE: "no" },
  });
  expect(stderr).toContain("hint: Remove-Item Env:GIT_CREDENTIAL_BITBUCKET_STORE\n");
});

test("ten stores at once all end well, and all accounts are whole", async () => {
  const names = Array.from({ length: 10 }, (_, at) => `n${at}`);
  const results = await Promise.all(
    names.map((name) =>
      wine.program(
        [
          "login",
          "--with-token",
          "--no-validate",
          "--account",
          name,
          "--repository",
          `acme/${name}`,
        ],
        { input: wine.site.accessToken({ workspace: "acme", repository: "api" }).secret },
      ),
    ),
  );
  expect(results.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
  const { stdout } = await wine.program(["status", "--json"]);
  const { accounts } = JSON.parse(stdout) as { accounts: { name: string }[] };
  expect(accounts.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
});

test("unconfigure leaves nothing behind", async () => {
  expect(await wine.program(["unconfigure"])).toMatchObject({ exitCode: 0, stderr: "" });
  await expect(ownLines()).rejects.toThrow("ENOENT");
  const config = await readFile(join(wine.home, ".gitconfig"), "utf8");
  expect(config).not.toContain("git-credential-bitbucket");
});
