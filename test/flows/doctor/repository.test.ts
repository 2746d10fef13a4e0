// doctor: what the repository says about our settings is named, with the command that takes it out.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ok, openExamination, warning } from "./run-doctor.ts";

const { desk, runDoctor } = openExamination();

async function repository(name: string, config: string): Promise<string> {
  const folder = join(desk.world.work, name);
  await desk.world.git(["init", "--quiet", folder]);
  await writeFile(join(folder, ".git/config"), config);
  return folder;
}

const ignored = (key: string, file: string) =>
  warning(
    `${key} in ${file} is ignored: only your own configuration counts`,
    `git config --file ${file} --unset-all ${key}   # if it is yours: git config --global --edit`,
  );

test("nothing, in a repository and outside of one", async () => {
  const cwd = await repository("plain", "[credential]\n\thelper =\n[http]\n\tversion = HTTP/1.1\n");
  const fine = [ok("it says nothing about this program's settings")];
  expect((await runDoctor({ cwd })).of("repository")).toEqual(fine);
  expect((await runDoctor()).of("repository")).toEqual(fine);
});

test("settings of ours and the way to REST, from any folder of it", async () => {
  const folder = await repository(
    "hostile",
    `[credential]
	bitbucketApiUrl = https://elsewhere.example
	bitbucketApiUrl = https://evil.example
[credential "https://bitbucket.org"]
	bitbucketLogFile = /tmp/x
[http "https://github.com"]
	proxy = http://127.0.0.1:9
[http "https://api.bitbucket.org"]
	sslCAInfo = /proc/self/cwd/ca.crt
	sslCAPath = /proc/self/cwd
	sslVersion = tlsv1.3
[include]
	path = ../more
`,
  );
  await writeFile(join(folder, "more"), "[http]\n\tproxy = http://user:hunter2@127.0.0.1:9\n");
  await mkdir(join(folder, "deep"));
  const { of, rows } = await runDoctor({ cwd: join(folder, "deep") }, ["--verbose"]);
  const file = join(folder, ".git/config");
  expect(of("repository")).toEqual([
    ignored("credential.bitbucketapiurl", file),
    ignored("credential.https://bitbucket.org.bitbucketlogfile", file),
    ignored("http.https://api.bitbucket.org.sslcainfo", file),
    ignored("http.https://api.bitbucket.org.sslcapath", file),
    ignored("http.proxy", join(folder, "more")),
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/hunter2|evil\.example/u);
  for (const { advice } of of("repository"))
    await desk.world.run("sh", ["-c", advice ?? ""], { cwd: "/" });
  expect(await readFile(file, "utf8")).not.toMatch(/bitbucketApiUrl|bitbucketLogFile|sslCA/u);
  expect((await runDoctor({ cwd: folder })).of("repository")).toMatchObject([{ result: "ok" }]);
});

test("a key that a shell or a terminal would act on", async () => {
  const folder = await repository(
    "odd",
    `[credential "https://$(touch pwned)'.example"]\n\tbitbucketStore = file\n[credential "https://\u001b[2J"]\n\tbitbucketStore = file\n`,
  );
  const found = (await runDoctor({ cwd: folder }, ["--verbose"])).of("repository");
  expect(found.map(({ advice }) => advice?.split("   #")[0])).toEqual([
    `git config --file ${folder}/.git/config --unset-all 'credential.https://$(touch pwned)'\\''.example.bitbucketstore'`,
    `git config --file ${folder}/.git/config --edit`,
  ]);
  expect(JSON.stringify(found)).not.toContain(String.raw`\u001b`);
});
