// Logins in the Secret Service: of git's helper `libsecret` and of Git Credential Manager. Read as they lie there; a locked
// keyring is not opened.
import { accountHost, ownHosts } from "../../servers/servers.ts";
import { HelperError } from "../../errors.ts";
import type { Environment } from "../../outside.ts";
import { printable } from "../../screen/printable.ts";
import { deleteItems, findItems, type SecretItem } from "../../secrets/stores/secret-items.ts";
import { readPair } from "./login-url.ts";
import { managerLogin } from "./manager-service.ts";
import type { Login, GroupName, Place, Source } from "./place.ts";

interface ItemPlace extends Place {
  readonly item: SecretItem;
}

export interface KeyringFindings {
  readonly sources: readonly Source[];
  readonly notes: readonly string[];
}

const managerSchema = "com.microsoft.GitCredentialManager";
/** What git's helper stores as: its own schema since git 2.41, that of network passwords before. */
const gitSchemas = new Set(["org.git.Password", "org.gnome.keyring.NetworkPassword"]);

const searches = [
  { "xdg:schema": managerSchema },
  ...ownHosts.map((server) => ({ protocol: "https", server })),
];
// Of locked items the service tells no attributes: only what surely is Bitbucket's is counted.
const lockedSearches = [...searches.slice(1), { service: "git:https://bitbucket.org" }];

/** Without a Secret Service there is nothing to find; one that does not answer is noted. */
export async function findInKeyring(env: Environment): Promise<KeyringFindings> {
  try {
    const { items } = await findItems(env, searches);
    const { locked } = await findItems(env, lockedSearches);
    const sources = [
      ...sourceOf(
        "libsecret",
        items.flatMap((item) => placeOf(item, readGitItem(item))),
        env,
      ),
      ...sourceOf(
        "manager",
        items.flatMap((item) => placeOf(item, readManagerItem(item))),
        env,
      ),
    ];
    return { sources, notes: locked === 0 ? [] : [lockedNote(locked)] };
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    const isMissing = error.message.startsWith("there is no keychain");
    return {
      sources: [],
      notes: isMissing ? [] : [`the keyring was not searched: ${error.message}`],
    };
  }
}

function lockedNote(count: number): string {
  return `${count} of the logins for bitbucket lie in a locked keyring; unlock it and look again`;
}

function sourceOf(
  group: GroupName,
  places: readonly ItemPlace[],
  env: Environment,
): readonly Source[] {
  if (places.length === 0) return [];
  return [
    {
      group,
      title: "keyring",
      hasBackups: false,
      places,
      take: async (some) => {
        const items = some.map((place) => (place as ItemPlace).item);
        const deleted = new Set(await deleteItems(env, items));
        const gone = some.filter((place) => deleted.has((place as ItemPlace).item));
        return { done: gone.map(({ at }) => `${at} is gone`) };
      },
    },
  ];
}

function placeOf(item: SecretItem, login: Login | undefined): readonly ItemPlace[] {
  return login === undefined ? [] : [{ at: `'${printable(item.label)}'`, ...login, item }];
}

/** The text is the password, and lines of attributes behind it. git, contrib/credential/libsecret. */
function readGitItem({ attributes, label, secret }: SecretItem): Login | undefined {
  const schema = attributes.get("xdg:schema") ?? "";
  const server = attributes.get("server") ?? "";
  const port = attributes.get("port");
  if (!gitSchemas.has(schema) || !label.startsWith("Git: ")) return undefined;
  if (!ownHosts.includes(server) || (port !== undefined && port !== "443")) return undefined;
  const [password = "", ...lines] = secret.reveal().split("\n");
  if (password === "") return undefined;
  const expiry = lines.find((line) => /^password_expiry_utc=\d{1,11}$/u.test(line))?.split("=")[1];
  return {
    host: accountHost(server),
    path: attributes.get("object"),
    ...readPair(attributes.get("user"), password),
    expires: expiry === undefined ? undefined : new Date(Number(expiry) * 1000).toISOString(),
  };
}

function readManagerItem({ attributes, secret }: SecretItem): Login | undefined {
  if (attributes.get("xdg:schema") !== managerSchema) return undefined;
  return managerLogin(attributes.get("service") ?? "", attributes.get("account"), secret.reveal());
}
