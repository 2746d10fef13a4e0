// Opens stores by name, each with its packages only when it is used. Spec, section 4.
import { HelperError } from "../errors.ts";
import type { Store, StoreName } from "./store.ts";

/** @param directory our data folder. Throws HelperError `store-unavailable` for a store that is not here. */
export async function openStore(name: StoreName, directory: string): Promise<Store> {
  if (name === "file") {
    const { openFileStore } = await import("./file.ts");
    return openFileStore(directory);
  }
  throw new HelperError("store-unavailable", `there is no ${name} store here`);
}

/** The store for a new account: the one the settings name, else the file store. */
export async function chooseStore(setting: StoreName | undefined, _directory: string): Promise<StoreName> {
  return setting ?? "file";
}
