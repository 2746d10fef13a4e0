import * as fc from "fast-check";
import { expect, test } from "vitest";
import { editLine } from "../../src/ask/line-editor.ts";

/** Feeds the pieces one after the other; resolves to the last step and all echo. */
function type(hidden: boolean, ...pieces: string[]) {
  const editor = editLine(hidden);
  let echo = "";
  for (const piece of pieces) {
    const step = editor.feed(piece);
    echo += step.echo;
    if (step.end !== undefined) return { end: step.end, echo, rest: step.rest };
  }
  return { end: undefined, echo, rest: "", shown: editor.shown() };
}

const answers: [title: string, keys: string[], answer: string][] = [
  ["Enter ends it", ["abc\r"], "abc"],
  ["a line feed ends it too", ["abc\n"], "abc"],
  ["an empty line is an answer", ["\r"], ""],
  ["pieces of any size", ["a", "b", "c", "\r"], "abc"],
  ["backspace", ["abd\x7fc\r"], "abc"],
  ["Ctrl-H", ["abd\bc\r"], "abc"],
  ["backspace on an empty line", ["\x7f\x7fabc\r"], "abc"],
  ["backspace takes a whole character", ["ab😀\x7fc\r"], "abc"],
  ["Ctrl-U", ["wrong\x15abc\r"], "abc"],
  ["Ctrl-W", ["abc wrong  \x17\x7f\r"], "abc"],
  ["Ctrl-D behind text", ["ab\x04c\r"], "abc"],
  ["marked paste", ["\x1b[200~abc\x1b[201~\r"], "abc"],
  ["marked paste with its line end", ["\x1b[200~abc\r\x1b[201~\r"], "abc"],
  ["a token copied from two lines", ["\x1b[200~ab\r\nc\x1b[201~\r"], "abc"],
  ["marks in pieces", ["\x1b", "[20", "0~abc\x1b[2", "01~\r"], "abc"],
  ["an arrow key", ["ab\x1b[Dc\r"], "abc"],
  ["a function key", ["ab\x1bOPc\r"], "abc"],
  ["a key with modifiers", ["ab\x1b[1;5Cc\r"], "abc"],
  ["Escape, then typing", ["\x1b", "abc\r"], "abc"],
  ["Escape, then an arrow key", ["\x1b\x1b[Aabc\r"], "abc"],
  ["a tab and other control characters", ["\ta\x00b\x0bc\r"], "abc"],
  ["blanks stay", [" a b \r"], " a b "],
  ["letters of all kinds", ["żółć\r"], "żółć"],
];

test.each(answers)("%s", (_title, keys, answer) => {
  expect(type(true, ...keys).end).toEqual({ answer });
  expect(type(false, ...keys).end).toEqual({ answer });
});

test.each([
  ["Ctrl-C", ["abc\x03"]],
  ["Ctrl-C in a marked paste", ["\x1b[200~ab\x03"]],
  ["Ctrl-\\", ["abc\x1c"]],
  ["Ctrl-D on an empty line", ["\x04"]],
  ["Ctrl-D after everything was erased", ["a\x7f\x04"]],
])("%s cancels", (_title, keys) => {
  expect(type(true, ...keys).end).toBe("cancelled");
});

test("shows what is typed and takes it back, unless it is hidden", () => {
  expect(type(false, "ab\x7fc\x15d\r").echo).toBe("ab\b \bc\b \b\b \bd");
  expect(type(true, "ab\x7fc\x15d\r").echo).toBe("");
  expect(type(false, "ab").shown).toBe("ab");
  expect(type(true, "ab").shown).toBe("");
});

test("leaves the keys behind Enter and behind Ctrl-Z", () => {
  expect(type(false, "ann\rbob\r").rest).toBe("bob\r");
  expect(editLine(true).feed("ab\x1ac\r")).toMatchObject({ suspend: true, rest: "c\r" });
});

test("takes 10 kB and more, and tells when it is more than any secret", () => {
  const secret = "x".repeat(60_000);
  expect(type(true, `${secret}\r`).end).toEqual({ answer: secret });
  expect(type(true, "x".repeat(65_537), "y".repeat(100_000), "\r").end).toBe("too-long");
});

test("never echoes a hidden line, whatever is typed", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (pieces) => {
      expect(type(true, ...pieces).echo).toBe("");
    }),
  );
});

test("gives the same answer however the keys come in pieces", () => {
  const keys = fc.array(
    fc.constantFrom("a", "é", "\x7f", "\x15", "\x1b[A", "\x1b[200~", "\x1b[201~", "\x1bOP", "\n"),
  );
  fc.assert(
    fc.property(keys, fc.infiniteStream(fc.integer({ min: 1, max: 3 })), (keys, sizes) => {
      const whole = `${keys.join("")}\x1b[201~\r`;
      const pieces: string[] = [];
      for (let start = 0; start < whole.length;) {
        const size = sizes.next().value;
        pieces.push(whole.slice(start, start + size));
        start += size;
      }
      expect(type(true, ...pieces).end).toEqual(type(true, whole).end);
    }),
  );
});
