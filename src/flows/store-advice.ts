// What to do when the store that a setting names cannot answer.
import type { HelperError } from "../errors.ts";
import { settings } from "../settings/setting-rows.ts";
import { otherStore } from "../secrets/stores/keychain-errors.ts";

export const useFileStore = `git config --global ${settings.store.key} file`;

/**
 * A store that is merely locked, or lacks a library, is mended; where there is none, the setting is what is wrong.
 * @param setBy the key or the variable that names the store.
 * @returns a command.
 */
export function storeSettingAdvice({ code, hint }: HelperError, setBy: string): string {
  const isMended = code === "store-locked" || hint !== otherStore;
  if (hint !== undefined && isMended) return hint;
  return setBy === settings.store.env ? `unset ${setBy}` : useFileStore;
}
