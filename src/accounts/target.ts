// What git asks about, read once: the host as accounts are kept under it, the user who is named, and what of Bitbucket the
// path names.
import { accountHost, serverOf } from "../servers/servers.ts";
import { type RepositoryName, type RepositoryPath } from "../servers/repository-path.ts";
import { namedUser, type Request } from "../protocol/request.ts";

type Asked = Pick<Request, "host" | "path" | "username">;

export interface Target extends Asked {
  /** Undefined when the request names nobody in particular. */
  readonly user: string | undefined;
  /** Undefined when git sent no path, `odd` for one that names nothing on Bitbucket. */
  readonly place: RepositoryPath | "odd" | undefined;
  /** Undefined also for a snippet. */
  readonly repository: RepositoryName | undefined;
}

/** What git reports, and what it is about. */
export type Report = Request & Target;

/** @returns the request with what it means; its host is the account's. */
export function readTarget<R extends Asked>(request: R): R & Target {
  const { host, path } = request;
  const place =
    path === undefined || path === "" ? undefined : (serverOf(host).parsePath(path) ?? "odd");
  return {
    ...request,
    host: accountHost(host),
    user: namedUser(request),
    place,
    repository: typeof place === "object" ? repositoryOf(place) : undefined,
  };
}

function repositoryOf({ workspace, repository }: RepositoryPath): RepositoryName | undefined {
  return repository === undefined ? undefined : { workspace, repository };
}
