// What a call to Bitbucket's REST API came to, and how its parts are read: nothing in it is believed to have a shape.

export interface RestAnswer {
  readonly status: number;
  /** Names in lower case; repeated ones joined by ", ". */
  readonly headers: ReadonlyMap<string, string>;
  /** Cut at the limit of rest.ts; empty when it was in a coding nobody asked for. */
  readonly body: string;
}

/** What kept the call from having an answer. */
export type RestTrouble =
  | "timeout"
  | "network" // no connection, or it broke
  | "tls" // the server's certificate is not trusted, or no TLS could be spoken
  | "certificates" // a file of certificates of our own side cannot be used
  | "proxy"
  | "garbage" // what came is not HTTP
  | "secret"; // the secret fits into no header

export interface RestFailure {
  readonly failure: RestTrouble;
  /** For people: a clause without full stop, without a secret, without a byte the server chose. */
  readonly because: string;
}

export type RestResult = RestAnswer | RestFailure;

export function isFailure(result: RestResult): result is RestFailure {
  return "failure" in result;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** @returns the body as a JSON object; undefined when it is anything else. */
export function jsonBody(answer: RestAnswer): JsonObject | undefined {
  try {
    return asObject(JSON.parse(answer.body));
  } catch {
    return undefined;
  }
}

/** @returns the member when it is an object itself; undefined for anything else, also for what a prototype has. */
export function objectIn(object: JsonObject | undefined, key: string): JsonObject | undefined {
  return asObject(member(object, key));
}

/** @returns the member when it is a string that the pattern takes. */
export function textIn(
  object: JsonObject | undefined,
  key: string,
  pattern: RegExp,
): string | undefined {
  const value = member(object, key);
  return typeof value === "string" && pattern.test(value) ? value : undefined;
}

/** @returns the member when it is a list, without what is not a string. */
export function textsIn(
  object: JsonObject | undefined,
  key: string,
): readonly string[] | undefined {
  const value = member(object, key);
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === "string")
    : undefined;
}

function member(object: JsonObject | undefined, key: string): unknown {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** @returns the value where it is an object, no list and not null. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}
