// git-lfs's batch API, and the store behind it on another host with tickets of its own. git-lfs, docs/api/batch.md.
import { createHash, randomUUID } from "node:crypto";
import { json, type Answer } from "./answer.ts";
import type { RepositoryTarget } from "./repository-target.ts";

/** Where the objects lie: another host, which must never see a user's token. */
export const storageHost = "api.media.atlassian.com";

interface ObjectName {
  readonly oid: string;
  readonly size: number;
}

interface BatchRequest {
  readonly operation: "upload" | "download";
  readonly objects: readonly ObjectName[];
}

type LfsTarget = Pick<RepositoryTarget, "workspace" | "repository">;

const lfsType = { "content-type": "application/vnd.git-lfs+json" };

/** @returns what a request to the LFS server needs: uploads and locks are writes. */
export function lfsOperation(rest: string, body: Buffer): "read" | "write" {
  if (rest === "/objects/batch") return readBatch(body).operation === "upload" ? "write" : "read";
  return rest.startsWith("/locks") || rest === "/verify" ? "write" : "read";
}

export class Lfs {
  readonly #objects = new Map<string, Buffer>();
  readonly #tickets = new Map<string, string>();

  /** The API below `…/info/lfs`, for those that the rules let in. */
  answerApi(target: LfsTarget, rest: string, body: Buffer): Answer {
    if (rest === "/objects/batch") return this.#batch(target, readBatch(body));
    if (rest === "/locks/verify") return json(200, { ours: [], theirs: [] }, lfsType);
    if (rest === "/verify") return this.#verify(target, JSON.parse(body.toString()) as ObjectName);
    return json(404, { message: "Not found" }, lfsType);
  }

  /** The object store: PUT and GET with a ticket. */
  answerStorage(method: string, path: string, authorization: string | undefined, body: Buffer) {
    if (authorization === undefined || this.#tickets.get(authorization) !== `${method} ${path}`)
      return plain(401);
    if (method === "PUT") return this.#put(path, body);
    const object = this.#objects.get(path);
    return object === undefined ? plain(404) : { ...plain(200), body: object };
  }

  /** The objects of a repository that have arrived, by their oid. */
  oids({ workspace, repository }: LfsTarget): readonly string[] {
    const start = `/${workspace}/${repository}/`;
    return [...this.#objects.keys()]
      .filter((path) => path.startsWith(start))
      .map((path) => path.slice(start.length));
  }

  #batch(target: LfsTarget, { operation, objects }: BatchRequest): Answer {
    const answers = objects.map((object) => ({
      ...object,
      ...this.#object(target, operation, object),
    }));
    return json(200, { transfer: "basic", objects: answers }, lfsType);
  }

  #object(target: LfsTarget, operation: BatchRequest["operation"], { oid, size }: ObjectName) {
    const path = `/${target.workspace}/${target.repository}/${oid}`;
    const isHere = this.#objects.has(path);
    if (operation === "download" && !isHere)
      return { error: { code: 404, message: "Object does not exist" } };
    if (operation === "download") return { actions: { download: this.#action("GET", path) } };
    if (isHere) return {};
    const verify = {
      href: `https://bitbucket.org/${target.workspace}/${target.repository}.git/info/lfs/verify`,
      oid,
      size,
    };
    return { actions: { upload: this.#action("PUT", path), verify } };
  }

  #action(method: string, path: string) {
    const ticket = `Bearer ${randomUUID()}`;
    this.#tickets.set(ticket, `${method} ${path}`);
    return {
      href: `https://${storageHost}${path}`,
      header: { Authorization: ticket },
      expires_in: 600,
    };
  }

  #put(path: string, body: Buffer) {
    const oid = path.slice(path.lastIndexOf("/") + 1);
    if (createHash("sha256").update(body).digest("hex") !== oid) return plain(422);
    this.#objects.set(path, body);
    return plain(200);
  }

  #verify({ workspace, repository }: LfsTarget, { oid, size }: ObjectName): Answer {
    const object = this.#objects.get(`/${workspace}/${repository}/${oid}`);
    return object?.length === size
      ? json(200, {}, lfsType)
      : json(404, { message: "Not found" }, lfsType);
  }
}

function readBatch(body: Buffer): BatchRequest {
  return JSON.parse(body.toString("utf8")) as BatchRequest;
}

function plain(status: number): { status: number; headers: Record<string, string>; body: Buffer } {
  return { status, headers: { "content-type": "application/octet-stream" }, body: Buffer.alloc(0) };
}
