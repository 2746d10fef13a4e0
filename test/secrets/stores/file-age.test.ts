// The file store and the age program read each other.
import { mkdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/secret.ts";
import { key, token, useFileHome } from "./file-home.ts";

const home = useFileHome();

describe("with the age program", () => {
  it("is read by it", async () => {
    await home().store.set(key, new Secret(token));
    expect(
      await home().sandbox.run("age", ["-d", "-i", home().identity, home().secretFile]),
    ).toEqual({
      stdout: token,
      stderr: "",
      exitCode: 0,
    });
  });

  it("reads what it encrypts to our recipient", async () => {
    await home().store.set(key, new Secret("before"));
    const recipient = /^# public key: (age1\w+)$/mu.exec(
      await readFile(home().identity, "utf8"),
    )?.[1];
    expect((await home().sandbox.run("age-keygen", ["-y", home().identity])).stdout).toBe(
      `${recipient}\n`,
    );
    await home().sandbox.run("age", ["-r", String(recipient), "-o", home().secretFile], {
      input: `${token}\n`,
    });
    expect((await home().store.get(key))?.reveal()).toBe(token);
  });

  it("uses an identity that age-keygen made", async () => {
    await mkdir(home().data, { recursive: true, mode: 0o700 });
    await home().sandbox.run("age-keygen", ["-o", home().identity]);
    const before = await readFile(home().identity, "utf8");
    await home().store.set(key, new Secret(token));
    expect(await readFile(home().identity, "utf8")).toBe(before);
    expect(
      (await home().sandbox.run("age", ["-d", "-i", home().identity, home().secretFile])).stdout,
    ).toBe(token);
  });
});
