// Who may write where: root, a person (uid 1000) and another user (65534), with real owners.
import { chmod, chown, mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { buildWorker } from "../support/worker.ts";

const [root, person, other] = [0, 1000, 65_534];
let sandbox: Sandbox;
let script: string;
beforeEach(async () => {
  sandbox = await openSandbox();
  if (process.getuid?.() === 0) await chmod(dirname(sandbox.work), 0o755);
  await chmod(sandbox.work, 0o755);
  script = await buildWorker(
    sandbox.work,
    "writer",
    `import { writeFileAtomically } from "./src/files/files.ts";
     import { withLock } from "./src/files/lock.ts";
     import { isFirstToday } from "./src/files/once-a-day.ts";
     const [, , what, path] = process.argv;
     const acts = {
       write: () => writeFileAtomically(path, "ours"),
       lock: () => withLock(path, async () => {}, 100),
       once: async () => { if (!(await isFirstToday(path, "x", 0))) throw { message: "no", hint: "no" }; },
     };
     const said = await acts[what]().then(() => "done", ({ message, hint }) => message + "\\n" + hint);
     console.log(said);`,
  );
});
afterEach(() => sandbox.close());

const inWork = (name: string): string => join(sandbox.work, name);

async function folder(name: string, owner: number | undefined, mode = 0o755): Promise<string> {
  await mkdir(inWork(name));
  await chown(inWork(name), owner ?? 0, owner ?? 0);
  await chmod(inWork(name), mode);
  return inWork(name);
}

async function act(user: number | undefined, what: string, path: string): Promise<string> {
  const as = [`--reuid=${user}`, `--regid=${user}`, "--clear-groups", "--"];
  const { stdout } = await sandbox.run("setpriv", [...as, process.execPath, script, what, path]);
  return stdout.trimEnd();
}

const foreign = (path: string, uid: number | undefined, hint: string): string =>
  `${path} belongs to another user (uid ${uid})\n${hint}`;
const mend = (left: string): string =>
  `sudo chown -R "$(id -un)" '${left.replace("'", String.raw`'\''`)}'`;
const asRoot = "sudo -H git credential-bitbucket status";

test.runIf(process.getuid?.() === 0)("root makes nothing in a person's folder", async () => {
  const home = await folder("home", person);
  for (const path of [join(home, "file"), join(home, "a/b/file")])
    for (const what of ["write", "lock"])
      expect(await act(root, what, path)).toBe(foreign(home, person, asRoot));
  expect(await act(root, "once", join(home, "a"))).toBe("no\nno");
  await chmod(home, 0o1777);
  expect(await act(root, "write", join(home, "file"))).toBe(foreign(home, person, asRoot));
  expect(await readdir(home)).toEqual([]);
});

test.runIf(process.getuid?.() === 0)("nor behind a link", async () => {
  const home = await folder("home", person);
  const own = await folder("own", root);
  await symlink(home, join(own, "link"));
  const path = join(own, "link/a/file");
  expect(await act(root, "write", path)).toBe(foreign(join(own, "link"), person, asRoot));
  expect(await readdir(home)).toEqual([]);
});

test.runIf(process.getuid?.() === 0)("anybody writes where everybody may", async () => {
  const shared = await folder("shared", root, 0o1777);
  const theirs = await folder("theirs", other, 0o1777);
  for (const at of [shared, theirs]) {
    const path = join(at, "a/file");
    expect(await act(person, "write", path)).toBe("done");
    const { uid, mode } = await stat(path);
    expect([uid, mode & 0o777]).toEqual([person, 0o600]);
  }
});

test.runIf(process.getuid?.() === 0)("but not in another user's folder that is open", async () => {
  const theirs = await folder("theirs", other, 0o777);
  const said = await act(person, "write", join(theirs, "a/file"));
  expect(said).toBe(foreign(theirs, other, `ls -ld ${theirs}`));
  expect(await readdir(theirs)).toEqual([]);
});

test.runIf(process.getuid?.() === 0)("what root left in a person's folder is told of", async () => {
  const home = await folder("it's home", person);
  const path = join(home, "file");
  await writeFile(path, "root's", { mode: 0o644 });
  expect(await act(person, "write", path)).toBe(foreign(path, root, mend(path)));
  await mkdir(join(home, "lock"), { mode: 0o700 });
  await writeFile(join(home, "lock/holder"), "");
  const lock = join(home, "lock");
  expect(await act(person, "lock", lock)).toBe(foreign(lock, root, mend(lock)));
  await mkdir(join(home, "closed"), { mode: 0o700 });
  const closed = join(home, "closed");
  expect(await act(person, "write", join(closed, "a/b"))).toBe(foreign(closed, root, mend(closed)));
});
