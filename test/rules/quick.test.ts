// Which tests are quick: those that reach nothing that starts a program or opens a socket.
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { quickTests } from "../quick.ts";
import { projectRoot } from "../support/project.ts";
import { readGraph } from "./source-graph.ts";

const heavy = /^node:(?:child_process|net|https?|tls|worker_threads)$|^(?:execa|undici)$/u;

test("the quick tests are all that reach nothing heavy", async () => {
  const tests = readdirSync(`${projectRoot}test`, { recursive: true, encoding: "utf8" })
    .map((path) => `test/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".test.ts"));
  const graph = await readGraph(tests);
  const isQuick = (path: string): boolean => {
    const reached = new Set([path]);
    for (const file of reached) for (const { target } of graph.get(file) ?? []) reached.add(target);
    return [...reached].every((file) => !heavy.test(file));
  };
  expect(tests.filter(isQuick).toSorted()).toEqual([...quickTests].toSorted());
});
