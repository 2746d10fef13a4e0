import { expect, test } from "vitest";
import { openPty } from "./pty.ts";

const env = { PATH: "/usr/bin:/bin" };

test("shows what the program writes, types into it, and keeps its stdout apart", async () => {
  const person = await openPty({
    command: ["sh", "-c", 'printf "name? " >/dev/tty; read name; echo "hello $name"; exit 3'],
    env,
    stdout: "file",
  });
  await person.sees("name? ");
  person.types("ann\r");
  const end = await person.ended();
  expect(end).toMatchObject({ code: 3, screen: "name? ann\n", stdout: "hello ann\n" });
  expect(end.modesAfter).toBe(end.modesBefore);
});

test("hands stdin in while the terminal stays a terminal", async () => {
  const person = await openPty({
    command: ["sh", "-c", "cat >/dev/tty; stty -g </dev/tty >/dev/null"],
    env,
    stdin: "from stdin\n",
  });
  await person.sees("from stdin");
  expect((await person.ended()).code).toBe(0);
});

test("tells a mode that the program left changed", async () => {
  const person = await openPty({ command: ["stty", "-echo"], env });
  const end = await person.ended();
  expect(end.modesAfter).not.toBe(end.modesBefore);
});

test("says what stood on the screen when the text can no longer come", async () => {
  const person = await openPty({ command: ["echo", "other text"], env });
  await expect(person.sees("never")).rejects.toThrow("other text");
  await person.ended();
});

test("gives the program's own process id and tells of its death by a signal", async () => {
  const person = await openPty({ command: ["sleep", "60"], env });
  process.kill(await person.pid(), "SIGTERM");
  expect((await person.ended()).code).toBe(128 + 15);
});

test("closes the terminal under the program", async () => {
  const person = await openPty({
    command: ["sh", "-c", "trap 'exit 0' HUP; echo ready; while :; do sleep 0.1; done"],
    env,
  });
  await person.sees("ready");
  const pid = await person.pid();
  person.hangUp();
  await person.ended();
  await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
