// The form of transcripts.
import { expect, test } from "vitest";
import { formatStep, joinSteps, parseTranscript } from "./transcript.ts";

const text = `# What is tried
# in two lines
% T = api-token alice
$ git credential-bitbucket login --with-token
< $T
done

after an empty line
\\# no comment
! to standard error
!
! behind it
? 1

# Another
$ true
`;

const seen = {
  stdout: "done\n\nafter an empty line\n# no comment\n",
  stderr: "to standard error\n\nbehind it\n",
  exitCode: 1,
};

test("reads what to do, and not what came of it", () => {
  expect(parseTranscript(text)).toEqual([
    { kind: "text", lines: ["What is tried", "in two lines"] },
    { kind: "set-up", words: "T = api-token alice" },
    { kind: "command", command: "git credential-bitbucket login --with-token", input: ["$T"] },
    { kind: "text", lines: ["Another"] },
    { kind: "command", command: "true", input: [] },
  ]);
});

test("writes what it reads", () => {
  const outcomes = [undefined, undefined, seen, undefined, { stdout: "", stderr: "", exitCode: 0 }];
  const steps = parseTranscript(text).map((step, index) => ({
    kind: step.kind,
    lines: formatStep(step, outcomes[index]),
  }));
  expect(joinSteps(steps)).toBe(text);
});

test("shows that output ends in the middle of a line", () => {
  const [step] = parseTranscript("$ printf x\n");
  if (step === undefined) throw new Error("no step");
  const lines = formatStep(step, { stdout: "x", stderr: "", exitCode: null });
  expect(lines).toEqual(["$ printf x", "x", "\\ no line end", "? null"]);
});

test("refuses output without a command", () => {
  expect(() => parseTranscript("# text\noutput\n")).toThrow("no command comes before: output");
});
