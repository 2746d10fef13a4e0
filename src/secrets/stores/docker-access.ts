// What docker's helpers do not tell: one for a locked keyring waits for a dialog, one without a password store has "no secret".
import type { DockerStoreName } from "../../store-names.ts";
import { keyringAccess, type AccessOptions } from "./keyring-access.ts";
import { passFolder, requirePassFolder } from "./pass-folder.ts";

/** Each throws HelperError `store-locked` or `store-unavailable` where the helper cannot answer. */
export interface DockerAccess {
  /** @returns false when there surely is no secret under the address; of ours at all when none is given. */
  mayHold(address?: string): Promise<boolean>;
  refuseUnwritable(): Promise<void>;
}

export function dockerAccess(name: DockerStoreName, options: AccessOptions): DockerAccess {
  if (name === "docker-credential-secretservice") return keyringAccess(attributesOf, options);
  const requireStore = async (): Promise<void> => {
    if (name === "docker-credential-pass") await requirePassFolder(passFolder(options.env));
  };
  return {
    async mayHold() {
      await requireStore();
      return true;
    },
    refuseUnwritable: requireStore,
  };
}

/** As that helper writes them: secretservice/secretservice_linux.c. */
function attributesOf(address?: string): Readonly<Record<string, string>> {
  const schema = { "xdg:schema": "io.docker.Credentials" };
  return address === undefined ? schema : { ...schema, server: address };
}
