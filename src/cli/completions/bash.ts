// Completions for bash 3.2 and later: behind `git-credential-bitbucket`, and behind `git credential-bitbucket`, for which
// git's own completion calls _git_credential_bitbucket. bash(1), Programmable Completion.
import { accountsCommand, type CompletedCommand, type Offer } from "./offer.ts";

/** @returns the script. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  return `# Completions of git-credential-bitbucket for bash, made from its table of commands.

# What git's completion calls, and what bash calls behind the program's own name.
_git_credential_bitbucket() {
	local at
	for ((at = 1; at < COMP_CWORD; at++)); do
		[ "\${COMP_WORDS[at]}" != credential-bitbucket ] || break
	done
	[ "$at" -lt "$COMP_CWORD" ] || at=1
	# Git's completion adds no space by itself, and falls back to the names of files.
	compopt +o default +o bashdefault 2>/dev/null
	__git_credential_bitbucket "$at" ' '
}

_git_credential_bitbucket_program() {
	__git_credential_bitbucket 0 ''
}

# $1: place of the program in the line, $2: what stands behind a whole word.
__git_credential_bitbucket() {
	local after=$2 cur=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq $(($1 + 1)) ]; then
		__git_credential_bitbucket_words '${names} --help --version'
		return
	fi
	# Bash parts --option=value into three words.
	if [ "$cur" = '=' ]; then
		cur=
	elif [ "$before" = '=' ]; then
		before=\${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case "\${COMP_WORDS[$1 + 1]} $before" in
${commands.flatMap(valueCases).join("\n")}
	esac
	case "\${COMP_WORDS[$1 + 1]} $cur" in
${commands.flatMap(commandCases).join("\n")}
	esac
}

# One word each, so that the names of accounts, which bash would expand, have to be harmless: the program sees to it.
__git_credential_bitbucket_words() {
	local IFS=$' \\t\\n' words
	words=($1)
	IFS=$'\\n'
	COMPREPLY=($(compgen -S "$after" -W "\${words[*]}" -- "$cur"))
}

# An option is offered once.
__git_credential_bitbucket_options() {
	local option left=
	for option in $1; do
		case " \${COMP_WORDS[*]:0:COMP_CWORD} " in *" $option "*) ;; *) left="$left $option" ;; esac
	done
	__git_credential_bitbucket_words "$left"
}

__git_credential_bitbucket_accounts() {
	__git_credential_bitbucket_words "$(${accountsCommand} 2>/dev/null)"
}

__git_credential_bitbucket_folders() {
	local IFS=$'\\n'
	compopt -o filenames 2>/dev/null
	COMPREPLY=($(compgen -d -- "$cur"))
}

complete -F _git_credential_bitbucket_program git-credential-bitbucket
`;
}

function valueCases({ name, options }: CompletedCommand): readonly string[] {
  return options.flatMap(({ flag, value }) =>
    value === undefined ? [] : [`\t'${name} ${flag}') ${call(value.offer)}; return ;;`],
  );
}

function commandCases({ name, options, operand }: CompletedCommand): readonly string[] {
  const flags = `__git_credential_bitbucket_options '${options.map(({ flag }) => flag).join(" ")}' ;;`;
  if (operand === undefined || operand.kind === "unknown") return [`\t'${name} '*) ${flags}`];
  const words = `\t'${name} '*) ${call(operand)} ;;`;
  return options.length === 0 ? [words] : [`\t'${name} -'*) ${flags}`, words];
}

function call(offer: Offer): string {
  switch (offer.kind) {
    case "words":
      return `__git_credential_bitbucket_words '${offer.words.join(" ")}'`;
    case "accounts":
      return "__git_credential_bitbucket_accounts";
    case "folders":
      return "__git_credential_bitbucket_folders";
    case "unknown":
      return ":";
  }
}
