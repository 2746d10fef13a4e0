// The pass store: one entry for each account under git-credential-bitbucket/ in the person's password store, through pass(1)
// itself. A refresh token is a line in its account's entry. docs/design.md, "Stores".
import { join } from "node:path";
import { keyOfRefresh } from "../../accounts/account.ts";
import { HelperError } from "../../errors.ts";
import { withLock } from "../../files/lock.ts";
import { Secret } from "../../secret.ts";
import { escapePath, unescapePath } from "./key-name.ts";
import { formatPassEntry, parsePassEntry, type PassEntry, relabel } from "./pass-entry.ts";
import { entriesBelow, hasEntry, passFolder, requirePassFolder, syncEntry } from "./pass-folder.ts";
import { findPass, type PassOptions, runPass, unavailable } from "./pass-program.ts";
import type { Store } from "./store.ts";

const folder = "git-credential-bitbucket";
/** Behind the name of an entry that is about to be replaced; escapePath() writes no such name. */
const unfinished = "%new";
/** One write of another process is up to four runs of pass. */
const lockMilliseconds = 30_000;

/** @param options.data our data folder: writes of ours wait for each other there. */
export function openPassStore(options: PassOptions & { readonly data: string }): Store {
  const root = (): string => passFolder(options.env);

  async function read(name: string): Promise<PassEntry | undefined> {
    // Without looking, pass would list a folder of that name.
    if (!(await hasEntry(root(), name))) return undefined;
    const text = (await runPass(options, ["show", name])).toString("utf8");
    // Deleted meanwhile: then that was such a list.
    return (await hasEntry(root(), name)) ? parsePassEntry(text) : undefined;
  }

  async function write(name: string, entry: PassEntry): Promise<void> {
    // gpg writes into the file itself: a kill in the middle would leave neither the old secret nor the new.
    const first = (await hasEntry(root(), name)) ? name + unfinished : name;
    await runPass(options, ["insert", "--multiline", "--force", first], formatPassEntry(entry));
    await syncEntry(root(), first);
    if (first === name) return;
    await runPass(options, ["mv", "--force", first, name]);
    await syncEntry(root(), name);
  }

  async function remove(name: string): Promise<boolean> {
    if (!(await hasEntry(root(), name))) return false;
    await runPass(options, ["rm", "--force", name]);
    if (!(await hasEntry(root(), name))) return true;
    throw unavailable("pass does not delete its entry", `pass rm ${name}`);
  }

  const alone = <T>(step: () => Promise<T>): Promise<T> =>
    withLock(join(options.data, "pass.lock"), step, lockMilliseconds);

  async function setRefresh(name: string, refreshToken: string | undefined): Promise<boolean> {
    const entry = await read(name);
    if (entry === undefined && refreshToken !== undefined)
      throw unavailable("the account's entry is not in pass", "git credential-bitbucket login");
    if (entry === undefined || entry.refreshToken === refreshToken) return false;
    await write(name, { ...entry, refreshToken });
    return true;
  }

  return {
    name: "pass",
    async get(key) {
      const of = keyOfRefresh(key);
      const name = nameOf(of ?? key);
      const entry = await read(name);
      // A file that was cut off opens as an empty one.
      if (entry?.token === "") throw damaged(name);
      const value = of === undefined ? entry?.token : entry?.refreshToken;
      return value === undefined ? undefined : new Secret(value);
    },
    async set(key, secret, label) {
      const of = keyOfRefresh(key);
      const value = oneLine(secret);
      await alone(async () => {
        const name = nameOf(of ?? key);
        await remove(name + unfinished);
        if (of !== undefined) {
          await setRefresh(name, value);
          return;
        }
        const former = await read(name);
        const others = relabel(former?.others ?? [], label);
        await write(name, { token: value, refreshToken: former?.refreshToken, others });
      });
    },
    async delete(key) {
      const of = keyOfRefresh(key);
      return await alone(async () => {
        if (of !== undefined) return await setRefresh(nameOf(of), undefined);
        await remove(nameOf(key) + unfinished);
        return await remove(nameOf(key));
      });
    },
    async list() {
      const keys = (await entriesBelow(root(), folder)).map(unescapePath);
      return keys.filter((key) => key !== undefined);
    },
  };
}

/** Resolves when there is a password store and a program for it. Throws HelperError `store-unavailable`. */
export async function probePass({ env }: PassOptions): Promise<void> {
  findPass(env);
  await requirePassFolder(passFolder(env));
}

function nameOf(key: string): string {
  return `${folder}/${escapePath(key)}`;
}

function oneLine(secret: Secret): string {
  const value = secret.reveal();
  if (value !== "" && !value.includes("\n")) return value;
  throw new HelperError("store-unavailable", "pass takes secrets of one line");
}

function damaged(name: string): HelperError {
  return unavailable(`the entry ${name} of pass is damaged`, "git credential-bitbucket login");
}
