// The passphrase of the file store, for those who put one on it. A new store gets none: it is asked for each time
// nothing remembers it, and whoever wants that encrypts identity.txt with `age -p`. docs/design.md, "Stores".
import { HelperError } from "../errors.ts";
import type { Outside } from "../outside.ts";
import { openTerminal } from "./terminal.ts";

/** Asks at the terminal. Throws HelperError `store-locked` where there is none, `cancelled` on Ctrl-C. */
export async function askPassphrase(
  occasion: "new" | "unlock" | "again",
  { platform }: Pick<Outside, "platform">,
): Promise<string> {
  if (occasion === "new") return "";
  const terminal = openTerminal(platform);
  if (terminal === undefined) {
    throw new HelperError(
      "store-locked",
      "the file store is protected by a passphrase, and there is no terminal to ask for it",
      { hint: "git credential-bitbucket status" },
    );
  }
  try {
    if (occasion === "again") terminal.write("That is not it.\n");
    return await terminal.ask("Passphrase of the file store (not shown): ", { hidden: true });
  } finally {
    terminal.close();
  }
}
