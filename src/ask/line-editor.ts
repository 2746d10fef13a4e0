// One line typed or pasted into a raw terminal: keys in, echo and answer out. ECMA-48 for the sequences; xterm for pasted text.

/** More than any secret (10 kB) and less than a file pasted by mistake. */
const maxAnswerCharacters = 65_536;

const control = /\p{Cc}/u;
/** What the screen would obey or not show; in a hidden line it may be what is wrong with a token. */
const unseen = /[\p{C}\u2028\u2029]/u;

export interface LineStep {
  /** What the screen is to show for these keys; empty for hidden lines. */
  readonly echo: string;
  /** Set when the line is over. */
  readonly end?: { readonly answer: string } | "cancelled" | "too-long" | undefined;
  /** True for Ctrl-Z: the keys behind it are in rest. */
  readonly suspend?: boolean | undefined;
  /** Keys behind the one that ended the step. */
  readonly rest: string;
}

export interface LineEditor {
  /** @param keys as they came from the terminal, in any pieces. */
  feed(keys: string): LineStep;
  /** What the screen shows of the line, for writing it again. */
  shown(): string;
}

/**
 * Enter ends the line. Backspace, Ctrl-U and Ctrl-W erase; Ctrl-C, Ctrl-\ and Ctrl-D on an empty line cancel. Line ends
 * inside pasted text are left out: a token copied from two lines is whole again. Other control keys and sequences do nothing.
 */
export function editLine(hidden: boolean): LineEditor {
  let line: string[] = [];
  let tooLong = false;
  let sequence = ""; // an escape sequence that has begun, from its ESC on
  let pasting = false;

  const erase = (count: number): string => {
    line = line.slice(0, line.length - count);
    return hidden ? "" : "\b \b".repeat(count);
  };

  /** Takes one character of a sequence. */
  function continueSequence(character: string): void {
    sequence += character;
    if (sequence === "\x1b[" || sequence === "\x1bO") return;
    if (sequence.startsWith("\x1b[") && !/[\x40-\x7e]/u.test(character)) return;
    if (sequence === "\x1b[200~") pasting = true;
    if (sequence === "\x1b[201~") pasting = false;
    sequence = character === "\x1b" ? character : "";
  }

  function feed(keys: string): LineStep {
    // The Escape key by itself comes as a piece of its own: what follows is not part of a sequence.
    if (sequence === "\x1b" && !/^[[O]/u.test(keys)) sequence = "";
    let echo = "";
    let position = 0;
    const step = (end?: LineStep["end"]): LineStep => ({ echo, end, rest: keys.slice(position) });
    for (const character of keys) {
      position += character.length;
      if (sequence !== "") continueSequence(character);
      else if (character === "\x1b") sequence = character;
      else if (character === "\r" || character === "\n") {
        if (!pasting) return step(tooLong ? "too-long" : { answer: line.join("") });
      } else if (character === "\x03" || character === "\x1c") return step("cancelled");
      else if (character === "\x04") {
        if (line.length === 0 && !tooLong) return step("cancelled");
      } else if (character === "\x1a") return { ...step(), suspend: true };
      else if (character === "\x7f" || character === "\b") echo += erase(Math.min(1, line.length));
      else if (character === "\x15") echo += erase(line.length);
      else if (character === "\x17") echo += erase(lastWordLength(line));
      else if (!(hidden ? control : unseen).test(character)) {
        if (line.length < maxAnswerCharacters) line.push(character);
        else tooLong = true;
        if (!hidden) echo += character;
      }
    }
    return step();
  }

  return { feed, shown: () => (hidden ? "" : line.join("")) };
}

/** Blanks at the end and the word before them, as Ctrl-W of a terminal counts. */
function lastWordLength(line: readonly string[]): number {
  return /\S*\s*$/u.exec(line.join(""))?.[0].length ?? 0;
}
