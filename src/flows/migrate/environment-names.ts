// Variables that hold a login for Bitbucket: their names are told, their values never. Pipelines and other CI set them.
import { recognise, tokenKinds } from "../../servers/token-kind.ts";
import type { Environment } from "../../outside.ts";
import { Secret } from "../../secret.ts";

export interface NamedVariable {
  readonly name: string;
  /** What it holds, as far as its shape tells. */
  readonly title: string;
  readonly usable: boolean;
}

const secretName =
  /^(?:BITBUCKET|BB)_(?:.*_)?(?:PASSWORD|PASS|TOKEN|SECRET|AUTH|KEY)$|^ATLASSIAN_(?:.*_)?TOKEN$|^APP_PASSWORD$/u;

/** What Pipelines set for themselves, and our own. */
const notMeant = new Set(["BITBUCKET_TOKEN", "BITBUCKET_STEP_OIDC_TOKEN"]);

/** @returns what is set and either called so or recognised, in the order of the names. */
export function findVariables(env: Environment): readonly NamedVariable[] {
  return Object.entries(env)
    .flatMap(([name, value = ""]): readonly NamedVariable[] => {
      if (value === "" || notMeant.has(name)) return [];
      const kind = recognise(new Secret(value));
      if (!secretName.test(name) && kind !== "app-password") return [];
      const { title, usable } = tokenKinds[kind];
      return [{ name, title, usable }];
    })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
