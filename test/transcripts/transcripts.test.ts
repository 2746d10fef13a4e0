// Every command's normal and failing outputs, as they stand in *.t. After a change that is meant, `npx vitest run
// test/transcripts -u` writes them anew; read the difference as the person who will see it.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { commands } from "../../src/cli/table.ts";
import { playTranscript } from "./stage.ts";

const folder = new URL("./", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".t"));

describe.each(files)("%s", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8");

  test("is what a person sees", { timeout: 120_000 }, async () => {
    const played = await playTranscript(text);
    await expect(played).toMatchFileSnapshot(name);
  });
});

test.each(commands.filter(({ isInternal }) => isInternal !== true))(
  "$name works and fails in a transcript",
  ({ name }) => {
    const all = files.map((file) => readFileSync(new URL(file, folder), "utf8")).join("\n");
    const blocks = all
      .split(/^\$ /mu)
      .filter((block) => block.startsWith(`git credential-bitbucket ${name}`));
    expect(blocks.some((block) => !/^\? /mu.test(block))).toBe(true);
    expect(blocks.some((block) => /^\? /mu.test(block))).toBe(true);
  },
);
