// Completions for zsh: a function for compinit's function path, _git-credential-bitbucket, by which zsh's completion of git
// finds it too. zshcompsys(1), Autoloaded files, _arguments; the head of zsh's own _git.
import { accountsCommand, type CompletedCommand, type Offer } from "./offer.ts";

/** @param summary what the program is, for the list of git's commands. */
export function zshCompletion(commands: readonly CompletedCommand[], summary: string): string {
  return `#compdef git-credential-bitbucket
#description ${summary}
# Completions of git-credential-bitbucket for zsh, made from its table of commands.

_git_credential_bitbucket_accounts() {
  local -a accounts expl
  accounts=(\${(f)"$(_call_program accounts ${accountsCommand} 2>/dev/null)"})
  _wanted accounts expl account compadd -a accounts
}

_git-credential-bitbucket() {
  local curcontext=$curcontext state line ret=1
  typeset -A opt_args
  local -a commands
  commands=(
${commands.map(({ name, summary: text }) => `    ${quoted(`${name}:${text}`)}`).join("\n")}
  )
  _arguments -C \\
    '(- : *)--help[show the commands]' \\
    '(- : *)--version[print the version]' \\
    '1: :->command' \\
    '*:: :->argument' && ret=0
  case $state in
    command)
      _describe -t commands command commands && ret=0
      ;;
    argument)
      case $words[1] in
${commands.map(commandCase).join("\n")}
      esac
      ;;
  esac
  return ret
}

# Loaded by compinit, this file is the function; read by eval or source, it only defines it.
if [ "$funcstack[1]" = _git-credential-bitbucket ]; then
  _git-credential-bitbucket "$@"
else
  compdef _git-credential-bitbucket git-credential-bitbucket
fi
`;
}

function commandCase({ name, options, operand }: CompletedCommand): string {
  const specifications = [
    ...options.map(({ flag, summary, value }) => {
      const described = `[${summary.replaceAll(/[[\]\\:]/gu, String.raw`\$&`)}]`;
      return value === undefined
        ? `${flag}${described}`
        : `${flag}=${described}:${value.name}:${action(value.offer)}`;
    }),
    ...(operand === undefined ? [] : [`1:${name}:${action(operand)}`]),
  ];
  const words = ["_arguments", ...specifications.map(quoted)].join(" \\\n            ");
  return `        ${name})\n          ${words} && ret=0\n          ;;`;
}

/** What _arguments does in this place: a single space asks for something and offers nothing. */
function action(offer: Offer): string {
  switch (offer.kind) {
    case "words":
      return `(${offer.words.join(" ")})`;
    case "accounts":
      return "_git_credential_bitbucket_accounts";
    case "folders":
      return "_directories";
    case "unknown":
      return " ";
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
