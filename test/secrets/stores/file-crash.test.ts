// Processes at once, a full disk, a kill in the middle: the old secret or the new one, never less.
import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { Secret } from "../../../src/secret.ts";
import { openFileStore } from "../../../src/secrets/stores/file.ts";
import { buildWorker } from "../../support/worker.ts";
import { key, useFileHome } from "./file-home.ts";
import { buildStoreWorker, useElsewhere } from "./store-worker.ts";

const home = useFileHome();

it("shares one identity among processes that all use it for the first time", async () => {
  const worker = await buildStoreWorker(home().sandbox.work);
  const keys = ["1", "2", "3", "4", "5", "6"];
  await Promise.all(
    keys.map((name) =>
      useElsewhere(home().sandbox, worker, ["file", "set", name], { secret: `secret ${name}` }),
    ),
  );
  const secrets = await Promise.all(keys.map((name) => home().store.get(name)));
  expect(secrets.map((secret) => secret?.reveal())).toEqual(keys.map((name) => `secret ${name}`));
  expect((await readdir(home().data)).toSorted()).toEqual(["identity.txt", "secrets"]);
});

it("keeps the old secret, and nothing else, when the disk is full", async () => {
  const worker = await buildStoreWorker(home().sandbox.work);
  const disk = join(home().sandbox.work, "disk");
  await mkdir(disk);
  // A mount of its own, gone with the process; a user namespace lets anybody do so.
  const script = `
    mount -t tmpfs -o size=64k,mode=700 tmpfs "$1"
    export XDG_DATA_HOME="$1"
    printf old | "$2" "$3" file set work/1
    head -c 9000000 /dev/zero >"$1/ballast" 2>/dev/null
    head -c 10000 /dev/zero | tr '\\0' n | "$2" "$3" file set work/1
    rm "$1/ballast"
    "$2" "$3" file get work/1
    ls -A "$1/git-credential-bitbucket/secrets"`;
  const { stdout, stderr, exitCode } = await home().sandbox.run("unshare", [
    ...(process.getuid?.() === 0 ? [] : ["--map-root-user"]),
    "--mount",
    "sh",
    "-c",
    script,
    "sh",
    disk,
    process.execPath,
    worker,
  ]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  const [set, full, get, ...files] = stdout.trimEnd().split("\n");
  expect(set).toBe('{"value":null}');
  expect(JSON.parse(String(full))).toMatchObject({
    error: { code: "store-unavailable", message: expect.stringContaining("(the disk is full)") },
  });
  expect(get).toBe('{"value":"old"}');
  expect(files).toEqual(["work%2f1.age"]);
});

it("has the old or the new secret after any number of kills in the middle", async () => {
  const { sandbox, data, secrets, store } = home();
  const values = ["a", "b"].map((letter) => letter.repeat(10_000));
  await store.set(key, new Secret(String(values[0])));
  const writer = await buildWorker(
    sandbox.work,
    "writer",
    `import { Secret } from "./src/secret.ts";
     import { openFileStore } from "./src/secrets/stores/file.ts";
     const store = openFileStore(process.argv[2]);
     for (let round = 0; ; round += 1) {
       await store.set("${key}", new Secret("ab"[round % 2].repeat(10_000)));
       if (round === 1) console.log("ready");
     }`,
  );
  for (let round = 0; round < 12; round += 1) {
    const child = sandbox.start(process.execPath, [writer, data]);
    await once(child.stdout ?? child, "data");
    await sleep(round);
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
    expect(values).toContain((await openFileStore(data).get(key))?.reveal());
  }
  // Nothing of the killed ones remains once another has written.
  await store.set(key, new Secret("end"));
  expect((await store.get(key))?.reveal()).toBe("end");
  expect(await readdir(secrets)).toEqual(["work%2f0123456789ab.age"]);
});
