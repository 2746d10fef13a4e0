// Plays a fault on a connection.
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gitRefusal, gitTexts } from "./answer.ts";
import type { Fault, TakenFault } from "./faults.ts";

const page = "<!doctype html><html><body><h1>We'll be back soon</h1></body></html>\n";
const longestTimer = 2 ** 31 - 1; // milliseconds; Node takes more for 1

/**
 * @param reset ends the connection without a goodbye.
 * @returns false when the request is still to be answered by the rules.
 */
export async function playFault(
  { fault, cleared }: TakenFault,
  request: IncomingMessage,
  response: ServerResponse,
  reset: () => void,
): Promise<boolean> {
  if (fault.kind === "delay") {
    const wait = Math.min(fault.milliseconds, longestTimer);
    await sleep(wait, undefined, { signal: cleared }).catch(() => {});
    return response.destroyed;
  }
  request.resume();
  switch (fault.kind) {
    case "reset":
      reset();
      return true;
    case "truncate":
      response.writeHead(200, { "content-type": contentType(request), "content-length": 4_096 });
      response.write("001e# service=git-upload", () => response.destroy());
      return true;
    case "garbage":
      response.writeHead(200, { "content-type": "text/html" }).end(page);
      return true;
    case "redirect":
      response.writeHead(302, { location: fault.to + (request.url ?? "/") }).end();
      return true;
    case "status":
      playStatus(fault, response);
      return true;
  }
}

/** A 401 looks like the real one: it names the realm. */
function playStatus(fault: Fault & { kind: "status" }, response: ServerResponse): void {
  const usual = gitRefusal(fault.status, gitTexts.noAccess);
  response.writeHead(fault.status, { ...usual.headers, ...fault.headers });
  response.end(fault.body ?? usual.body);
}

/** So that git takes what follows for its protocol. */
function contentType(request: IncomingMessage): string {
  const service = /service=(git-[a-z-]+)/u.exec(request.url ?? "")?.[1];
  return service === undefined ? "application/json" : `application/x-${service}-advertisement`;
}
