// The end of the program at a real terminal.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { programScript } from "./support/project.ts";
import { openPty } from "./support/pty.ts";
import { openSandbox } from "./support/sandbox.ts";

test.each([
  ["git asks", "get"],
  ["a person runs", "help"],
])("what %s leaves the terminal as it is then, not as it was at its start", async (_who, word) => {
  const sandbox = await openSandbox();
  const { work, env } = sandbox;
  onTestFinished(() => sandbox.close());
  // Node has looked at the terminal before this is read.
  const mark = "const fs = require('fs'); fs.writeFileSync('started', '');";
  const wait =
    "while (!fs.existsSync('go')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);";
  await writeFile(join(work, "mark.cjs"), `${mark}\n${wait}\n`);
  const script = `
    modes=$(stty -g)
    stty raw -echo
    '${process.execPath}' --require ./mark.cjs '${programScript}' ${word} </dev/null >output &
    until [ -e started ]; do sleep 0.1; done
    stty "$modes"
    touch go
    wait`;
  const person = await openPty({ command: ["sh", "-c", script], env, cwd: work });
  const { modesBefore, modesAfter } = await person.ended();
  expect(modesAfter).toBe(modesBefore);
});

test("what Node warns its developers of is not told to a person", async () => {
  const sandbox = await openSandbox();
  onTestFinished(() => sandbox.close());
  // Later than the program's start, and before its end.
  const warn = `
    const look = setInterval(() => {
      if (process.mainModule?.loaded !== true) return;
      process.emitWarning("of a feature", "ExperimentalWarning");
      clearInterval(look);
    }, 1);`;
  const words = [
    "--import",
    `data:text/javascript,${encodeURIComponent(warn)}`,
    programScript,
    "status",
  ];
  const { stdout, stderr } = await sandbox.run(process.execPath, words);
  expect(stdout).not.toBe("");
  expect(stderr).toBe("");
});
