// Faults on demand: what the network, proxies and Bitbucket's bad days do instead of answering by the rules.
import type { Service } from "./request-log.ts";

export type Fault =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The answer by the rules, later; Infinity: not before the fault is cleared. */
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

/** A fault that a request met. */
export interface TakenFault {
  readonly fault: Fault;
  readonly cleared: AbortSignal;
}

interface Planned extends TakenFault {
  readonly filter: FaultFilter;
  readonly clear: () => void;
  left: number;
}

export class Faults {
  #planned: readonly Planned[] = [];

  plan(fault: Fault, filter: FaultFilter = {}): PlannedFault {
    const controller = new AbortController();
    const clear = (): void => controller.abort();
    const left = filter.times ?? Infinity;
    this.#planned = [...this.#planned, { fault, filter, left, cleared: controller.signal, clear }];
    return { clear };
  }

  clear(): void {
    for (const planned of this.#planned) planned.clear();
    this.#planned = [];
  }

  /** @returns the first planned one that fits, and counts it. */
  take(subject: FaultSubject): TakenFault | undefined {
    const planned = this.#planned.find(
      ({ filter, left, cleared }) => left > 0 && !cleared.aborted && fits(filter, subject),
    );
    if (planned !== undefined) planned.left -= 1;
    return planned;
  }
}

function fits(filter: FaultFilter, subject: FaultSubject): boolean {
  return (
    (filter.service === undefined || filter.service === subject.service) &&
    (filter.authenticated === undefined || filter.authenticated === subject.authenticated) &&
    (filter.path === undefined || filter.path.test(subject.path))
  );
}
