// Faults on demand: what the network, proxies and Bitbucket's bad days do instead of answering by the rules.
import type { Service } from "./request-log.ts";

export type Fault =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The answer by the rules, later; Infinity: never. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** The connection is reset (RST) before an answer. */
  | { readonly kind: "reset" }
  /** 200 with fewer bytes than announced, then the connection ends. */
  | { readonly kind: "truncate" }
  /** 200 with a page that is neither git's protocol nor JSON. */
  | { readonly kind: "garbage" }
  /** 302 to the same path of another origin, `https://elsewhere.example`. */
  | { readonly kind: "redirect"; readonly to: string };

/** Which requests; all when nothing is said. */
export interface FaultFilter {
  readonly service?: Service;
  /** Only those with an Authorization header: the anonymous first request of git is answered 401 anyway. */
  readonly authenticated?: boolean;
  readonly path?: RegExp;
  /** How many of them; until it is cleared when left out. */
  readonly times?: number;
}

export interface FaultSubject {
  readonly service: Service;
  readonly authenticated: boolean;
  readonly path: string;
}

export interface PlannedFault {
  clear(): void;
}

/** Bitbucket's two forms of 429. */
export const rateLimits = {
  json: {
    kind: "status",
    status: 429,
    headers: { "content-type": "application/json" },
    body: '{"type":"error","error":{"message":"Rate limit for this resource has been exceeded"}}',
  },
  text: {
    kind: "status",
    status: 429,
    headers: { "content-type": "text/plain" },
    body: "Rate limit for this resource has been exceeded",
  },
} as const satisfies Readonly<Record<string, Fault>>;

export class Faults {
  readonly #planned: { readonly fault: Fault; readonly filter: FaultFilter; left: number }[] = [];

  plan(fault: Fault, filter: FaultFilter = {}): PlannedFault {
    const planned = { fault, filter, left: filter.times ?? Infinity };
    this.#planned.push(planned);
    return { clear: () => (planned.left = 0) };
  }

  clear(): void {
    this.#planned.length = 0;
  }

  /** @returns the first planned one that fits, and counts it. */
  take(subject: FaultSubject): Fault | undefined {
    const planned = this.#planned.find(({ filter, left }) => left > 0 && fits(filter, subject));
    if (planned === undefined) return undefined;
    planned.left -= 1;
    return planned.fault;
  }
}

function fits(filter: FaultFilter, subject: FaultSubject): boolean {
  return (
    (filter.service === undefined || filter.service === subject.service) &&
    (filter.authenticated === undefined || filter.authenticated === subject.authenticated) &&
    (filter.path === undefined || filter.path.test(subject.path))
  );
}
