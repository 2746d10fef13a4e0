# No account
$ git credential-bitbucket logout
there is no account to forget

# The only one
% WORK = access-token acme
$ git credential-bitbucket login --with-token --workspace acme >/dev/null
< $WORK

$ git credential-bitbucket logout
account 'acme' and its secret are forgotten
bitbucket still takes the access token until it is revoked, here: repository, project or workspace settings > Security > Access tokens

# Several: it has to be named
% API = api-token alice
$ git credential-bitbucket login --with-token --workspace acme >/dev/null
< $WORK

$ git credential-bitbucket login --with-token --email alice@example.com >/dev/null
< $API

$ git credential-bitbucket logout
! git-credential-bitbucket: error: there are 2 accounts: name one of them, or give --all
! git-credential-bitbucket: hint: git credential-bitbucket logout acme
? 2

$ git credential-bitbucket logout nobody
! git-credential-bitbucket: error: there is no account 'nobody'
! git-credential-bitbucket: hint: git credential-bitbucket status
? 1

$ git credential-bitbucket logout alice
account 'alice' and its secret are forgotten
bitbucket still takes the user API token until it is revoked, here: https://id.atlassian.com/manage-profile/security/api-tokens

$ BITBUCKET_TOKEN=$API git credential-bitbucket logout --all
account 'acme' and its secret are forgotten
bitbucket still takes the access token until it is revoked, here: repository, project or workspace settings > Security > Access tokens
BITBUCKET_TOKEN is set: git gets that user API token and no account's
next: unset BITBUCKET_TOKEN

# Wrong arguments
$ git credential-bitbucket logout acme --all
! git-credential-bitbucket: error: give an account or --all, not both
! git-credential-bitbucket: hint: git credential-bitbucket help logout
? 2

$ git credential-bitbucket logout one two
! git-credential-bitbucket: error: logout takes one argument
! git-credential-bitbucket: hint: git credential-bitbucket help logout
? 2

$ git credential-bitbucket logout --every
! git-credential-bitbucket: error: logout has no option --every
! git-credential-bitbucket: hint: git credential-bitbucket help logout
? 2

# The store of its secret cannot be reached
$ git credential-bitbucket login --with-token --workspace acme >/dev/null
< $WORK

% accounts s/"store": "file"/"store": "keychain"/
$ git credential-bitbucket logout acme
! git-credential-bitbucket: error: account 'acme' is kept: there is no keychain: this session has no D-Bus
! git-credential-bitbucket: hint: git credential-bitbucket doctor
? 1
