// What `login --command` takes: words as sh divides them, and nothing that only a shell does.
import { expect, test } from "vitest";
import { commandWords } from "../../src/processes/command-words.ts";

test.each([
  ["op read op://work/bitbucket/token", ["op", "read", "op://work/bitbucket/token"]],
  ["  op\tread  x ", ["op", "read", "x"]],
  [`bw get password 'a b'`, ["bw", "get", "password", "a b"]],
  [`a "b 'c' \\" d"e`, ["a", `b 'c' " de`]],
  [String.raw`a b\ c \$d`, ["a", "b c", "$d"]],
  [`a '$HOME | x' ''`, ["a", "$HOME | x", ""]],
  ["aws --query=SecretString x=y %", ["aws", "--query=SecretString", "x=y", "%"]],
])("%s", (text, words) => {
  expect(commandWords(text, "--command")).toEqual(words);
});

const shell =
  "--command is run without a shell: put what needs one into a script, or single quotes around it";

test.each([
  ["", "--command wants a program and its arguments"],
  ["''", "--command wants a program and its arguments"],
  ["op read x | head", shell],
  ["op read $X", shell],
  [`op read "$X"`, shell],
  ["op read `x`", shell],
  ["~/bin/op", shell],
  ["a > b", shell],
  ["a; b", shell],
  ["op 'read", "a quote in --command does not end"],
  [`op "read`, "a quote in --command does not end"],
  ["op 'a\nb'", "--command wants one line"],
])("%j is refused", (text, message) => {
  expect(() => commandWords(text, "--command")).toThrow(
    expect.objectContaining({ code: "usage", message }),
  );
});
