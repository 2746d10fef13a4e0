// A request as accounts know it.
import { accountHost } from "../bitbucket/host.ts";
import { parseAttributes } from "../protocol/attributes.ts";
import { readRequest, type Request } from "../protocol/request.ts";

/** Throws HelperError `bad-request` for what the helper has to refuse. */
export function readAccountRequest(body: Uint8Array): Request {
  const request = readRequest(parseAttributes(body));
  return { ...request, host: accountHost(request.host) };
}
