$ git credential-bitbucket completion bash | head -n 1
\# Completions of git-credential-bitbucket for bash, made from its table of commands.

$ git credential-bitbucket completion tcsh
! git-credential-bitbucket: error: there are completions for bash, zsh and fish
! git-credential-bitbucket: hint: git credential-bitbucket completion bash
? 2

$ git credential-bitbucket completion
! git-credential-bitbucket: error: completion needs bash | zsh | fish
! git-credential-bitbucket: hint: git credential-bitbucket help completion
? 2
