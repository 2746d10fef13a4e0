# No account
$ git credential-bitbucket explain https://bitbucket.org/acme/api.git
no account answers: no account covers acme/api
so the helper asks for a token
next: git credential-bitbucket login

# The account of the whole host, of a workspace, of a repository
% API = api-token alice
$ git credential-bitbucket login --with-token --email alice@example.com --account personal >/dev/null
< $API

% GLOBEX = access-token globex
$ git credential-bitbucket login --with-token --workspace globex >/dev/null
< $GLOBEX

% LIB = access-token globex/lib
$ git credential-bitbucket login --with-token --repository globex/lib >/dev/null
< $LIB

$ git credential-bitbucket explain https://bitbucket.org/acme/api.git
account 'personal' answers: every repository
git is told: username x-bitbucket-api-token-auth, and its secret
for another account: git credential-bitbucket login --workspace acme

$ git credential-bitbucket explain https://bitbucket.org/globex/app.git
account 'globex' answers: workspace globex
git is told: username x-token-auth, and its secret

$ git credential-bitbucket explain https://bitbucket.org/globex/lib.git
account 'globex-lib' answers: repository globex/lib
git is told: username x-token-auth, and its secret

$ git credential-bitbucket explain https://bitbucket.org/globex/lib.git --json
{
  "ours": true,
  "account": "globex-lib",
  "because": "repository globex/lib",
  "username": "x-token-auth"
}

# The one that the URL names
$ git credential-bitbucket explain https://personal@bitbucket.org/globex/lib.git
account 'personal' answers: named by the request, every repository
git is told: username x-bitbucket-api-token-auth, and its secret
for another account: git credential-bitbucket login --workspace globex

$ git credential-bitbucket explain https://alice@bitbucket.org/acme/api.git
account 'personal' answers: named by the request, every repository
git is told: username alice, and its secret
for another account: git credential-bitbucket login --workspace acme

$ git credential-bitbucket explain https://bob@bitbucket.org/acme/api.git
no account answers: every account for acme/api belongs to another user
so the helper asks for a token
next: git credential-bitbucket login

# Two that fit alike
% SECOND = api-token alice
$ git credential-bitbucket login --with-token --email alice@example.com --account second >/dev/null
< $SECOND

$ git credential-bitbucket explain https://bitbucket.org/acme/api.git
no account answers: 'personal' and 'second' fit alike, name one in the url: https://NAME@bitbucket.org/…
so the helper answers nothing

$ git credential-bitbucket logout second >/dev/null

# One that cannot work
% revoke LIB
$ git credential-bitbucket status --check >/dev/null; true

$ git credential-bitbucket explain https://bitbucket.org/globex/lib.git
account 'globex' answers: workspace globex
git is told: username x-token-auth, and its secret

% accounts s/"created"/"expires": "2020-01-02T23:59:59.000Z", "created"/
$ git credential-bitbucket explain https://bitbucket.org/acme/api.git
account 'personal' answers: every repository
problem: the token of account 'personal' expired on 2020-01-02
so the helper asks for a token
next: make a new one and run: git credential-bitbucket login --account personal
for another account: git credential-bitbucket login --workspace acme

# The environment goes first
$ BITBUCKET_TOKEN=$API git credential-bitbucket explain https://bitbucket.org/acme/api.git
no account is asked: BITBUCKET_TOKEN goes before every account while it is set
git is told: username x-bitbucket-api-token-auth, and its secret

% APP = app-password alice
$ BITBUCKET_TOKEN=$APP git credential-bitbucket explain https://bitbucket.org/acme/api.git
no account answers: BITBUCKET_TOKEN goes before every account while it is set
problem: BITBUCKET_TOKEN holds an app password, and these stopped working on 28 July 2026
so the helper answers nothing
next: unset BITBUCKET_TOKEN && git credential-bitbucket migrate

# Others' hosts and ways
$ git credential-bitbucket explain https://github.com/acme/api.git
no account answers: the host is not bitbucket.org and not in credential.bitbucketHosts
so the helper answers nothing

$ git credential-bitbucket explain http://bitbucket.org/acme/api.git
no account answers: only https is answered: over anything else a token could be read on the way
so the helper answers nothing

$ git credential-bitbucket explain git@bitbucket.org:acme/api.git
! git-credential-bitbucket: error: that is no url
! git-credential-bitbucket: hint: git credential-bitbucket explain https://bitbucket.org/WORKSPACE/REPOSITORY.git
? 2

$ git credential-bitbucket explain acme/api
! git-credential-bitbucket: error: that is no url
! git-credential-bitbucket: hint: git credential-bitbucket explain https://bitbucket.org/WORKSPACE/REPOSITORY.git
? 2

$ git credential-bitbucket explain https://bitbucket.org/acme/../api.git
no account answers: the path names no repository of bitbucket
so the helper answers nothing

$ git credential-bitbucket explain
! git-credential-bitbucket: error: explain needs URL [--json]
! git-credential-bitbucket: hint: git credential-bitbucket help explain
? 2

$ git credential-bitbucket explain https://bitbucket.org/acme/api.git https://bitbucket.org/acme/web.git
! git-credential-bitbucket: error: explain takes one argument
! git-credential-bitbucket: hint: git credential-bitbucket help explain
? 2
