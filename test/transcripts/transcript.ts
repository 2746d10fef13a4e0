// Transcripts: what a person types and sees, word for word. A file is lines:
//
//   # a comment
//   % ALICE = api-token alice            set-up, see stage.ts
//   $ git credential-bitbucket login --with-token
//   < $ALICE                             standard input, a line each; none: it is empty
//   output                               standard output; a line that begins like another kind has a \ before it
//   ! git-credential-bitbucket: error:   standard error
//   ? 1                                  the exit code, when it is not 0
//
// Only comments, set-up, commands and input are read; the rest is what comes out, written in one way only.
export type Step =
  | { readonly kind: "text"; readonly lines: readonly string[] }
  | { readonly kind: "set-up"; readonly words: string }
  | { readonly kind: "command"; readonly command: string; readonly input: readonly string[] };

/** What a command did, as it is written. */
export interface Seen {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Throws when input or output comes before any command. */
export function parseTranscript(text: string): readonly Step[] {
  const steps: Step[] = [];
  for (const line of text.split("\n")) {
    const last = steps.at(-1);
    const rest = line.slice(2);
    if (line.startsWith("# ")) {
      if (last?.kind === "text")
        steps.splice(-1, 1, { kind: "text", lines: [...last.lines, rest] });
      else steps.push({ kind: "text", lines: [rest] });
    } else if (line.startsWith("% ")) steps.push({ kind: "set-up", words: rest });
    else if (line.startsWith("$ ")) steps.push({ kind: "command", command: rest, input: [] });
    else if (line !== "" && last?.kind !== "command")
      throw new Error(`no command comes before: ${line}`);
    else if (line.startsWith("< ") && last?.kind === "command")
      steps.splice(-1, 1, { ...last, input: [...last.input, rest] });
  }
  return steps;
}

/** @returns the lines of one step, the way they stand in a file. */
export function formatStep(step: Step, seen?: Seen): readonly string[] {
  switch (step.kind) {
    case "text":
      return step.lines.map((line) => `# ${line}`);
    case "set-up":
      return [`% ${step.words}`];
    case "command":
      return [
        `$ ${step.command}`,
        ...step.input.map((line) => `< ${line}`),
        ...(seen === undefined ? [] : formatSeen(seen)),
      ];
  }
}

function formatSeen({ stdout, stderr, exitCode }: Seen): readonly string[] {
  return [
    ...linesOf(stdout).map(escaped),
    ...linesOf(stderr).map((line) => `! ${line}`.trimEnd()),
    ...(exitCode === 0 ? [] : [`? ${exitCode}`]),
  ];
}

function escaped(line: string): string {
  return line !== noLineEnd && /^(?:[#%$<!?] |\\)/u.test(line) ? `\\${line}` : line;
}

const noLineEnd = "\\ no line end";

/** Every line of a program's output ends; one that does not is shown to. */
function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  return text.endsWith("\n") ? text.slice(0, -1).split("\n") : [...text.split("\n"), noLineEnd];
}

/** Puts steps together, with an empty line behind each command and before each comment. */
export function joinSteps(
  steps: readonly { readonly kind: Step["kind"]; readonly lines: readonly string[] }[],
): string {
  const parts = steps.map(({ kind, lines }, index) => {
    const before = steps[index - 1]?.kind;
    const isApart = before === "command" || (before !== undefined && kind === "text");
    return `${isApart ? "\n" : ""}${lines.join("\n")}\n`;
  });
  return parts.join("");
}
