// What the daemon is left with: no descriptor and no secret of who started it, and no core. What an answer leaves: nothing.
import { readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { underLock } from "../support/lock-holder.ts";
import { answerFor, type DaemonHome, openDaemonHome, requestFor, token } from "./home.ts";

const api = requestFor("acme/api.git");
const numbers = [3, 9, 10, 15, 16, 17, 40, 200, 255, 1000];
let home: DaemonHome;

beforeEach(async () => {
  home = await openDaemonHome();
  await home.seed("acme");
});
afterEach(() => home.close());

async function getUnderLock(number: number, shell: string): Promise<string> {
  const command = [...shell.split(" "), home.front, "get"];
  const [program, args] = underLock(join(home.work, "caller-lock"), number, command);
  return (await home.run(program, args, { input: api })).stdout;
}

test.each(numbers)("a daemon that is started with descriptor %i open", async (number) => {
  expect(await getUnderLock(number, "sh")).toBe(`${answerFor(token("a"))}free 0\n`);
  const pid = await home.untilWarm();
  const target = await readlink(`/proc/${pid}/fd/${number}`).catch(() => "");
  expect(target).not.toContain("caller-lock");
});

test.each(["dash", "bash", "busybox sh", "zsh --emulate sh"])(
  "an answer from memory leaves nothing running, in %s",
  async (shell) => {
    await home.get(api);
    await home.untilWarm();
    for (const number of [...numbers, ...numbers])
      expect(await getUnderLock(number, shell)).toBe(`${answerFor(token("a"))}free 0\n`);
  },
);

test("the daemon leaves no core, and has no password of a proxy", async () => {
  const password = "p4ssw0rd-of-ada";
  const proxy = `http://ada:${password}@127.0.0.1:1`;
  const env = { HTTPS_PROXY: proxy, https_proxy: proxy, http_proxy: proxy, all_proxy: proxy };
  await home.get(api, { env });
  const pid = await home.untilWarm();
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, "latin1");
  expect(await read("coredump_filter")).toBe("00000000\n");
  expect(await read("limits")).toMatch(/^Max core file size +0 +0 /mu);
  expect(await read("environ")).not.toContain(password);
});
