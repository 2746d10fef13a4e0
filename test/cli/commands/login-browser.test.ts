// login offers to open the page for tokens in a browser: where the person sits, when they say yes, and never otherwise.
import { access, chmod, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { openDesk } from "../../support/desk.ts";

const desk = openDesk();
const page = "https://id.atlassian.com/manage-profile/security/api-tokens";
const offer = "Open that page in the browser? (y/n) [n]: ";
const hiddenQuestion = "Token (not shown): ";
const log = () => join(desk.world.work, "opened");
const screen = { DISPLAY: ":0" };

/** The desktop's own program, as far as login sees it: it notes what it is started with. */
async function environment(more: Record<string, string>): Promise<Record<string, string>> {
  const folder = join(desk.world.work, "desktop");
  await mkdir(folder, { recursive: true });
  const program = join(folder, "xdg-open");
  await writeFile(
    program,
    `#!/bin/sh\n{ echo "$#:$*"; env; } >"${log()}.part" && mv "${log()}.part" "${log()}"\n`,
  );
  await chmod(program, 0o755);
  return { PATH: `${folder}:${desk.world.env["PATH"]}`, ...more };
}

const isOpened = () =>
  access(log()).then(
    () => true,
    () => false,
  );

beforeEach(async () => {
  await rm(log(), { force: true });
});

/** Ends a login at the question for the token. */
async function cancels(env: Record<string, string>, answer?: string): Promise<string> {
  const person = await desk.sits(["login"], { env });
  if (answer !== undefined) {
    await person.sees(offer);
    person.types(`${answer}\r`);
  }
  await person.sees(hiddenQuestion);
  person.types("\u0003");
  return (await desk.leaves(person, [])).screen;
}

test.each([[screen], [{ WAYLAND_DISPLAY: "wayland-0" }]])(
  "opens the page, and nothing but it, when the person says yes: %o",
  async (display) => {
    const env = await environment({ ...display, BITBUCKET_TOKEN: "of-the-environment-1" });
    const shown = await cancels(env, "y");
    await expect.poll(isOpened, { timeout: 20_000 }).toBe(true);
    const [command, ...variables] = (await readFile(log(), "utf8")).split("\n");
    expect(command).toBe(`1:${page}`);
    expect(variables.join("\n")).not.toContain("of-the-environment-1");
    expect(shown).toContain(`1. open ${page}\n`);
  },
);

test.each(["", "n", "no", "maybe"])("does not for the answer %j", async (answer) => {
  await cancels(await environment(screen), answer);
  expect(await isOpened()).toBe(false);
});

test("goes on with the login although the browser does not start", async () => {
  const env = await environment(screen);
  await writeFile(join(desk.world.work, "desktop/xdg-open"), "#!/no/such/interpreter\n");
  const { secret } = desk.world.site.accessToken({ workspace: "acme" });
  const person = await desk.sits(["login", "--workspace", "acme"], { env });
  await person.sees(offer);
  person.types("y\r");
  await person.sees(hiddenQuestion);
  person.types(`${secret}\r`);
  const end = await desk.leaves(person, [secret]);
  expect(end.screen).toContain("the token is stored as account 'acme'");
  expect(end.code).toBe(0);
});

describe("is not offered", () => {
  test.each([
    ["over ssh", { ...screen, SSH_CONNECTION: "192.0.2.1 50000 192.0.2.2 22" }],
    ["over ssh, by its terminal", { ...screen, SSH_TTY: "/dev/pts/1" }],
    ["without a screen", {}],
    ["with an empty name of a screen", { DISPLAY: "", WAYLAND_DISPLAY: "" }],
  ])("%s", async (_title, env) => {
    expect(await cancels(await environment(env))).not.toContain("browser");
    expect(await isOpened()).toBe(false);
  });

  test("where there is nothing to open it with", async () => {
    const tools = join(desk.world.work, "tools");
    await mkdir(tools);
    const git = (await desk.world.run("sh", ["-c", "command -v git"])).stdout.trim();
    await symlink(git, join(tools, "git"));
    const words = ["/usr/bin/env", `PATH=${tools}`, desk.world.front, "login"];
    const person = await desk.sitsAt(words, { env: screen });
    await person.sees(hiddenQuestion);
    person.types("\u0003");
    expect((await desk.leaves(person, [])).screen).not.toContain("browser");
  });

  test("in the middle of git's work", async () => {
    const env = await environment(screen);
    const url = "https://bitbucket.org/acme/api.git";
    const person = await desk.sitsAt(["git", "ls-remote", url], { env });
    await person.sees("git needs a Bitbucket token for bitbucket.org/acme/api.git");
    await person.sees(hiddenQuestion);
    person.types("\u0003");
    const end = await desk.leaves(person, []);
    expect(end.screen).toContain(page);
    expect(end.screen).not.toContain("browser");
    expect(await isOpened()).toBe(false);
  });
});
