// What doctor's mask hides, and what it leaves: a common word is no name, and a command stays one.
import { describe, expect, test } from "vitest";
import { openMask } from "../../../src/flows/doctor/mask.ts";

const words = {
  accounts: ["work", "git", "bitbucket"],
  users: ["ada", "git", "work"],
  emails: ["ada@example.com"],
  hosts: ["adas-laptop", "proxy.example.com:3128", "proxy.example.com"],
};
const hide = (text: string) => openMask(words, ["/home/ada"])(text);

describe.each([
  // text, shown
  ["account 'work' is expired", "account 1 is expired"],
  ["account 'bitbucket' is expired", "account 3 is expired"],
  [
    "run: git credential-bitbucket login --account work",
    "run: git credential-bitbucket login --account ACCOUNT-1",
  ],
  ["this does not work with git", "this does not work with git"],
  ["not of ada@example.com", "not of EMAIL"],
  ["not of ADA@EXAMPLE.COM", "not of EMAIL"],
  ["/media/ada/stick is full", "/media/USER/stick is full"],
  ["the canada of it", "the canada of it"],
  ["ada@elsewhere.example", "USER@elsewhere.example"],
  ["the proxy proxy.example.com:3128 hung up", "the proxy HOST hung up"],
  ["adas-laptop answers", "HOST answers"],
  ["git and bitbucket", "git and bitbucket"],
])("%j", (text, shown) => {
  test(`is shown as ${shown}`, () => {
    expect(hide(text)).toEqual({ text: shown, incomplete: text !== shown });
  });

  test("stays as it is with nothing to hide", () => {
    expect(openMask(undefined, ["/home/ada"])(text)).toEqual({ text, incomplete: false });
  });
});

describe.each([
  ["chmod 600 /home/ada/file", "chmod 600 ~/file"],
  ["chmod 600 '/home/ada/a file'", "chmod 600 ~/'a file'"],
  ["ls -la '/home/ada'", "ls -la ~"],
  ["/home/ada is full", "~ is full"],
  ["/home/adamant/file", "/home/adamant/file"],
  ["/backup/home/ada/file", "/backup/home/ada/file"],
  ['export PATH=/home/ada/bin:"$PATH"', 'export PATH=~/bin:"$PATH"'],
])("%j", (text, shown) => {
  test(`is ${shown}, and still a command`, () => {
    expect(openMask(undefined, ["/home/ada"])(text)).toEqual({ text: shown, incomplete: false });
  });
});

test.each(["/home/a-b.c (d)", "/home/[x]+$"])("a home of odd letters, %s", (home) => {
  expect(openMask(undefined, [home])(`${home}/file`).text).toBe("~/file");
});

test("a home that is everywhere is no home", () => {
  expect(openMask(undefined, ["/", ""])("/etc/gitconfig").text).toBe("/etc/gitconfig");
});

test("tokens and control characters never come through", () => {
  const token = `ATATT3xFfGF0${"x".repeat(40)}`;
  const { text } = openMask(undefined, [])(`a ${token} b \u001b[2J`);
  expect(text).not.toContain("xxxx");
  expect(text).not.toContain("\u001b");
});
