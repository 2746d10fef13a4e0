// The parent from which `npm run bench` starts what it measures.
import { expect, test } from "vitest";
import { openLeanParent } from "./lean-parent.ts";

const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin" };

test("each run gets the input, and its output is told alone", async () => {
  const parent = openLeanParent(["cat"], "protocol=https\nhost=bitbucket.org\n", env);
  const outputs = [(await parent.run()).stdout, (await parent.run()).stdout];
  await parent.close();
  expect(outputs).toEqual(Array(2).fill("protocol=https\nhost=bitbucket.org\n"));
});

test("the program has no variable of the measurement, whose input may be a secret", async () => {
  const parent = openLeanParent(["env"], "password=secret\n", env);
  const { stdout } = await parent.run();
  await parent.close();
  expect(stdout).not.toContain("secret");
});

test("the program's starter is sh", async () => {
  const parent = openLeanParent(["sh", "-c", "ps -o comm= -p $PPID"], "", env);
  const { stdout } = await parent.run();
  await parent.close();
  expect(stdout).toBe("sh\n");
});

test("times are those of the program", async () => {
  const busy =
    "end=$(($(date +%s%N) / 1000000 + 300)); while [ $(($(date +%s%N) / 1000000)) -lt $end ]; do :; done";
  const parent = openLeanParent(["sh", "-c", busy], "", env);
  const { milliseconds } = await parent.run();
  const processor = await parent.close();
  expect(milliseconds).toBeGreaterThanOrEqual(300);
  expect(processor).toBeGreaterThan(20);
});

test("a program that is missing has no output, and ends", async () => {
  const parent = openLeanParent(["/nonexistent/program"], "", env);
  const { stdout } = await parent.run();
  await parent.close();
  expect(stdout).toBe("");
});
