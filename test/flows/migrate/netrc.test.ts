// The format of netrc: what is read of it, and that everything else survives byte for byte.
import { assert, constantFrom, array, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { type NetrcEntry, parseNetrc, withoutEntries } from "../../../src/flows/migrate/netrc.ts";

const ours = ({ machine }: NetrcEntry) => machine === "bitbucket.org";

function without(text: string): string {
  return withoutEntries(text, parseNetrc(text).filter(ours));
}

function logins(text: string) {
  return parseNetrc(text).map(({ machine, login, password, line }) => [
    machine,
    login,
    password,
    line,
  ]);
}

describe("reads", () => {
  test.each([
    ["machine a login b password c", [["a", "b", "c", 1]]],
    ["\n\tmachine\ta\n login b\r\n\tpassword\n\nc\n", [["a", "b", "c", 2]]],
    ["machine a password c login b account d", [["a", "b", "c", 1]]],
    ['machine a login "b b" password "c\\"\\\\\\td"', [["a", "b b", 'c"\\\td', 1]]],
    ["machine a login b password #c", [["a", "b", "#c", 1]]],
    ["# machine x login y password z\nmachine a # why\nlogin b password c", [["a", "b", "c", 2]]],
    [
      "machine a login b\nmachine c password d",
      [
        ["a", "b", undefined, 1],
        ["c", undefined, "d", 2],
      ],
    ],
    ["default login b password c", [[undefined, "b", "c", 1]]],
    ['machine a login "machine" password "default"', [["a", "machine", "default", 1]]],
    ["MACHINE a Login b PassWord c", [["a", "b", "c", 1]]],
    [
      "macdef m\nmachine x login y password z\n\nmachine a login b password c",
      [["a", "b", "c", 4]],
    ],
    ["machine a login b password c\nmacdef init\nmachine x\n", [["a", "b", "c", 1]]],
    ["machine", [["", undefined, undefined, 1]]],
    ["", []],
  ])("%j", (text, found) => {
    expect(logins(text)).toEqual(found);
  });
});

describe("is unclear", () => {
  test.each([
    "machine bitbucket.org login a password\nmachine github.com login b password c\n",
    "machine bitbucket.org login\nmachine github.com login b password c\n",
    "machine bitbucket.org login password c",
    "machine bitbucket.org login a password DEFAULT",
    "machine bitbucket.org login a password b password c",
    "machine bitbucket.org login a login b password c",
    "machine bitbucket.org login a port 22 password c",
    "machine bitbucket.org login a password",
    "machine bitbucket.org login a # password b\npassword c",
    "machine bitbucket.org login a password #b",
    "machine bitbucket.org login #a password b",
    "machine bitbucket.org macdef init\ncd /x\n\nlogin a password b",
    'machine bitbucket.org login a password "b',
    'machine bitbucket.org login a password "b\nc"',
    'machine bitbucket.org login a password "b"c',
  ])("%j", (text) => {
    const [first, ...others] = parseNetrc(text);
    expect(first).toMatchObject({ machine: "bitbucket.org", isClear: false });
    expect(others.filter(({ isClear }) => !isClear)).toEqual([]);
  });
});

test("behind a quote that does not end everything is unclear", () => {
  const text = 'machine a login "b\nmachine bitbucket.org login c password d\n';
  expect(parseNetrc(text).map(({ isClear }) => isClear)).toEqual([false, false]);
});

test("a letter's bytes are no blank", () => {
  const password = Buffer.from("pàss", "utf8").toString("latin1");
  expect(logins(`machine a login b password ${password}`)).toEqual([["a", "b", password, 1]]);
});

describe("takes out", () => {
  test.each([
    ["machine bitbucket.org login a password b\n", ""],
    ["machine bitbucket.org login a password b", ""],
    [
      "machine bitbucket.org\r\n\tlogin a\r\n\tpassword b\r\nmachine c login d password e\r\n",
      "machine c login d password e\r\n",
    ],
    [
      "machine a login b password c machine bitbucket.org login d password e\n",
      "machine a login b password c\n",
    ],
    [
      "machine bitbucket.org login d password e machine a login b password c\n",
      "machine a login b password c\n",
    ],
    ["# one\nmachine bitbucket.org login a password b # two\n# three\n", "# one\n# two\n# three\n"],
    ["machine bitbucket.org login a password b extra\nmachine c\n", "machine c\n"],
    // Without its machine the macro would be the machine's before.
    [
      "machine a login b password c\nmachine bitbucket.org login d\n  password e\nmacdef init\ncd /x\n\nmachine f\n",
      "machine a login b password c\nmachine bitbucket.org\nmacdef init\ncd /x\n\nmachine f\n",
    ],
  ])("%j", (before, after) => {
    expect(without(before)).toBe(after);
  });

  test("nothing else, whatever stands before and behind", () => {
    const foreign = constantFrom(
      "machine github.com login ada password x\n",
      'machine example.com\n\tlogin "a b"\n\n\tpassword y\n',
      "# bitbucket.org is not here\n",
      "default login anonymous password me@example.com\n",
      "\n",
      "machine ftp.example.com login a password b\nmacdef up\nput machine bitbucket.org login x password y\n\n",
      "  \t\n",
    );
    const entry = constantFrom(
      "machine bitbucket.org login alice password ATBBx\n",
      'machine bitbucket.org\n  login alice\n  password "AT BB"\n',
      "machine bitbucket.org password x account y login z\n",
    );
    assert(
      property(
        array(foreign),
        entry,
        array(foreign),
        entry,
        array(foreign),
        (one, a, two, b, three) => {
          const text = [...one, a, ...two, b, ...three].join("");
          expect(without(text)).toBe([...one, ...two, ...three].join(""));
        },
      ),
    );
  });

  test("everything of ours: a second look finds no password", () => {
    const words = constantFrom(
      "machine",
      "bitbucket.org",
      "login",
      "password",
      "account",
      "x",
      '"y z"',
      "default",
      "#",
      "macdef",
    );
    const blanks = constantFrom(" ", "\n", "\t", "\r\n", "\n\n");
    assert(
      property(array(words), array(blanks, { minLength: 1 }), (some, between) => {
        const text = some.map((word, at) => word + (between[at % between.length] ?? " ")).join("");
        const rest = parseNetrc(without(text)).filter(ours);
        expect(rest.filter(({ password }) => password !== undefined)).toEqual([]);
      }),
    );
  });
});
