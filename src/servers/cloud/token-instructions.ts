// How a person makes a token that works. docs/bitbucket.md, "Scopes".
import { tokenKinds } from "../token-kind.ts";

/** To fetch, to push, and to be checked: API tokens' scopes do not imply each other. */
const scopesToTick = [
  "read:repository:bitbucket",
  "write:repository:bitbucket",
  "read:user:bitbucket",
];

export const tokenPage = tokenKinds["api-token"].made;

/** For `login`: every step. Atlassian's page has two buttons, and tokens of the other one never work here. */
export const instructions = `Make a token for Bitbucket:
  1. open ${tokenPage}
  2. press "Create API token with scopes", not "Create API token"
  3. choose the app Bitbucket
  4. tick ${scopesToTick.join(", ")}
An access token of a repository, project or workspace does as well.
`;

/** For a question in the middle of git's work. */
export const shortInstructions = `Make one at ${tokenPage}
with "Create API token with scopes", app Bitbucket, scopes ${scopesToTick.join(", ")}
`;
