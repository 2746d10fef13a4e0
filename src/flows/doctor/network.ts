// The way to Bitbucket's REST interface: proxy, certificates, whether it answers, and its clock against this one.
import { usualServer } from "../../servers/servers.ts";
import { allCertificates, type Authorities } from "../../net/certificates.ts";
import { ConnectionFailure } from "../../net/connection-failure.ts";
import { bypassesProxy, parseProxy, unsupportedProxy } from "../../net/proxy.ts";
import { isFailure, type RestFailure } from "../../net/rest-answer.ts";
import type { Environment } from "../../outside.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { forgottenVariables } from "../../processes/forgotten-variables.ts";
import { readNetworkSettings } from "../../settings/network-settings.ts";
import { failed, type Finding, ok, skipped, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";

const showProxy = "git config --show-origin --get-regexp 'http.*proxy'; env | grep -i _proxy=";
const minute = 60_000;
/** Tokens and certificates have dates; servers forgive a few minutes. docs/design.md, "Commands". */
const toleratedMinutes = 5;

export async function checkProxy(context: DoctorContext): Promise<Finding> {
  const { proxy: configured, noProxy } = await context.network();
  if (configured === undefined) return ok("none");
  const { hostname } = new URL((await context.settings()).apiUrl);
  const proxy = parseProxy(configured);
  if (proxy === "unsupported") return failed(unsupportedProxy, showProxy);
  if (bypassesProxy(hostname, noProxy ?? "")) return ok("one is set, and no_proxy leaves it out");
  const login = proxy.login === undefined ? "" : ", with a username and a password";
  return ok(`${proxy.scheme}://${proxy.name}${login}`);
}

export async function checkCertificates(context: DoctorContext): Promise<readonly Finding[]> {
  const { caFiles, caFolder } = await context.network();
  const usual = "those that node brings, then the system's";
  if (caFiles.length === 0 && caFolder === undefined) return [ok(usual)];
  return await Promise.all([
    ...caFiles.map((file) => examine(file, usual, { caFiles: [file] })),
    ...(caFolder === undefined ? [] : [examine(caFolder, usual, { caFiles: [], caFolder })]),
  ]);
}

async function examine(place: string, usual: string, authorities: Authorities): Promise<Finding> {
  try {
    await allCertificates(authorities);
    return ok(`${usual}, and ${place}`);
  } catch (error) {
    if (!(error instanceof ConnectionFailure)) throw error;
    return failed(error.message, `ls -ld ${shellWord(place)}`);
  }
}

/** Nothing of it applies to us: verified.ts. But git, and other programs of Node, send a token to whoever answers. */
export async function checkVerification({ outside }: DoctorContext): Promise<readonly Finding[]> {
  const { sslVerifyIgnored } = await readNetworkSettings(outside, "https://bitbucket.org");
  const { env } = outside;
  const name = "NODE_TLS_REJECT_UNAUTHORIZED";
  const isSet = env[name] !== undefined || forgottenVariables(env).includes(name);
  const findings = [
    ...(sslVerifyIgnored ? [gitDoesNotVerify(env)] : []),
    ...(isSet ? [warning(`${name} is set, ${changesNothing}`, `unset ${name}`)] : []),
  ];
  return findings.length > 0 ? findings : [ok("git checks who answers for bitbucket.org")];
}

const changesNothing = "which changes nothing here";

function gitDoesNotVerify(env: Environment): Finding {
  const message = "git does not check who answers, and gives the token to anybody";
  return env["GIT_SSL_NO_VERIFY"] === undefined
    ? warning(
        `${message}: http.sslVerify is false, ${changesNothing}`,
        "git config --show-origin --get-regexp 'http.*sslverify'",
      )
    : warning(`${message}: GIT_SSL_NO_VERIFY is set, ${changesNothing}`, "unset GIT_SSL_NO_VERIFY");
}

export async function checkReach(context: DoctorContext): Promise<Finding> {
  const { result, sent, received } = await context.reach();
  const url = `${(await context.settings()).apiUrl}/2.0/user`;
  const tryIt = `curl -sS -o /dev/null -w '%{http_code}\\n' ${shellWord(url)}`;
  if (isFailure(result)) return failed(result.because, adviceFor(result) ?? tryIt);
  // Without a secret, this is what Bitbucket says.
  if (result.status === 401) return ok(`it answers in ${Math.max(0, received - sent)} ms`);
  if (result.status < 300)
    return failed("what answers for bitbucket does not ask for a token", tryIt);
  const { because, doubt } = usualServer.doubtAbout(result);
  return doubt === "busy" || doubt === "fault" ? warning(because, tryIt) : failed(because, tryIt);
}

function adviceFor({ failure }: RestFailure): string | undefined {
  if (failure === "proxy") return showProxy;
  return failure === "certificates" || failure === "tls"
    ? "git config --show-origin --get-regexp 'http.*sslca'"
    : undefined;
}

/** By the Date of Bitbucket's answer; RFC 9110, section 6.6.1. */
export async function checkClock(context: DoctorContext): Promise<Finding> {
  const { result, sent, received } = await context.reach();
  const date = isFailure(result) ? undefined : Date.parse(result.headers.get("date") ?? "");
  if (date === undefined || Number.isNaN(date))
    return skipped("bitbucket did not say what time it is");
  const ahead = (sent + received) / 2 - date;
  const minutes = Math.round(Math.abs(ahead) / minute);
  if (Math.abs(ahead) <= toleratedMinutes * minute) return ok("it agrees with bitbucket's");
  return failed(
    `it is ${minutes} minutes ${ahead > 0 ? "ahead of" : "behind"} bitbucket's`,
    setClock[context.outside.platform] ?? "sudo timedatectl set-ntp true",
  );
}

/** The others: not tested. */
const setClock: Partial<Record<NodeJS.Platform, string>> = {
  darwin: "sudo sntp -sS time.apple.com",
  win32: "w32tm /resync",
};
