// Fields of the command line, in gh's manners: `name=value`, `a[b]=…` for an object in an object, `a[]=…` for a list.
import { HelperError } from "../../errors.ts";

export type FieldValue = string | number | boolean | null;
export type Field = readonly [name: string, value: FieldValue];

type Tree = FieldValue | Tree[] | { [key: string]: Tree };

/** @returns the two sides of the first `=`. Throws HelperError `usage`. */
export function splitField(typed: string): readonly [name: string, value: string] {
  const at = typed.indexOf("=");
  if (at < 1)
    throw new HelperError("usage", "a field is NAME=VALUE", {
      hint: "git credential-bitbucket help api",
    });
  return [typed.slice(0, at), typed.slice(at + 1)];
}

/** @returns what -F makes of a value: `true`, `false`, `null` and whole numbers are no texts. */
export function typedValue(text: string): FieldValue {
  if (text === "true") return true;
  if (text === "false") return false;
  if (text === "null") return null;
  return /^-?(?:0|[1-9]\d{0,14})$/u.test(text) ? Number(text) : text;
}

/** @returns the fields as a query or a form: every character that means something there is encoded, `+` among them. */
export function formText(fields: readonly Field[]): string {
  return fields
    .map(
      ([name, value]) =>
        `${encodeURIComponent(plainName(name))}=${encodeURIComponent(String(value))}`,
    )
    .join("&");
}

/** `include[]=a` and `include=a` are the same in a form, where names repeat. */
function plainName(name: string): string {
  return name.replace(/\[\]$/u, "");
}

/** @returns the fields as one JSON object. Throws HelperError `usage` where two of them contradict each other. */
export function jsonFields(fields: readonly Field[]): Record<string, unknown> {
  const root: { [key: string]: Tree } = Object.create(null) as { [key: string]: Tree };
  for (const [name, value] of fields) put(root, keysOf(name), value, name);
  return root;
}

/** `a[b][]` → a, b, and "" for the end of a list. */
function keysOf(name: string): readonly string[] {
  const [, first = "", rest = ""] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/u.exec(name) ?? [];
  if (first === "") throw contradiction(name, "is no name of a field");
  return [first, ...[...rest.matchAll(/\[([^\]]*)\]/gu)].map(([, key = ""]) => key)];
}

function put(
  root: { [key: string]: Tree },
  keys: readonly string[],
  value: FieldValue,
  name: string,
): void {
  let here: Tree = root;
  for (const [at, key] of keys.entries()) {
    const next = keys[at + 1];
    const leaf: Tree | undefined = next === undefined ? value : undefined;
    if (Array.isArray(here)) {
      if (key !== "") throw contradiction(name, "names a part of a list");
      here = append(here, leaf, next);
    } else if (isObject(here)) {
      if (key === "") throw contradiction(name, "makes a list of an object");
      here = enter(here, key, leaf, next, name);
    } else throw contradiction(name, "goes below a field that has a value");
  }
}

/** `a[][b]=1 a[][c]=2` fill one object until a name of it comes again. */
function append(list: Tree[], leaf: Tree | undefined, next: string | undefined): Tree {
  const last = list.at(-1);
  if (
    leaf === undefined &&
    next !== undefined &&
    next !== "" &&
    isObject(last) &&
    !Object.hasOwn(last, next)
  )
    return last;
  const added = leaf ?? (leaf === null ? null : empty(next));
  list.push(added);
  return added;
}

function enter(
  object: { [key: string]: Tree },
  key: string,
  leaf: Tree | undefined,
  next: string | undefined,
  name: string,
): Tree {
  const known = Object.hasOwn(object, key) ? object[key] : undefined;
  if (leaf !== undefined) {
    if (known !== undefined) throw contradiction(name, "stands there twice");
    return (object[key] = leaf);
  }
  const found = known ?? (object[key] = empty(next));
  if ((next === "") !== Array.isArray(found) || !(Array.isArray(found) || isObject(found)))
    throw contradiction(name, "is a list in one place and none in another");
  return found;
}

function empty(next: string | undefined): Tree {
  return next === "" ? [] : (Object.create(null) as { [key: string]: Tree });
}

function isObject(tree: Tree | undefined): tree is { [key: string]: Tree } {
  return typeof tree === "object" && tree !== null && !Array.isArray(tree);
}

function contradiction(name: string, why: string): HelperError {
  return new HelperError("usage", `the field ${JSON.stringify(name)} ${why}`, {
    hint: "git credential-bitbucket help api",
  });
}
