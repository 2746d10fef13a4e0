// Bitbucket Cloud.
import type { Server } from "../server.ts";
import { doubtAbout } from "./doubt.ts";
import { restAuthorization } from "./identity.ts";
import { parseRepositoryPath } from "./repository-url.ts";
import { blockedByScopes } from "./scopes.ts";
import { instructions, shortInstructions, tokenPage } from "./token-instructions.ts";

export const cloud: Server = {
  name: "cloud",
  // Two names of one: git-lfs asks for the second, which redirects to the first.
  hosts: ["bitbucket.org", "www.bitbucket.org"],
  apiHost: "api.bitbucket.org",
  parsePath: parseRepositoryPath,
  blockedByScopes,
  restAuthorization,
  tokenPage,
  instructions,
  shortInstructions,
  doubtAbout,
};
