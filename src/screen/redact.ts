// Takes secrets out of what is logged or shown: by the names they stand under, and by the shapes they have.
// A safety net: our own code hands secrets around as Secret, which never prints.

const hidden = "[secret]";

const secretName = /(?:password|passwd|passphrase|secret|token|credential|authorization|cookie)$/iu;

/**
 * @returns the value with secrets replaced, at any depth: strings, arrays, plain objects, maps, sets, errors with
 * their stacks and causes. Bytes become their number, a circle becomes `[circular]`. The original stays as it was.
 */
export function redact<T>(value: T): T {
  return redactValue(value, new Set()) as T;
}

/** What no word of a person's begins with: the known heads of tokens, in any case of letters, since paths are folded. */
const folded = String.raw`(?:atatt3xffgf0|atctt3xffgn0)[\w=-]+|(?<![a-z0-9])atbb[a-z0-9]{32}(?![a-z0-9])|(?<!\w)bbdc-[\w+/=]{20,}|(?<![\w-])eyj(?:hbgci|0exai|rawqi)[\w-]*\.[\w-]{4,}(?:\.[\w-]*)?`;
const foldedToken = new RegExp(folded, "iu");

/** As Bitbucket writes them; long enough that no name of a person or a workspace looks like one. */
const tokenInWord =
  /(?<![A-Za-z0-9])(?:(?:ATAT|ATCT|ATBB|BBDC-)[\w+/=-]{16,}|eyJ[\w-]{6,}\.[\w-]{4,})/u;

/** Whether a word from outside, such as a username, has a token in it: then it is neither shown nor written down. */
export function hasToken(word: string): boolean {
  return tokenInWord.test(word) || foldedToken.test(word);
}

function redactValue(value: unknown, above: ReadonlySet<object>): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value !== "object" || value === null) return value;
  if (above.has(value)) return "[circular]";
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (value instanceof URL) return redactText(value.href);
  const inside = new Set([...above, value]);
  const redactInside = (item: unknown): unknown => redactValue(item, inside);
  if (Array.isArray(value)) return value.map(redactInside);
  if (value instanceof Set) return new Set([...value].map(redactInside));
  if (value instanceof Map)
    return new Map(
      [...value].map(([key, item]) => [redactInside(key), redactNamed(key, item, inside)]),
    );
  if (value instanceof Error) return redactError(value, inside);
  const prototype: unknown = Object.getPrototypeOf(value);
  // Anything with a class of its own prints as that class decides: a Secret, a Date.
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, redactNamed(name, item, inside)]),
  );
}

function redactNamed(name: unknown, value: unknown, above: ReadonlySet<object>): unknown {
  const isPlain =
    typeof value === "string" || typeof value === "number" || value instanceof Uint8Array;
  return isPlain && typeof name === "string" && secretName.test(name)
    ? hidden
    : redactValue(value, above);
}

// Stays an instance of its class, with its fields, so that whoever prints it finds what it expects.
function redactError(error: Error, above: ReadonlySet<object>): Error {
  const copy = new Error(redactText(error.message));
  Object.setPrototypeOf(copy, Object.getPrototypeOf(error) as object);
  for (const name of Object.getOwnPropertyNames(error)) {
    const field: unknown = error[name as keyof Error];
    const enumerable = Object.prototype.propertyIsEnumerable.call(error, name);
    Object.defineProperty(copy, name, {
      value: redactNamed(name, field, above),
      enumerable,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

// What stands behind a name, up to the end of the line, because a password may contain anything else; in JSON, up to
// the end of the string.
const restOfLine = String.raw`[^\n]*`;
const restOfString = String.raw`(?:\\.|[^"\\\n])*`;

const inLines = namedSecrets(restOfLine);
const inJson = namedSecrets(restOfString);

function namedSecrets(rest: string): RegExp {
  const header = String.raw`(?:authorization|cookie)\s*[:=]\s*`;
  const attribute = "(?:password|passphrase|credential|oauth_refresh_token)=";
  return new RegExp(`(${header}|${attribute})${rest}`, "giu");
}

const everywhere: readonly (readonly [RegExp, string])[] = [
  // name: "value", "name": "value"
  [
    /((?:password|passwd|passphrase|secret|token|credential|authorization|cookie)(["']?)\s*:\s*)(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/giu,
    `$1"${hidden}"`,
  ],
  // the same in JSON inside a string
  [
    /((?:password|passwd|passphrase|secret|token|credential|authorization|cookie)\\+"\s*:\s*\\+")[^"\\]*/giu,
    `$1${hidden}`,
  ],
  // name=value in a query, an environment or a command line
  [/((?:token|secret|passwd)=)[^\s&"'\\]+/giu, `$1${hidden}`],
  // scheme://user:secret@
  [/(:\/\/[^\s/?#:@"']*:)[^\s/?#"']+@/gu, `$1${hidden}@`],
  // A digit tells a credential from a word: "Basic authentication".
  [/\b(Basic|Bearer|JWT)\s+(?=[\w+/=.~-]*[0-9])[\w+/=.~-]{8,}/giu, `$1 ${hidden}`],
  // Atlassian's tokens, app passwords and Data Center's, perhaps percent-encoded
  [/(?:ATAT|ATCT|ATBB|BBDC-)(?:[\w+/=-]|%3D){6,}/gu, hidden],
  // The same where a path or a name was folded to lower case
  [new RegExp(folded, "giu"), hidden],
  // JSON web tokens
  [/(?<![\w-])eyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/gu, hidden],
];

function redactText(text: string): string {
  const named = /^\s*[{[]/u.test(text) ? inJson : inLines;
  let result = text.replace(named, `$1${hidden}`);
  for (const [pattern, replacement] of everywhere) result = result.replace(pattern, replacement);
  return result;
}
