// What a flow leaves behind: it writes to no screen and starts nothing, whoever called it does: cli/notes.ts.
import type { Credential } from "../protocol/credential.ts";
import type { Held } from "../secrets/read.ts";
import type { LoginQuestion } from "./login/question.ts";

/** A message for the person, with the next command where there is one. */
export interface Note {
  /** A warning is about what works still. */
  readonly level: "error" | "warning";
  readonly message: string;
  readonly hint?: string | undefined;
  /** Told at most this often for what bears the name; every time when left out. */
  readonly once?: { readonly per: "minute" | "day"; readonly name: string };
}

export interface Result {
  /** What git gets; undefined for a miss: git then asks its next helper. */
  readonly credential?: Credential | undefined;
  /** In their order, and before anything is asked. */
  readonly notes?: readonly Note[];
  /** Names of accounts whose tokens are to be checked in the background, once the answer is out. */
  readonly check?: readonly string[];
  /** Whose secret git gets: the daemon answers the next time. */
  readonly served?: Held;
  /** Names of accounts that are gone: the daemon drops what it has of them. */
  readonly forgotten?: readonly string[];
  /** What only a new token can answer. */
  readonly question?: LoginQuestion;
}

/** A miss of which there is nothing to say. */
export const nothing: Result = {};
