// What a call sends: a file or stdin as it is, fields as JSON, as a form, or with files as a form of parts.
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { HelperError } from "../../errors.ts";
import type { FormData } from "../../net/http-client.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { type Field, formText, jsonFields, splitField } from "./fields.ts";

export interface Body {
  /** Undefined where the client sets it: it knows what divides the parts. */
  readonly type: string | undefined;
  readonly content: string | Uint8Array | FormData;
}

/** @returns JSON, as most resources want it. */
export function jsonBody(fields: readonly Field[]): Body {
  return { type: "application/json", content: JSON.stringify(jsonFields(fields)) };
}

/** @returns a form, as commits and src want it. */
export function formBody(fields: readonly Field[]): Body {
  return { type: "application/x-www-form-urlencoded", content: formText(fields) };
}

/**
 * @param files as typed: `files=@build.zip`. They are read while they are sent, and never held whole.
 * Throws HelperError `usage`, and `system` for what cannot be read.
 */
export async function partsBody(fields: readonly Field[], files: readonly string[]): Promise<Body> {
  const { FormData } = await import("../../net/http-client.ts");
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, String(value));
  for (const typed of files) {
    const [name, value] = splitField(typed);
    if (!value.startsWith("@"))
      throw new HelperError("usage", "a file is NAME=@PATH", {
        hint: "git credential-bitbucket api repositories/{workspace}/{repository}/downloads --file files=@build.zip",
      });
    const path = value.slice(1);
    form.append(name, await blobOf(path), basename(path));
  }
  return { type: undefined, content: form };
}

async function blobOf(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch (error) {
    throw new HelperError("system", `cannot read ${path}`, {
      hint: `ls -l ${shellWord(path)}`,
      cause: error,
    });
  }
}
