// What servers are asked over the network.
import type { RestSettings } from "../net/rest.ts";
import type { RestResult } from "../net/rest-answer.ts";
import type { CheckSubject } from "./check-subject.ts";
import type { ServerName } from "./server.ts";
import { ownHosts, serverOf } from "./servers.ts";
import type { Verdict } from "./verdict.ts";

/** A server's REST interface. Each throws HelperError `bad-setting` for a URL that a secret must not go to. */
interface Remote {
  /** Never throws for what the server or the network does: that is the verdict `unknown`. */
  readonly verify: (subject: CheckSubject, settings: RestSettings) => Promise<Verdict>;
  /** Asks without a secret whether it answers at all. */
  readonly reach: (settings: RestSettings) => Promise<RestResult>;
}

const remotes: Readonly<Record<ServerName, () => Promise<Remote>>> = {
  cloud: () => import("./cloud/remote.ts"),
};

/**
 * Asks the host's server about a token. What belongs to a host of the settings is sent nowhere.
 * @param rest how the REST interface is reached; read only when it is asked.
 */
export async function verifyToken(
  host: string,
  subject: CheckSubject,
  rest: () => Promise<RestSettings>,
): Promise<Verdict> {
  if (!ownHosts.includes(host))
    return {
      outcome: "unknown",
      doubt: "unsendable",
      because: "it belongs to another server than bitbucket.org",
    };
  const { verify } = await remotes[serverOf(host).name]();
  return await verify(subject, await rest());
}

/** Asks the host's server without a secret whether it answers at all. */
export async function reachServer(host: string, rest: RestSettings): Promise<RestResult> {
  const { reach } = await remotes[serverOf(host).name]();
  return await reach(rest);
}
