// accounts: the names of the accounts, one a line, for completions. It asks nobody and reads no secret.
import { join } from "node:path";
import { isPlainName } from "../../accounts/account-name.ts";
import { openRegistry } from "../../accounts/registry.ts";
import type { Outside } from "../../outside.ts";
import { directories } from "../../files/directories.ts";
import type { CommandInput } from "../command.ts";

/** Shells expand what completions offer: a name that would mean something to them is left out. */
export async function run(_input: CommandInput, outside: Outside): Promise<number> {
  const { data } = directories(outside.env, outside.platform);
  const accounts = await openRegistry(join(data, "accounts.json")).read();
  const names = accounts.map(({ name }) => name).filter(isPlainName);
  outside.stdout.write(names.map((name) => `${name}\n`).join(""));
  return 0;
}
