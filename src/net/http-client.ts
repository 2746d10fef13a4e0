// HTTP over the connections of connection.ts. The only file that names undici.
import { callbackify } from "node:util";
import { Client, type Dispatcher, errors, type FormData } from "undici";
import type { ApiBase } from "./api-url.ts";
import { ConnectionFailure, errorCode } from "./connection-failure.ts";
import { connector, type ConnectionSettings } from "./connection.ts";
import type { RestFailure } from "./rest-answer.ts";

/** Parts of a form; the system's own class is another one, which the client does not take. */
export { FormData } from "undici";

export interface HttpRequest {
  readonly method: Dispatcher.HttpMethod;
  /** From the first slash on. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array | FormData | undefined;
  readonly signal?: AbortSignal;
}

export interface HttpClient {
  /** Throws what failureOf() knows. */
  request(request: HttpRequest): Promise<Dispatcher.ResponseData>;
  /** Breaks off whatever still runs. */
  close(): Promise<void>;
}

/** @param silenceMilliseconds how long the server may be silent; 0 where who asks has a limit of its own. */
export function openHttp(
  settings: ConnectionSettings,
  base: ApiBase,
  silenceMilliseconds: number,
): HttpClient {
  const connections = connector(settings, base);
  const open = callbackify(async () => await connections.open());
  const client = new Client(base.origin, {
    connect: (_options, callback) => {
      open((error, socket) => (error ? callback(error, null) : callback(null, socket)));
    },
    headersTimeout: silenceMilliseconds,
    bodyTimeout: silenceMilliseconds,
  });
  return {
    request: async ({ body, signal, ...request }) =>
      await client.request({
        ...request,
        body: body ?? null,
        ...(signal !== undefined && { signal }),
      }),
    async close() {
      connections.close();
      await client.destroy();
    },
  };
}

const notHttp = [
  errors.HTTPParserError,
  errors.HeadersOverflowError,
  errors.ResponseContentLengthMismatchError,
];

/** @returns what kept a request from its answer, for people. */
export function failureOf(error: unknown, host: string): RestFailure {
  if (error instanceof ConnectionFailure) return error.reason;
  if (notHttp.some((type) => error instanceof type))
    return { failure: "garbage", because: `${host} sent something that is not HTTP` };
  const code = errorCode(error);
  return { failure: "network", because: `the connection to ${host} broke (${code})` };
}
