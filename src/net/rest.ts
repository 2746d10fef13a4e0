// The REST client. A secret goes to one origin only, and never along a redirect. docs/design.md, "Verdicts".
import { setTimeout as pauseFor } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import type { Secret } from "../secret.ts";
import { apiBase } from "./api-url.ts";
import type { ConnectionSettings } from "./connection.ts";
import { failureOf, openHttp } from "./http-client.ts";
import type { RestAnswer, RestFailure, RestResult } from "./rest-answer.ts";

export interface RestSettings extends ConnectionSettings {
  /** https, or http on this machine; without the /2.0. */
  readonly apiUrl: string;
  /** For everything from openRest to the last answer: name look-up, proxy, TLS, headers and bodies together. */
  readonly timeoutMilliseconds: number;
  readonly userAgent: string;
}

export interface RestRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly authorization?: Secret | undefined;
  readonly body?: { readonly type: BodyType; readonly content: Secret };
}

export type BodyType = "application/json" | "application/x-www-form-urlencoded";

/** One client speaks with one origin: for another, such as a token endpoint, another is opened. */
export interface Rest {
  /**
   * Asks once.
   * @param path from /2.0 on.
   * @param authorization value of the header of that name; anonymous when left out.
   */
  get(path: string, authorization?: Secret): Promise<RestResult>;
  /** Sends once. What came of it is not known when there is no answer. */
  send(request: RestRequest): Promise<RestResult>;
  /** Waits, at most until the time is up. */
  pause(milliseconds: number): Promise<void>;
  /** Breaks off whatever still runs; nothing of it holds the process afterwards. */
  close(): Promise<void>;
}

// /2.0/user is under 2 kB; what is longer is no answer of Bitbucket's.
const maxBodyBytes = 262_144;

/** @throws HelperError `bad-setting` for an API URL that a secret must not go to. */
export function openRest(settings: RestSettings): Rest {
  const base = apiBase(settings.apiUrl);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), settings.timeoutMilliseconds);
  // The deadline counts, not the pauses in between.
  const client = openHttp(settings, base, 0);

  async function send({ authorization, ...asked }: RestRequest): Promise<RestResult> {
    const value = authorization?.reveal();
    if (value !== undefined && !/^[\x20-\x7e]+$/u.test(value))
      return {
        failure: "secret",
        because: "it has characters that no token has, so it was sent nowhere",
      };
    try {
      return await withDeadline(request(asked, value), deadline.signal);
    } catch (error) {
      return deadline.signal.aborted
        ? outOfTime(settings.timeoutMilliseconds)
        : failureOf(error, base.host);
    }
  }

  async function request(
    { method, path, body }: RestRequest,
    authorization: string | undefined,
  ): Promise<RestAnswer> {
    const response = await client.request({
      path: base.prefix + path,
      method,
      body: body?.content.reveal(),
      signal: deadline.signal,
      headers: {
        ...(authorization !== undefined && { authorization }),
        ...(body !== undefined && { "content-type": body.type }),
        accept: "application/json",
        "accept-encoding": "identity",
        "user-agent": settings.userAgent,
      },
    });
    const headers = headerMap(response.headers);
    const bytes = await readAtMost(response.body, maxBodyBytes);
    return { status: response.statusCode, headers, body: decode(bytes, headers) };
  }

  return {
    send,
    get: (path, authorization) => send({ method: "GET", path, authorization }),
    async pause(milliseconds) {
      await pauseFor(milliseconds, undefined, { signal: deadline.signal }).catch(() => {});
    },
    async close() {
      clearTimeout(timer);
      deadline.abort();
      await client.close();
    },
  };
}

/** A step that overlooks the signal still ends for the caller. */
async function withDeadline<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Whoever loses the race has been told already.
  work.catch(() => {});
  if (signal.aborted) throw new Error("aborted");
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new Error("aborted"));
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
  }
}

function headerMap(raw: Record<string, string | string[] | undefined>): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(raw))
    if (value !== undefined)
      headers.set(name.toLowerCase(), typeof value === "string" ? value : value.join(", "));
  return headers;
}

async function readAtMost(body: AsyncIterable<Buffer>, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop ends the stream, and with it the connection.
    if (size >= limitBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, limitBytes);
}

/** Some gateways compress whatever is asked for; anything but gzip is left unread. */
function decode(bytes: Buffer, headers: ReadonlyMap<string, string>): string {
  const coding = headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (coding === "identity" || coding === "") return bytes.toString("utf8");
  if (coding !== "gzip" && coding !== "x-gzip") return "";
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBodyBytes }).toString("utf8");
  } catch {
    return "";
  }
}

function outOfTime(milliseconds: number): RestFailure {
  const seconds = Math.round(milliseconds / 100) / 10;
  return { failure: "timeout", because: `bitbucket did not answer within ${seconds} s` };
}
