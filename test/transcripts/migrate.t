# Nothing lies around
$ git credential-bitbucket migrate
no login for bitbucket lies outside of the accounts

# A dead app password in a remote's URL and in a file of git's, and a token that lives
% APP = app-password alice
% API = access-token globex
$ git init -q api && git -C api remote add origin "https://alice:$APP@bitbucket.org/acme/api.git"

$ printf 'https://alice:%s@bitbucket.org\nhttps://x-token-auth:%s@bitbucket.org/globex/lib.git\n' "$APP" "$API" >~/.git-credentials

$ git -C api credential-bitbucket migrate --dry-run
logins for bitbucket in 3 places:

where                           what                  state                    then
~/.git-credentials, line 1      app password (alice)  dead since 28 July 2026  deleted
~/.git-credentials, line 2      access token          alive                    becomes account 'globex'
.git/config, remote.origin.url  app password (alice)  dead since 28 July 2026  taken out

nothing is changed: this was a dry run

$ git -C api credential-bitbucket migrate
logins for bitbucket in 3 places:

where                           what                  state                    then
~/.git-credentials, line 1      app password (alice)  dead since 28 July 2026  deleted
~/.git-credentials, line 2      access token          alive                    becomes account 'globex'
.git/config, remote.origin.url  app password (alice)  dead since 28 July 2026  taken out

! git-credential-bitbucket: error: nothing is changed: there is no terminal to ask
! git-credential-bitbucket: hint: git credential-bitbucket migrate --yes
? 1

$ git -C api credential-bitbucket migrate --yes
logins for bitbucket in 3 places:

where                           what                  state                    then
~/.git-credentials, line 1      app password (alice)  dead since 28 July 2026  deleted
~/.git-credentials, line 2      access token          alive                    becomes account 'globex'
.git/config, remote.origin.url  app password (alice)  dead since 28 July 2026  taken out

stored as account 'globex' in the file store: access token, workspace globex
~/.git-credentials: line 1 is gone, line 2 is gone; backup: ~/.git-credentials.before-migrate
.git/config: remote.origin.url is now https://bitbucket.org/acme/api.git; backup: .git/config.before-migrate
next: git credential-bitbucket login
the backups hold the old secrets in plain text; when everything works, delete them:
  rm ~/.git-credentials.before-migrate WORK/api/.git/config.before-migrate

$ git -C api remote get-url origin
https://bitbucket.org/acme/api.git

$ git -C api credential-bitbucket migrate --yes
no login for bitbucket lies outside of the accounts

# Elsewhere
$ git credential-bitbucket migrate --dry-run --in .
no login for bitbucket lies outside of the accounts

$ git credential-bitbucket migrate --dry-run --in nowhere
! git-credential-bitbucket: error: --in wants a folder that can be read
! git-credential-bitbucket: hint: git credential-bitbucket help migrate
? 2

$ git credential-bitbucket migrate --dry-run --yes
no login for bitbucket lies outside of the accounts

$ git credential-bitbucket migrate api
! git-credential-bitbucket: error: migrate takes options only
! git-credential-bitbucket: hint: git credential-bitbucket help migrate
? 2
