// One REST call, with what follows from its answer: a redirect without the credential, the next pages, a wait where
// Bitbucket wants one. docs/bitbucket.md, "Calling REST".
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { HelperError } from "../../errors.ts";
import { apiBase } from "../../net/api-url.ts";
import type { RestSettings } from "../../net/rest.ts";
import {
  type Answer,
  openTransfer,
  type Transfer,
  type TransferRequest,
} from "../../net/transfer.ts";
import { askingForNext, readPage } from "./pages.ts";

export interface Caller {
  /** Follows redirects of GET and HEAD. */
  once(request: TransferRequest): Promise<Answer>;
  /** Waits where Bitbucket says 429 and when, up to three times. @param tell is told how long. */
  patiently(request: TransferRequest, tell: (seconds: number) => void): Promise<Answer>;
  /**
   * Gives the pages one by one; a first answer that is no page, or an error, is the last.
   * Throws HelperError `network` where a page comes again.
   */
  pages(request: TransferRequest, tell: (seconds: number) => void): AsyncGenerator<PageAnswer>;
  close(): Promise<void>;
}

export interface PageAnswer {
  readonly answer: Answer;
  readonly text: string;
  /** Undefined for what is no page. */
  readonly values: readonly unknown[] | undefined;
}

const mostRedirects = 5;
const mostWaits = 3;
const longestWaitSeconds = 60;

export function openCaller(settings: RestSettings): Caller {
  const open: Transfer[] = [];
  const api = openTransfer(settings.apiUrl, settings);
  open.push(api);
  const base = apiBase(settings.apiUrl);

  async function once(request: TransferRequest): Promise<Answer> {
    let answer = await api.send(request);
    let from = `${base.origin}${base.prefix}${request.path}`;
    for (let count = 0; isRedirect(answer, request); count += 1) {
      if (count === mostRedirects)
        throw new HelperError("network", `bitbucket redirected more than ${mostRedirects} times`);
      await skip(answer);
      const target = new URL(headerOf(answer, "location") ?? "", from);
      if (base.secure && target.protocol !== "https:")
        throw new HelperError("network", "bitbucket redirects to what is not https");
      from = target.href;
      const other = openTransfer(target.origin, settings);
      open.push(other);
      // The address is a credential by itself, and with a second one storage refuses both.
      answer = await other.send({
        method: request.method,
        path: target.pathname + target.search,
        headers: { "user-agent": settings.userAgent, accept: "*/*" },
      });
    }
    return answer;
  }

  async function patiently(
    request: TransferRequest,
    tell: (seconds: number) => void,
  ): Promise<Answer> {
    for (let waits = 0; ; waits += 1) {
      const answer = await once(request);
      const seconds = Number(headerOf(answer, "retry-after") ?? Number.NaN);
      if (answer.status !== 429 || waits === mostWaits || !(seconds >= 0)) return answer;
      await skip(answer);
      const wait = Math.min(seconds, longestWaitSeconds);
      tell(wait);
      await sleep(wait * 1000);
    }
  }

  async function* pages(
    request: TransferRequest,
    tell: (seconds: number) => void,
  ): AsyncGenerator<PageAnswer> {
    const hosts = new Set([base.host]);
    const seen = new Set<string>();
    for (let path: string | undefined = askingForNext(request.path); path !== undefined;) {
      if (seen.has(path))
        throw new HelperError("network", "bitbucket's pages lead back to one that was read");
      seen.add(path);
      const answer = await patiently({ ...request, path }, tell);
      const text = (await buffer(answer.body)).toString("utf8");
      const page = answer.status < 300 ? readPage(text, hosts, base.prefix) : undefined;
      yield { answer, text, values: page?.values };
      path = page?.values === undefined ? undefined : page.next;
    }
  }

  return {
    once,
    patiently,
    pages,
    async close() {
      await Promise.all(open.map((transfer) => transfer.close()));
    },
  };
}

function isRedirect(answer: Answer, { method }: TransferRequest): boolean {
  return (
    [301, 302, 303, 307, 308].includes(answer.status) &&
    ["GET", "HEAD"].includes(method) &&
    headerOf(answer, "location") !== undefined
  );
}

export function headerOf({ headers }: Answer, name: string): string | undefined {
  return headers.find(([other]) => other === name)?.[1];
}

async function skip(answer: Answer): Promise<void> {
  for await (const _ of answer.body);
}
