// THE table of checks, in the order in which they are told: first what the others need. docs/design.md, "Commands".
import { checkAccounts, checkAccountsFile, status } from "./accounts.ts";
import type { Check } from "./check.ts";
import { checkDaemon, checkSocketFolder, stop } from "./daemon.ts";
import { checkElsewhere } from "./elsewhere.ts";
import { checkHelpers, checkHttpPath, showHelpers } from "./helpers.ts";
import {
  checkCertificates,
  checkClock,
  checkProxy,
  checkReach,
  checkVerification,
} from "./network.ts";
import { checkOwners } from "./owners.ts";
import { checkGit, checkNode, checkPath } from "./programs.ts";
import { checkRepository } from "./repository.ts";
import { checkStores } from "./stores.ts";
import { useFileStore } from "../store-advice.ts";
import { checkEnvironment, checkEnvironmentToken, checkSettings } from "./environment.ts";

type Row = readonly [
  title: string,
  limitSeconds: number,
  whenSlow: string,
  runChecks: Check["runChecks"],
];

const showConfig = "git config --list --show-origin";
const again = "git credential-bitbucket doctor";

const rows: readonly Row[] = [
  ["git", 10, "git --version", checkGit],
  ["node", 10, "node --version", checkNode],
  ["command", 10, "git --exec-path", checkPath],
  ["settings", 10, showConfig, checkSettings],
  ["repository", 10, showConfig, checkRepository],
  ["environment", 10, again, checkEnvironment],
  ["owner", 10, again, checkOwners],
  ["BITBUCKET_TOKEN", 10, again, checkEnvironmentToken],
  ["helper chain", 10, showHelpers, checkHelpers],
  ["useHttpPath", 10, showConfig, checkHttpPath],
  ["accounts file", 10, again, checkAccountsFile],
  ["accounts", 20, status, checkAccounts],
  ["store", 20, useFileStore, checkStores],
  ["elsewhere", 20, "git credential-bitbucket migrate --dry-run", checkElsewhere],
  ["socket folder", 10, again, checkSocketFolder],
  ["daemon", 10, stop, checkDaemon],
  ["proxy", 10, showConfig, checkProxy],
  ["CA files", 10, showConfig, checkCertificates],
  ["sslVerify", 10, showConfig, checkVerification],
  ["bitbucket", 15, again, checkReach],
  ["clock", 15, again, checkClock],
];

export const checks: readonly Check[] = rows.map(([title, limitSeconds, whenSlow, runChecks]) => ({
  title,
  limitSeconds,
  whenSlow,
  runChecks,
}));
