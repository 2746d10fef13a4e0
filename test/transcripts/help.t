# The commands, and each of them
$ git credential-bitbucket help
Git credential helper for Bitbucket: the right username and the right token for every repository.

usage: git credential-bitbucket COMMAND [OPTIONS]

  login        store a token: recognise its kind, validate it, say what it can do
  logout       forget an account and its secret
  status       show every account, and what is wrong with it
  explain      show which account answers for a URL, and why
  api          call Bitbucket's REST interface with the account that answers for a place
  configure    make git use this helper for bitbucket.org
  unconfigure  take the helper out of git's configuration, and put back what stood there
  migrate      move tokens out of urls, files and other helpers, and delete dead app passwords
  doctor       look for what keeps git and this program from working, and say what to do
  daemon       start, stop, lock or describe the daemon that keeps secrets in memory
  completion   print the completions of a shell, for where they are not installed
  help         show the commands, or one command's options

Git itself calls get, store, erase and capability.
More on one command: git credential-bitbucket help COMMAND
The manual: git help credential-bitbucket

$ git credential-bitbucket help login
usage: git credential-bitbucket login [OPTIONS]

Store a token: recognise its kind, validate it, say what it can do.

  --with-token         read the token from standard input, ask nothing
  --account NAME       name of the account; an existing one is renewed
  --email EMAIL        Atlassian account email of an API token
  --username USERNAME  your Bitbucket username
  --workspace W        use the token for this workspace
  --project W/KEY      use the token for this project
  --repository W/R     use the token for this repository
  --expires DATE       when the token expires: 2027-11-22, 90d or never
  --store STORE        where to keep it: keychain, file, pass or docker-credential-NAME
  --command COMMAND    have COMMAND print the token whenever it is needed, and keep it nowhere
  --no-validate        do not ask Bitbucket about the token

example: git credential-bitbucket login --repository acme/api

$ git credential-bitbucket help logout
usage: git credential-bitbucket logout [ACCOUNT | --all]

Forget an account and its secret.

  --all  forget every account

example: git credential-bitbucket logout work

$ git credential-bitbucket help status
usage: git credential-bitbucket status [--check] [--json]

Show every account, and what is wrong with it.

  --check  ask Bitbucket about every token now
  --json   print JSON for programs

example: git credential-bitbucket status --check

$ git credential-bitbucket help explain
usage: git credential-bitbucket explain URL [--json]

Show which account answers for a URL, and why.

  --json  print JSON for programs

example: git credential-bitbucket explain https://bitbucket.org/acme/api.git

$ git credential-bitbucket help configure
usage: git credential-bitbucket configure [--local | --global | --system]

Make git use this helper for bitbucket.org.

  --local   for the current repository only
  --global  for you, which is the default
  --system  for everybody on this machine

example: git credential-bitbucket configure

$ git credential-bitbucket help unconfigure
usage: git credential-bitbucket unconfigure [--local | --global | --system]

Take the helper out of git's configuration, and put back what stood there.

  --local   for the current repository only
  --global  for you, which is the default
  --system  for everybody on this machine

example: git credential-bitbucket unconfigure

$ git credential-bitbucket help migrate
usage: git credential-bitbucket migrate [--dry-run | --yes] [--in DIR]

Move tokens out of urls, files and other helpers, and delete dead app passwords.

  --dry-run  show what is there, and change nothing
  --yes      do everything without asking
  --in DIR   look into every repository below this folder

example: git credential-bitbucket migrate --in ~/src

$ git credential-bitbucket help doctor
usage: git credential-bitbucket doctor [--brief] [--verbose] [--json]

Look for what keeps git and this program from working, and say what to do.

  --brief    print only what is not in order
  --verbose  show names of users, accounts and hosts as well
  --json     print JSON for programs

example: git credential-bitbucket doctor

$ git credential-bitbucket help daemon
usage: git credential-bitbucket daemon start | stop | status [--json] | run | lock | unlock

Start, stop, lock or describe the daemon that keeps secrets in memory.

  --json  status: print JSON for programs

example: git credential-bitbucket daemon status

$ git credential-bitbucket help completion
usage: git credential-bitbucket completion bash | zsh | fish

Print the completions of a shell, for where they are not installed.

example: eval "$(git credential-bitbucket completion bash)"

$ git credential-bitbucket help help
usage: git credential-bitbucket help [COMMAND]

Show the commands, or one command's options.

example: git credential-bitbucket help login

# Other ways to ask
$ git credential-bitbucket --version
git-credential-bitbucket VERSION

$ git credential-bitbucket status --help
usage: git credential-bitbucket status [--check] [--json]

Show every account, and what is wrong with it.

  --check  ask Bitbucket about every token now
  --json   print JSON for programs

example: git credential-bitbucket status --check

$ git credential-bitbucket | head -n 1
Git credential helper for Bitbucket: the right username and the right token for every repository.

$ git credential-bitbucket help nothing
! git-credential-bitbucket: error: there is no such command
! git-credential-bitbucket: hint: git credential-bitbucket help
? 2

$ git credential-bitbucket help login logout
! git-credential-bitbucket: error: help takes one argument
! git-credential-bitbucket: hint: git credential-bitbucket help help
? 2
