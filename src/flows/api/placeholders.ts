// {workspace}, {repository}, {branch} and {commit} of the current repository, in an address or a field. What else stands in
// braces stays: Bitbucket's UUIDs do.
import { HelperError } from "../../errors.ts";
import type { Git } from "../../git/git.ts";
import { listRemotes } from "../../git/git-repository.ts";
import type { RepositoryName } from "../../servers/repository-path.ts";
import { findRepository } from "../login/offers.ts";

const pattern = /\{(workspace|repository|repo|branch|commit)\}/gu;

export interface Surroundings {
  readonly git: Git;
  readonly hosts: ReadonlySet<string>;
  /** Of --repository; the current one's remote says it otherwise. */
  readonly named: RepositoryName | undefined;
}

/**
 * @param encode for where the text stands: an address, or a value as it is.
 * @returns the text with what the places are called. Git is asked only for what occurs. Throws HelperError `usage` where
 * there is no repository to take it from, and `git`.
 */
export async function fillPlaceholders(
  text: string,
  around: Surroundings,
  encode: (value: string) => string,
): Promise<string> {
  let filled = text;
  for (const [whole, name = ""] of text.matchAll(pattern))
    filled = filled.replace(whole, encode(await valueOf(name, around)));
  return filled;
}

async function valueOf(name: string, around: Surroundings): Promise<string> {
  if (name === "branch") return await headOf(around, ["symbolic-ref", "--short", "HEAD"], name);
  if (name === "commit") return await headOf(around, ["rev-parse", "--verify", "HEAD"], name);
  const repository = around.named ?? findRepository(await listRemotes(around.git), around.hosts);
  if (repository === undefined)
    throw new HelperError("usage", `no remote here says what {${name}} is`, {
      hint: "git credential-bitbucket api --repository WORKSPACE/REPOSITORY …",
    });
  return name === "workspace" ? repository.workspace : repository.repository;
}

async function headOf(
  { git }: Surroundings,
  args: readonly string[],
  name: string,
): Promise<string> {
  const { stdout, exitCode } = await git.run(args, { okExitCodes: [0, 1, 128] });
  if (exitCode === 0) return stdout.trimEnd();
  throw new HelperError("usage", `there is no {${name}} here`, { hint: "git status" });
}
