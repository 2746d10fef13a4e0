import { expect, test } from "vitest";
import { systemFailure } from "../../src/screen/system-failure.ts";

const made = (fields: object): Error => Object.assign(new Error("made by the system"), fields);

test.each([
  [{ code: "EIO", syscall: "open", path: "/a b" }, "cannot open /a b (EIO)", "dmesg | tail"],
  [
    { code: "EROFS", syscall: "mkdir", path: "/a b" },
    "cannot mkdir /a b (EROFS)",
    "findmnt --target '/a b'",
  ],
  [
    { code: "ENOSPC", syscall: "rename", path: "/a.new", dest: "/a" },
    "cannot rename /a (ENOSPC)",
    "df -h /a",
  ],
  [{ code: "EACCES", syscall: "scandir", path: "/a" }, "cannot scandir /a (EACCES)", "ls -ld /a"],
  [{ code: "EIO", syscall: "fsync" }, "the system refuses fsync (EIO)", "dmesg | tail"],
])("%j is told as %j", (fields, message, hint) => {
  expect(systemFailure(made(fields))).toMatchObject({ code: "system", message, hint });
});

test.each([[{}], [{ code: "EIO" }], [{ code: "ENOENT", syscall: "open", path: "/a" }]])(
  "%j stays a bug of ours",
  (fields) => {
    expect(systemFailure(made(fields))).toBeUndefined();
  },
);
