// Bitbucket's pages: `values`, and where the next page is. That address is followed, never built, and only on the API's host.
import { HelperError } from "../../errors.ts";
import { asObject, type JsonObject } from "../../net/rest-answer.ts";
import { apiAddress } from "./address.ts";

export interface Page {
  readonly whole: JsonObject;
  /** Undefined for an answer that is no page. */
  readonly values: readonly unknown[] | undefined;
  /** From /2.0/ on; undefined on the last page. */
  readonly next: string | undefined;
}

/**
 * @param text of an answer.
 * @param hosts of the API. @param prefix what stands before /2.0/ in its addresses.
 * @returns undefined for what is no JSON object. Throws HelperError `network` for a next page that lies elsewhere.
 */
export function readPage(text: string, hosts: ReadonlySet<string>, prefix = ""): Page | undefined {
  const whole = parsed(text);
  if (whole === undefined) return undefined;
  const { values, next } = whole;
  return {
    whole,
    values: Array.isArray(values) ? (values as readonly unknown[]) : undefined,
    next: typeof next === "string" ? nextPath(next, hosts, prefix) : undefined,
  };
}

function parsed(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function nextPath(next: string, hosts: ReadonlySet<string>, prefix: string): string {
  const origin = /^https?:\/\/[^/?#]*/u.exec(next)?.[0] ?? "";
  const isOwn = hosts.has(origin.replace(/^https?:\/\//u, ""));
  const path = next.slice(origin.length);
  if (isOwn && path.startsWith(`${prefix}/2.0/`))
    return apiAddress(path.slice(prefix.length), hosts);
  throw new HelperError("network", "bitbucket's next page lies on another host, and is not read");
}

/** @returns the address with `next` among the fields that are asked for, without which pages end after the first. */
export function askingForNext(path: string): string {
  return path.replace(/([?&]fields=)([^&]*)/u, (whole, start: string, fields: string) => {
    const names = fields.split(/,|%2C/iu);
    const isSelection = names.some((name) => !/^(?:[+-]|%2B|%2D)/iu.test(name));
    return isSelection && !names.includes("next") ? `${start}${fields},next` : whole;
  });
}
