// The folder that git stands in may be gone, closed to this user, or have a name that is no text: git gets its answer there
// as anywhere, and commands that start git work.
import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { openDaemonHome, answerFor, type DaemonHome, requestFor, token } from "../daemon/home.ts";

const setpriv = "setpriv --reuid=1000 --regid=1000 --clear-groups --";
let home: DaemonHome;

beforeEach(async () => {
  home = await openDaemonHome();
  onTestFinished(() => home.close());
  await home.seed("acme");
  await mkdir(join(home.work, "place"), { mode: 0o700 });
});

/** @param enter shell words that lead into the folder; @param as what comes before the program. */
async function expectAllWell(enter: string, as = ""): Promise<void> {
  const inPlace = async (args: string, input = "") => {
    const script = `${enter} && exec ${as} "$FRONT" ${args}`;
    const env = { FRONT: home.front };
    const place = { cwd: join(home.work, "place"), env, input };
    const result = await home.run("sh", ["-c", script], place);
    // The shell says so itself, whatever it runs.
    return {
      ...result,
      stderr: result.stderr.replaceAll(/^sh: 0: getcwd\(\) failed: .*\n/gmu, ""),
    };
  };
  const served = { stdout: answerFor(token("a")), stderr: "", exitCode: 0 };
  expect(await inPlace("get", requestFor("acme/api.git"))).toEqual(served);
  expect(await inPlace("daemon start")).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await inPlace("get", requestFor("acme/api.git"))).toEqual(served);
  expect(await inPlace("status")).toMatchObject({ exitCode: 0, stderr: "" });
  const { stdout, stderr } = await inPlace("doctor");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^ok +git +\d/mu);
  expect(stdout).toMatch(/^ok +settings /mu);
}

test("it is gone", () => expectAllWell("mkdir gone && cd gone && rmdir ../gone"));

test("its name is not UTF-8", () =>
  expectAllWell(`mkdir -p "$(printf 'f\\377')" && cd "$(printf 'f\\377')"`));

test.runIf(process.getuid?.() === 0)("it is closed to this user", async () => {
  for (const folder of [dirname(home.work), home.work]) await chmod(folder, 0o755);
  await home.run("chown", ["-R", "1000:1000", home.home, home.env["XDG_RUNTIME_DIR"] ?? ""]);
  await home.run("chown", ["1000", join(home.work, "node-starts")]);
  await expectAllWell(":", setpriv);
});
