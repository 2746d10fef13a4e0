// Completions for fish. Behind `git credential-bitbucket`, fish's completion of git asks for those of the program, by a
// wrong name before 3.7: hence the lines for git, which help once this is sourced. complete(1) of fish.
import { accountsCommand, type CompletedCommand, type Offer } from "./offer.ts";

/** @returns the script. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  return `# Completions of git-credential-bitbucket for fish, made from its table of commands.

# Whether the command of the line is this one; without a name, whether there is none yet.
function __git_credential_bitbucket_is
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"
end

function __git_credential_bitbucket_behind_git
    set -l words (commandline -opc)
    set -l place (contains -i -- credential-bitbucket $words)
    set -e words[1..$place]
    complete -C "git-credential-bitbucket "(string join -- ' ' (string escape -- $words) (commandline -ct))
end

complete -c git-credential-bitbucket -f
complete -c git -f -n "contains -- credential-bitbucket (commandline -opc)" -a "(__git_credential_bitbucket_behind_git)"
${[...commands.map(firstWord), ...commands.flatMap(behind)].join("\n")}
`;
}

function firstWord({ name, summary }: CompletedCommand): string {
  return line("''", `-a ${name}`, summary);
}

function behind({ name, options, operand }: CompletedCommand): readonly string[] {
  return [
    ...options.map(({ flag, summary, value }) => {
      const option = `-l ${flag.slice(2)}`;
      return line(
        name,
        value === undefined ? option : `${option} ${required(value.offer)}`,
        summary,
      );
    }),
    ...(operand === undefined || operand.kind === "unknown"
      ? []
      : [line(name, `-a ${candidates(operand)}`)]),
  ];
}

function line(command: string, what: string, summary?: string): string {
  const description = summary === undefined ? "" : ` -d ${quoted(summary)}`;
  return `complete -c git-credential-bitbucket -n "__git_credential_bitbucket_is ${command}" ${what}${description}`;
}

function required(offer: Offer): string {
  return offer.kind === "unknown" ? "-x" : `-x -a ${candidates(offer)}`;
}

function candidates(offer: Exclude<Offer, { readonly kind: "unknown" }>): string {
  switch (offer.kind) {
    case "words":
      return quoted(offer.words.join(" "));
    case "accounts":
      return `'(${accountsCommand} 2>/dev/null)'`;
    case "folders":
      return "'(__fish_complete_directories)'";
  }
}

/** In single quotes, fish reads a backslash before itself and before a quote. */
function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/gu, String.raw`\$&`)}'`;
}
