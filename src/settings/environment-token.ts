// A token that the environment brings: served before any account, never stored. docs/design.md, "Settings and the environment".
import { HelperError } from "../errors.ts";
import type { Environment } from "../outside.ts";
import { Secret } from "../secret.ts";
import { recognise, type TokenKind } from "../servers/token-kind.ts";

export interface EnvironmentToken {
  readonly kind: TokenKind;
  readonly secret: Secret;
  readonly email: string | undefined;
  readonly username: string | undefined;
}

/**
 * @returns undefined when BITBUCKET_TOKEN is not set or empty.
 * Throws HelperError `bad-setting` for control characters: git's lines could not carry them, and a pasted line feed at
 * the end would make a token that never works.
 */
export function tokenFromEnvironment(env: Environment): EnvironmentToken | undefined {
  const token = readVariable(env, "BITBUCKET_TOKEN");
  if (token === undefined) return undefined;
  const secret = new Secret(token);
  const username = readVariable(env, "BITBUCKET_USERNAME");
  const email = readVariable(env, "BITBUCKET_EMAIL");
  return { kind: recognise(secret, username), secret, email, username };
}

function readVariable(env: Environment, name: string): string | undefined {
  const value = env[name];
  if (value === undefined || value === "") return undefined;
  if (!/\p{Cc}/u.test(value)) return value;
  throw new HelperError(
    "bad-setting",
    `${name} contains a line break or another control character`,
    {
      hint: `export ${name}="$(printf %s "$${name}" | tr -d '[:cntrl:]')"`,
    },
  );
}
