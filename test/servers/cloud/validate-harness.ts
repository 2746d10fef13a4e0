// validateToken against a simulated Bitbucket over real HTTP, with faults before its own answers.
import { beforeEach, expect } from "vitest";
import type { TokenKind } from "../../../src/servers/token-kind.ts";
import { validateToken } from "../../../src/servers/cloud/validate.ts";
import type { Verdict } from "../../../src/servers/verdict.ts";
import type { CheckSubject } from "../../../src/servers/check-subject.ts";
import { Secret } from "../../../src/secret.ts";
import { answerRest } from "../../simulator/rest-rules.ts";
import type { Token } from "../../simulator/records.ts";
import { Site } from "../../simulator/site.ts";
import { always, type Answer } from "./local-api.ts";
import { restHarness } from "../../net/rest-harness.ts";

/** Ada's email, from herself. */
export const ada = { email: "ada@example.com", emailCertain: true };
/** The 401 with which Bitbucket refuses a Basic pair. */
export const denial = always(401, "", {
  "www-authenticate": 'Basic realm="Bitbucket.org HTTP"',
});

export interface ValidateHarness {
  /** acme/api in the project CORE, which ada may push to, and other/app, which she may not see. */
  readonly site: Site;
  /** Milliseconds since 1970, for the site. */
  now: number;
  /** Answers instead of the site's own, by the number of the request. */
  faults: (Answer | undefined)[];
  /** `path scheme` of each request, in order. */
  readonly asked: readonly string[];
  /** Checks it for acme/api, unless told otherwise. */
  check(
    kind: TokenKind,
    token: Pick<Token, "secret">,
    more?: Partial<CheckSubject>,
    timeoutMilliseconds?: number,
  ): Promise<Verdict>;
}

/** Called at the top of a test file; each test has its own site. */
export function validateHarness(): ValidateHarness {
  const rest = restHarness();
  let site: Site;
  let asked: string[];

  const answer: Answer = (request, response, before) => {
    const { authorization = "" } = request.headers;
    asked.push(`${request.url} ${authorization.split(" ")[0]}`);
    const fault = harness.faults[before];
    if (fault !== undefined) return fault(request, response, before);
    const { status, headers, body } = answerRest(site, { authorization, path: request.url ?? "" });
    return response.writeHead(status, headers).end(body);
  };

  const harness: ValidateHarness = {
    get site() {
      return site;
    },
    get asked() {
      return asked;
    },
    now: 0,
    faults: [],
    async check(kind, { secret }, more = {}, timeoutMilliseconds = 10_000) {
      const api = await rest.serve(answer, null);
      const client = rest.open({ apiUrl: api.url, caFiles: [], timeoutMilliseconds });
      const repository = { workspace: "acme", repository: "api" };
      const subject = { secret: new Secret(secret), kind, repository, ...more };
      const verdict = await validateToken(subject, client, { pauseMilliseconds: 1 });
      // Whatever a test is about: nothing but the two questions is ever asked, and nothing tells the secret.
      for (const line of asked) expect(line).toMatch(question);
      if (secret !== "") expect(JSON.stringify(verdict)).not.toContain(secret);
      return verdict;
    },
  };

  beforeEach(() => {
    harness.now = Date.UTC(2026, 10, 22);
    harness.faults = [];
    asked = [];
    site = new Site(() => harness.now);
    site.addUser("ada");
    site.addRepository("acme/api", { project: "CORE" });
    site.addRepository("other/app");
    site.allow("ada", "acme", "write");
  });
  return harness;
}

const question =
  /^\/2\.0\/(?:user|repositories\/[\w.-]+\/[\w.-]+\?fields=full_name,project\.key) (?:Basic|Bearer)$/u;
