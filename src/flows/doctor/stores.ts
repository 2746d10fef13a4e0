// Whether secrets can be kept: one is written, read, compared and deleted in every store in use.
import { randomBytes } from "node:crypto";
import { access, mkdtemp, mkdir, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HelperError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { storeSettingAdvice, useFileStore } from "../store-advice.ts";
import { findOrphans } from "../../secrets/orphans.ts";
import type { Store } from "../../secrets/stores/store.ts";
import type { StoreName } from "../../store-names.ts";
import { directories } from "../../files/directories.ts";
import { requireOwnPlace } from "../../files/own-place.ts";
import { isLocked, lockedMessage, unlockCommand } from "../../secrets/lock.ts";
import { failed, type Finding, ok, skipped, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";

export async function checkStores(context: DoctorContext): Promise<readonly Finding[]> {
  // Nothing could be read back.
  if (isLocked(dataFolder(context)))
    return [warning(`${lockedMessage}: git gets none of them`, unlockCommand)];
  const { chooseStore, settings } = await context.flow();
  const accounts = await context.accounts();
  const chosen = await chooseStore();
  const names = new Set([chosen, ...accounts.map(({ store }) => store)]);
  const findings = await Promise.all([...names].map((name) => tryStore(name, context)));
  const reason = settings.store === undefined && chosen === "file" && !names.has("keychain");
  return reason ? [...findings, await whyNoKeychain(context)] : findings;
}

async function tryStore(name: StoreName, context: DoctorContext): Promise<Finding> {
  try {
    if (name === "file") return await tryFiles(context);
    if (name === "command") return await tryCommands(context);
    return await tryOpened(await (await context.flow()).openStore(name));
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    const { store, storeSetBy } = (await context.flow()).settings;
    if (storeSetBy === undefined || store !== name)
      return failed(`${name}: ${error.message}`, error.hint ?? useFileStore);
    return failed(
      `${storeSetBy} says ${name}, but ${error.message}`,
      storeSettingAdvice(error, storeSetBy),
    );
  }
}

async function tryFiles(context: DoctorContext): Promise<Finding> {
  if (!(await hasIdentity(context))) {
    await tryWithoutIdentity(context);
    return ok(tried("file"));
  }
  const flow = await context.flow();
  const { length } = await findOrphans(flow);
  // Marked, so that nobody takes the trial for an orphan.
  const finding = await flow.registry.whileKeeping("file\n", async () =>
    tryOpened(await flow.openStore("file")),
  );
  if (length === 0) return finding;
  const secrets = length === 1 ? "1 secret" : `${length} secrets`;
  return warning(
    `file: ${secrets} that no account names`,
    `ls -l ${shellWord(join(dataFolder(context), "secrets"))}`,
  );
}

/** Each must print a token; what it is worth is another check's. */
async function tryCommands(context: DoctorContext): Promise<Finding> {
  const accounts = (await context.accounts()).filter(({ store }) => store === "command");
  const store = await (await context.flow()).openStore("command");
  for (const { secretKey } of accounts) await store.get(secretKey);
  const { length } = accounts;
  return ok(
    `command: ${length === 1 ? "1 command prints its token" : `${length} commands print their tokens`}`,
  );
}

async function tryOpened(store: Store): Promise<Finding> {
  if (store.isReadOnly !== true) {
    await roundTrip(store);
    return ok(tried(store.name));
  }
  const { length } = await store.list();
  return ok(`${store.name}: it answers, and has ${length} ${length === 1 ? "secret" : "secrets"}`);
}

function tried(name: StoreName): string {
  return `${name}: a secret was written, read, compared and deleted`;
}

/** Throws what the store throws, and HelperError `store-unavailable` when it does not keep what it is given. */
async function roundTrip(store: Store): Promise<void> {
  const key = `doctor/${randomBytes(6).toString("hex")}`;
  const written = new Secret(randomBytes(32).toString("base64url"));
  await store.set(key, written);
  const read = await store.get(key).catch((error: unknown) => error);
  const isDeleted = await store.delete(key);
  if (read instanceof Error) throw read;
  if (!(read instanceof Secret) || !read.equals(written))
    throw new HelperError("store-unavailable", "it gives back something else than was written");
  if (!isDeleted || (await store.get(key)) !== undefined)
    throw new HelperError("store-unavailable", "it does not delete what it is told to");
}

function dataFolder({ outside }: DoctorContext): string {
  return directories(outside.env, outside.platform).data;
}

/** Not by a call that holds up every other check where the disk does not answer. */
async function hasIdentity(context: DoctorContext): Promise<boolean> {
  return await access(join(dataFolder(context), "identity.txt")).then(
    () => true,
    () => false,
  );
}

/** Looking at the store must not make an identity: it is tried in a folder beside the one it will have, which goes again. */
async function tryWithoutIdentity(context: DoctorContext): Promise<void> {
  const { openFileStore } = await import("../../secrets/stores/file.ts");
  const data = dataFolder(context);
  if ((await openFileStore(data).list()).length > 0)
    throw new HelperError("store-unavailable", "identity.txt is gone, so no secret can be opened", {
      hint: `ls -la ${shellWord(data)}`,
    });
  const parent = dirname(data);
  requireOwnPlace(parent);
  const made = await inFolder(() => mkdir(parent, { recursive: true, mode: 0o700 }));
  const scratch = await inFolder(() => mkdtemp(join(parent, ".git-credential-bitbucket-doctor-")));
  try {
    await roundTrip(openFileStore(scratch));
  } finally {
    await rm(scratch, { recursive: true, force: true });
    if (made !== undefined) await removeEmpty(parent, made);
  }
}

/** From the innermost to the outermost that was made; one that somebody has put something into stays. */
async function removeEmpty(folder: string, outermost: string): Promise<void> {
  for (let path = folder; path.length >= outermost.length; path = dirname(path)) {
    const isGone = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}

async function inFolder<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const { code, path = "" } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new HelperError("store-unavailable", `${path} cannot be made (${code})`, {
      hint: `ls -ld ${shellWord(dirname(path))}`,
      cause: error,
    });
  }
}

async function whyNoKeychain({ outside }: DoctorContext): Promise<Finding> {
  const { probeKeychain } = await import("../../secrets/stores/keychain.ts");
  const { env, platform } = outside;
  try {
    await probeKeychain({ env, platform, unlock: "never" });
    return ok("keychain: it answers");
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    return skipped(`${error.message}; new secrets go to the file store`);
  }
}
