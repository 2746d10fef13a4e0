// REST's resources that have pages, take something, or lead to another server: commits, downloads, hooks, a workspace's
// repositories. Who may see the repository is decided by rest-rules.ts. docs/bitbucket.md, "Calling REST".
import { json, lacksScope, restError, type Answer } from "./answer.ts";
import { identify } from "./rest-identity.ts";
import { repositoryJson } from "./rest-resources.ts";
import { answerRest } from "./rest-rules.ts";
import { needs, required, satisfies } from "./scopes.ts";
import type { Repositories } from "./repositories.ts";
import type { Site } from "./site.ts";

/** Where downloads lie: it takes a signed address, and no other credential beside it. */
export const downloadHost = "bbuseruploads.s3.amazonaws.com";

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly contentType: string;
  readonly body: Buffer;
}

type Known = { readonly workspace: string; readonly repository: string };

export class RestCollections {
  readonly #site: Site;
  readonly #repositories: Repositories;
  readonly #downloads = new Map<string, Buffer>();
  /** What was sent to /hooks, as JSON. */
  readonly hooks: unknown[] = [];

  constructor(site: Site, repositories: Repositories) {
    this.#site = site;
    this.#repositories = repositories;
  }

  /** @returns undefined for what is not one of these. */
  async answer(call: Call): Promise<Answer | undefined> {
    const url = new URL(call.path, "https://api.bitbucket.org");
    const [, version, first, workspace = "", repository = "", kind = "", ...rest] =
      url.pathname.split("/");
    if (version !== "2.0" || first !== "repositories" || workspace === "") return undefined;
    if (repository === "" && kind === "") return this.#listing(call, url, workspace);
    if (!["commits", "downloads", "hooks"].includes(kind)) return undefined;
    const seen = answerRest(this.#site, {
      authorization: call.authorization,
      path: `/2.0/repositories/${workspace}/${repository}`,
    });
    if (seen.status !== 200) return seen;
    const known = { workspace, repository };
    if (kind === "commits") return await this.#commits(call, url, known);
    const refusal = call.method === "GET" ? undefined : this.#refuseWriting(call);
    if (refusal !== undefined) return refusal;
    if (kind === "hooks") return this.#addHook(call);
    return await this.#download(call, known, rest.join("/"));
  }

  /** The storage's answer. */
  answerDownload(path: string, authorization: string | undefined) {
    if (authorization !== undefined)
      return {
        status: 400,
        headers: { "content-type": "application/xml" },
        body: "<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>",
      };
    const { pathname, searchParams } = new URL(path, `https://${downloadHost}`);
    const bytes = this.#downloads.get(pathname);
    if (bytes === undefined || searchParams.get("Signature") !== "signed")
      return { status: 403, headers: {}, body: "" };
    return { status: 200, headers: { "content-type": "application/octet-stream" }, body: bytes };
  }

  #listing(call: Call, url: URL, workspace: string): Answer {
    const values = this.#site.repositories
      .filter((one) => one.workspace === workspace)
      .filter(
        ({ slug }) =>
          answerRest(this.#site, {
            authorization: call.authorization,
            path: `/2.0/repositories/${workspace}/${slug}`,
          }).status === 200,
      )
      .map((one) => repositoryJson(one));
    return pageOf(values, url);
  }

  async #commits(call: Call, url: URL, known: Known): Promise<Answer> {
    const asked = new URLSearchParams(call.body.toString("utf8"));
    const all = (name: string) => [...url.searchParams.getAll(name), ...asked.getAll(name)];
    const revisions = [...all("include"), ...all("exclude").map((name) => `^${name}`)];
    const words = revisions.length === 0 ? ["--all"] : revisions;
    const target = { ...known, part: "repository" } as const;
    const log = await this.#repositories.git(target, "log", "--format=%H", ...words);
    const values = log
      .split("\n")
      .flatMap((hash) => (hash === "" ? [] : [{ type: "commit", hash }]));
    return pageOf(values, url);
  }

  #refuseWriting({ authorization }: Call): Answer | undefined {
    const identity = identify(this.#site, authorization);
    if (identity.is !== "token" || satisfies(identity.token, needs.writeRepository))
      return undefined;
    const detail = {
      required: required(identity.token, needs.writeRepository),
      granted: identity.token.scopes ?? [],
    };
    return restError(403, lacksScope, { detail });
  }

  #addHook(call: Call): Answer {
    const hook = JSON.parse(call.body.toString("utf8")) as Record<string, unknown>;
    this.hooks.push(hook);
    const { secret, ...shown } = hook;
    return json(201, { type: "webhook_subscription", secret_set: secret !== undefined, ...shown });
  }

  async #download(call: Call, { workspace, repository }: Known, name: string): Promise<Answer> {
    const folder = `/${workspace}/${repository}/`;
    if (call.method === "GET") {
      const location = `https://${downloadHost}${folder}${name}?Signature=signed`;
      return { status: 302, headers: { location }, body: "" };
    }
    const form = await new Response(new Uint8Array(call.body), {
      headers: { "content-type": call.contentType },
    }).formData();
    for (const file of form.getAll("files"))
      if (typeof file !== "string")
        this.#downloads.set(folder + file.name, Buffer.from(await file.arrayBuffer()));
    return { status: 201, headers: {}, body: "" };
  }
}

function pageOf(values: readonly unknown[], url: URL): Answer {
  const pagelen = Number(url.searchParams.get("pagelen") ?? 10);
  if (pagelen > 100) return restError(400, "Invalid pagelen");
  const page = Number(url.searchParams.get("page") ?? 1);
  const next = new URL(url);
  next.searchParams.set("page", String(page + 1));
  const isLast = page * pagelen >= values.length;
  return json(200, {
    values: values.slice((page - 1) * pagelen, page * pagelen),
    pagelen,
    size: values.length,
    page,
    ...(!isLast && { next: next.href }),
  });
}
