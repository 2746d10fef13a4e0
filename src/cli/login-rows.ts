// The options of login, which has the most: see table.ts.
import { choosableStores, choosableText } from "../store-names.ts";
import type { OptionRow } from "./command.ts";

export const loginRows: Readonly<Record<string, OptionRow>> = {
  "with-token": { type: "boolean", summary: "read the token from standard input, ask nothing" },
  account: {
    type: "string",
    value: "NAME",
    completes: "accounts",
    summary: "name of the account; an existing one is renewed",
  },
  email: { type: "string", value: "EMAIL", summary: "Atlassian account email of an API token" },
  username: { type: "string", value: "USERNAME", summary: "your Bitbucket username" },
  workspace: { type: "string", value: "W", summary: "use the token for this workspace" },
  project: { type: "string", value: "W/KEY", summary: "use the token for this project" },
  repository: { type: "string", value: "W/R", summary: "use the token for this repository" },
  expires: {
    type: "string",
    value: "DATE",
    completes: ["30d", "90d", "365d", "never"],
    summary: "when the token expires: 2027-11-22, 90d or never",
  },
  store: {
    type: "string",
    value: "STORE",
    completes: choosableStores,
    summary: `where to keep it: ${choosableText}`,
  },
  command: {
    type: "string",
    value: "COMMAND",
    summary: "have COMMAND print the token whenever it is needed, and keep it nowhere",
  },
  "no-validate": { type: "boolean", summary: "do not ask Bitbucket about the token" },
};
