// Calls whose answers may be large: sent once, and read as they come. As in rest.ts, a secret goes to the API's origin only;
// a redirect is followed by who asks, without it.
import { HelperError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { apiBase } from "./api-url.ts";
import type { ConnectionSettings } from "./connection.ts";
import { failureOf, type FormData, openHttp } from "./http-client.ts";

export interface TransferRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From /2.0/ on for the API; from the first slash on for another origin. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly authorization?: Secret | undefined;
  readonly body?: string | Uint8Array | FormData | undefined;
}

export interface Answer {
  readonly status: number;
  /** In the order of the server, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Throws HelperError `network` when the connection breaks. */
  readonly body: AsyncIterable<Buffer>;
}

export interface Transfer {
  /** Throws HelperError `network`. */
  send(request: TransferRequest): Promise<Answer>;
  close(): Promise<void>;
}

/** How long the server may be silent before it answers, and between two pieces of its answer. */
const silenceMilliseconds = 60_000;

/** @param url of the API, or of another origin; throws HelperError `bad-setting` for one that nothing may be sent to. */
export function openTransfer(url: string, settings: ConnectionSettings): Transfer {
  const base = apiBase(url);
  const client = openHttp(settings, base, silenceMilliseconds);
  const failed = (error: unknown): HelperError => failure(error, base.host);
  return {
    async send({ method, path, headers, authorization, body }) {
      const value = authorization?.reveal();
      const response = await client
        .request({
          method,
          path: base.prefix + path,
          headers: { ...headers, ...(value !== undefined && { authorization: value }) },
          body,
        })
        .catch((error: unknown) => {
          throw failed(error);
        });
      return {
        status: response.statusCode,
        headers: Object.entries(response.headers).flatMap(([name, given]) =>
          [given ?? []].flat().map((one) => [name.toLowerCase(), one] as const),
        ),
        body: pieces(response.body, failed),
      };
    },
    close: () => client.close(),
  };
}

async function* pieces(
  body: AsyncIterable<unknown>,
  failed: (error: unknown) => HelperError,
): AsyncGenerator<Buffer> {
  try {
    for await (const piece of body) yield piece as Buffer;
  } catch (error) {
    throw failed(error);
  }
}

function failure(error: unknown, host: string): HelperError {
  if (error instanceof HelperError) return error;
  const { because } = failureOf(error, host);
  return new HelperError("network", because, { hint: "git credential-bitbucket doctor" });
}
