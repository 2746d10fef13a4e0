// THE table of settings: git config keys and the environment variables that go before them. docs/design.md, "Settings and the environment".
// Man page, README and help are checked against it.
import {
  apiUrl,
  boolean,
  choice,
  duration,
  file,
  hosts,
  store,
  type SettingKind,
} from "./setting-values.ts";

export interface SettingRow<T = unknown> {
  /** As people write it in git config; git compares it without case. */
  readonly key: string;
  readonly env: string;
  readonly kind: SettingKind<T>;
  /** What holds when it is not set, for people. */
  readonly default: string;
  readonly summary: string;
}

export const settings = {
  store: {
    key: "credential.bitbucketStore",
    env: "GIT_CREDENTIAL_BITBUCKET_STORE",
    kind: store,
    default: "keychain when it answers, else file",
    summary: "where new secrets go",
  },
  hosts: {
    key: "credential.bitbucketHosts",
    env: "GIT_CREDENTIAL_BITBUCKET_HOSTS",
    kind: hosts,
    default: "none",
    summary: "hosts served besides bitbucket.org and www.bitbucket.org",
  },
  apiUrl: {
    key: "credential.bitbucketApiUrl",
    env: "GIT_CREDENTIAL_BITBUCKET_API_URL",
    kind: apiUrl,
    default: "https://api.bitbucket.org",
    summary: "where tokens are checked",
  },
  validate: {
    key: "credential.bitbucketValidate",
    env: "GIT_CREDENTIAL_BITBUCKET_VALIDATE",
    kind: choice("first-use", "always", "never"),
    default: "first-use",
    summary: "when a token is checked with Bitbucket before git gets it",
  },
  timeout: {
    key: "credential.bitbucketTimeout",
    env: "GIT_CREDENTIAL_BITBUCKET_TIMEOUT",
    kind: duration(1, "60s"),
    default: "5s",
    summary: "how long one check with Bitbucket may take",
  },
  daemon: {
    key: "credential.bitbucketDaemon",
    env: "GIT_CREDENTIAL_BITBUCKET_DAEMON",
    kind: boolean,
    default: "true",
    summary: "whether a daemon keeps secrets in memory",
  },
  idleTimeout: {
    key: "credential.bitbucketIdleTimeout",
    env: "GIT_CREDENTIAL_BITBUCKET_IDLE_TIMEOUT",
    kind: duration(1, "30d"),
    default: "1h",
    summary: "how long the daemon stays when nobody asks",
  },
  cacheTimeout: {
    key: "credential.bitbucketCacheTimeout",
    env: "GIT_CREDENTIAL_BITBUCKET_CACHE_TIMEOUT",
    kind: duration(1, "8h"),
    default: "15m",
    summary: "how long the daemon keeps a secret after its last use",
  },
  logLevel: {
    key: "credential.bitbucketLogLevel",
    env: "GIT_CREDENTIAL_BITBUCKET_LOG_LEVEL",
    kind: choice("silent", "error", "warn", "info", "debug", "trace"),
    default: "silent",
    summary: "what is logged; never secrets",
  },
  logFile: {
    key: "credential.bitbucketLogFile",
    env: "GIT_CREDENTIAL_BITBUCKET_LOG_FILE",
    kind: file,
    default: "log in git-credential-bitbucket under XDG_STATE_HOME",
    summary: "where it is logged, one JSON object a line",
  },
} as const satisfies Record<string, SettingRow>;

export type SettingName = keyof typeof settings;

export const settingRows: readonly SettingRow[] = Object.values(settings);

export const settingVariables = settingRows.map(({ env }) => env);
