// A file store whose identity the age program put under a passphrase.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openDesk } from "../support/desk.ts";
import { openPty } from "../support/pty.ts";
import { seedAccount } from "../support/seed.ts";

const desk = openDesk();
const passphrase = "correct horse battery staple";
const question = "Passphrase of the file store (not shown): ";

let secret: string;

beforeEach(async () => {
  secret = desk.world.site.accessToken({ workspace: "acme" }).secret;
  await seedAccount(desk.world, secret, { name: "work", kind: "access-token" });
  await encryptIdentity();
});

/** `age -p`, as the manual says: it asks twice on the terminal. */
async function encryptIdentity(): Promise<void> {
  const store = join(desk.world.env["XDG_DATA_HOME"] ?? "", "git-credential-bitbucket");
  const script = join(desk.world.work, "encrypt.sh");
  await writeFile(
    script,
    'cd "$1" && age -p -o encrypted identity.txt && chmod 600 encrypted && mv encrypted identity.txt\n',
  );
  const person = await openPty({ command: ["sh", script, store], env: desk.world.env });
  await person.sees("Enter passphrase");
  person.types(`${passphrase}\r`);
  await person.sees("Confirm passphrase");
  person.types(`${passphrase}\r`);
  expect((await person.ended()).code).toBe(0);
}

test("git fetches after the passphrase, a wrong one being asked again", async () => {
  const person = await desk.sitsAt(["git", "ls-remote", "https://bitbucket.org/acme/api.git"]);
  await person.sees(question);
  person.types("wrong\r");
  await person.sees(`That is not it.\n${question}`);
  person.types(`${passphrase}\r`);
  const end = await desk.leaves(person, [secret, passphrase]);
  expect(end.screen).toContain("refs/heads/main");
  expect(end.code).toBe(0);
});

test("where nobody can be asked git gets nothing, and the reason is said", async () => {
  const { stdout, stderr } = await desk.runs(["get"], "protocol=https\nhost=bitbucket.org\n");
  expect(stdout).toBe("");
  expect(stderr).toContain("error: the file store is protected by a passphrase");
});
