// Which server a host belongs to.
import { cloud } from "./cloud/cloud.ts";
import type { Server } from "./server.ts";

const servers: readonly Server[] = [cloud];

/** The server that a person means who names none. */
export const usualServer = cloud;
export const [usualHost] = usualServer.hosts;

/** Every host that is a server's own, whatever the settings say. */
export const ownHosts: readonly string[] = servers.flatMap(({ hosts }) => hosts);

/** Hosts of the settings are read as the usual server's. */
export function serverOf(host: string): Server {
  return servers.find(({ hosts }) => hosts.includes(host)) ?? usualServer;
}

/** The host under which accounts are kept. */
export function accountHost(host: string): string {
  return ownHosts.includes(host) ? serverOf(host).hosts[0] : host;
}
