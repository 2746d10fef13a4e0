// What changes how this program works: its settings, variables of the environment, and a token among them.
import { tokenKinds } from "../../servers/token-kind.ts";
import { environmentNote, environmentProblems } from "../environment-note.ts";
import { tokenFromEnvironment } from "../../settings/environment-token.ts";
import { forgottenVariables } from "../../processes/forgotten-variables.ts";
import { type SettingRow, settingRows, settings } from "../../settings/setting-rows.ts";
import { nameOf, ownValues } from "../../settings/settings.ts";
import { failed, type Finding, ok, skipped, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";

/** Their values name hosts and folders. */
const privateValues: ReadonlySet<SettingRow> = new Set([
  settings.hosts,
  settings.apiUrl,
  settings.logFile,
]);

export async function checkSettings(context: DoctorContext): Promise<Finding> {
  await context.settings();
  const { outside, verbose } = context;
  const config = ownValues(await context.config(), "https://bitbucket.org");
  const set = settingRows.flatMap((row) => {
    const override = outside.env[row.env] ?? "";
    const value = override === "" ? config.get(nameOf(row)) : override;
    if (value === undefined) return [];
    const name = override === "" ? row.key : row.env;
    return [privateValues.has(row) && !verbose ? `${name} is set` : `${name}=${value}`];
  });
  return ok(set.length === 0 ? "all as they are by default" : set.join(", "));
}

/** Only the names are told, of these and no others. */
const told = `
  CI SSH_CONNECTION DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS GIT_ASKPASS SSH_ASKPASS
  GIT_TERMINAL_PROMPT GIT_DIR GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_CONFIG_NOSYSTEM GIT_CONFIG_COUNT
  GIT_CONFIG_PARAMETERS XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR
  NODE_OPTIONS NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR GIT_SSL_CAINFO GIT_SSL_CAPATH
  GIT_SSL_NO_VERIFY http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
`
  .trim()
  .split(/\s+/u);

export async function checkEnvironment({ outside: { env } }: DoctorContext): Promise<Finding> {
  const set = told.filter((name) => (env[name] ?? "") !== "");
  const forgotten = forgottenVariables(env);
  const parts = [
    ...(set.length > 0 ? [`set: ${set.join(", ")}`] : []),
    ...(forgotten.length > 0 ? [`set, and forgotten here: ${forgotten.join(", ")}`] : []),
  ];
  return ok(parts.join("; ") || "nothing that matters is set");
}

/** Throws HelperError `bad-setting` for one that git's lines could not carry. */
export async function checkEnvironmentToken(context: DoctorContext): Promise<readonly Finding[]> {
  const token = tokenFromEnvironment(context.outside.env);
  if (token === undefined) return [skipped("it is not set")];
  const problems = environmentProblems(token);
  if (problems.length > 0)
    return problems.map(({ message, next = unset }) => failed(message, next));
  const accounts = await context.accounts();
  const { title } = tokenKinds[token.kind];
  if (accounts.length === 0) return [ok(`it is set: git gets that ${title}`)];
  const { hosts } = await context.settings();
  return [warning(environmentNote(token, hosts) ?? "", unset)];
}

const unset = "unset BITBUCKET_TOKEN";
