// Secrets that other programs keep in the Secret Service: found by their attributes, read and deleted without a prompt.
// keytar only knows its own attributes, and secret-tool is seldom installed and ends secrets with line feeds at the wrong
// place. Secret Service API Draft 0.2, "Item" and "Session". The session is a plain one: the bus is a socket that nobody
// but this user can open, and whoever can may ask the service itself.
import { HelperError } from "../../errors.ts";
import type { Environment } from "../../outside.ts";
import { Secret } from "../../secret.ts";
import type { BusCalls } from "./bus.ts";
import { BusPath, type BusReader, BusVariant, type MethodCall, type Reply } from "./bus-message.ts";
import { onSessionBus, refuseMissing } from "./secret-service.ts";

export interface SecretItem {
  /** Names it in the service, as long as it lives. */
  readonly path: string;
  readonly label: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly secret: Secret;
}

export interface ItemSearch {
  /** Those in open keyrings. */
  readonly items: readonly SecretItem[];
  /** How many lie in locked keyrings. */
  readonly locked: number;
}

type Attributes = Readonly<Record<string, string>>;

const answerLimitMilliseconds = 3000;
const service = { destination: "org.freedesktop.secrets", path: "/org/freedesktop/secrets" };
const itemInterface = "org.freedesktop.Secret.Item";

/**
 * @param searches each finds the items that have all of its attributes.
 * Throws HelperError `store-unavailable` when there is no Secret Service or it does not answer.
 */
export async function findItems(
  env: Environment,
  searches: readonly Attributes[],
): Promise<ItemSearch> {
  return await onSessionBus(env, answerLimitMilliseconds, async (call) => {
    const found = (await call(searches.map(search))).map(expectValues);
    const open = found.map((values) => values.strings());
    const locked = new Set(found.flatMap((values) => values.strings()));
    return { items: await readItems([...new Set(open.flat())], call), locked: locked.size };
  });
}

/**
 * Deletes those that still have the secret they had.
 * @returns the deleted ones. Throws HelperError `store-unavailable` when the service does not answer, or would ask the person first.
 */
export async function deleteItems(
  env: Environment,
  items: readonly SecretItem[],
): Promise<readonly SecretItem[]> {
  return await onSessionBus(env, answerLimitMilliseconds, async (call) => {
    const now = await readItems(
      items.map(({ path }) => path),
      call,
    );
    const same = items.filter((item) =>
      now.some(({ path, secret }) => path === item.path && secret.equals(item.secret)),
    );
    const deletions = same.map(({ path }) => onItem(path, itemInterface, "Delete"));
    for (const values of (await call(deletions)).map(expectValues))
      if (values.string() !== "/")
        throw new HelperError("store-unavailable", "the keyring wants to ask before it deletes", {
          hint: "seahorse",
        });
    return same;
  });
}

async function readItems(paths: readonly string[], call: BusCalls): Promise<readonly SecretItem[]> {
  if (paths.length === 0) return [];
  const [opened] = await call([openSession]);
  const reader = expectValues(opened);
  // What the algorithm answers with: an empty string for the plain one.
  reader.variant();
  const session = new BusPath(reader.string());
  const replies = await call(
    paths.flatMap((path) => [
      property(path, "Label"),
      property(path, "Attributes"),
      { ...onItem(path, itemInterface, "GetSecret"), body: [session] },
    ]),
  );
  return paths.flatMap((path, at) => {
    // One may go, or be locked, while we read.
    const [label, attributes, secret] = replies.slice(at * 3, at * 3 + 3).map(valuesOf);
    if (label === undefined || attributes === undefined || secret === undefined) return [];
    return [
      {
        path,
        label: String(label.variant()),
        attributes: attributes.variantTable(),
        secret: readSecret(secret),
      },
    ];
  });
}

const openSession: MethodCall = {
  ...service,
  interface: "org.freedesktop.Secret.Service",
  member: "OpenSession",
  body: ["plain", new BusVariant("")],
};

function search(attributes: Attributes): MethodCall {
  return {
    ...service,
    interface: "org.freedesktop.Secret.Service",
    member: "SearchItems",
    body: [attributes],
  };
}

function property(path: string, name: string): MethodCall {
  const call = onItem(path, "org.freedesktop.DBus.Properties", "Get");
  return { ...call, body: [itemInterface, name] };
}

function onItem(path: string, callee: string, member: string): MethodCall {
  return { destination: service.destination, path, interface: callee, member, body: [] };
}

/** A structure: session, parameters, value and type of its content. */
function readSecret(reader: BusReader): Secret {
  reader.align(8);
  reader.string();
  reader.bytes();
  return new Secret(reader.bytes().toString("utf8"));
}

function valuesOf(reply: Reply): BusReader | undefined {
  return "error" in reply ? undefined : reply.values;
}

function expectValues(reply: Reply | undefined): BusReader {
  if (reply !== undefined && "values" in reply) return reply.values;
  refuseMissing(reply?.error);
  throw new HelperError("store-unavailable", `the keyring cannot be read (${reply?.error})`);
}
