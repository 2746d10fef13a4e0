# Nothing yet
$ git credential-bitbucket status
there are no accounts yet
next: git credential-bitbucket login

new secrets go to the file store, since no keychain answers

$ git credential-bitbucket status --json
{
  "version": 1,
  "locked": false,
  "accounts": [],
  "environment": null,
  "store": {
    "name": "file",
    "chosen": false,
    "problems": []
  },
  "reached": true
}

# Accounts that work
% API = api-token alice
$ git credential-bitbucket login --with-token --email alice@example.com --expires 300d >/dev/null
< $API

% WORK = access-token acme/api
$ git credential-bitbucket login --with-token --repository acme/api --expires never >/dev/null
< $WORK

$ git credential-bitbucket status
alice
  kind          user API token
  for           every repository
  git username  x-bitbucket-api-token-auth
  user          alice, alice@example.com
  store         file
  state         approved, last accepted DATE TIME
  scopes        read:repository:bitbucket, write:repository:bitbucket, read:user:bitbucket
  expires       DATE, in N days

acme-api
  kind          access token
  for           repository acme/api
  git username  x-token-auth
  store         file
  state         approved, last accepted DATE TIME
  scopes        repository:write

new secrets go to the file store, since no keychain answers

$ git credential-bitbucket status --check
alice
  kind          user API token
  for           every repository
  git username  x-bitbucket-api-token-auth
  user          alice, alice@example.com
  store         file
  state         approved, last accepted DATE TIME
  scopes        read:repository:bitbucket, write:repository:bitbucket, read:user:bitbucket
  expires       DATE, in N days

acme-api
  kind          access token
  for           repository acme/api
  git username  x-token-auth
  store         file
  state         approved, last accepted DATE TIME
  scopes        repository:write

new secrets go to the file store, since no keychain answers

$ git credential-bitbucket status --json
{
  "version": 1,
  "locked": false,
  "accounts": [
    {
      "name": "alice",
      "kind": "api-token",
      "host": "bitbucket.org",
      "scope": {
        "level": "host"
      },
      "gitUsername": "x-bitbucket-api-token-auth",
      "username": "alice",
      "email": "alice@example.com",
      "store": "file",
      "state": "approved",
      "scopes": [
        "read:repository:bitbucket",
        "write:repository:bitbucket",
        "read:user:bitbucket"
      ],
      "created": "INSTANT",
      "validated": "INSTANT",
      "checked": "INSTANT",
      "expires": "INSTANT",
      "doubtful": false,
      "works": true,
      "problems": [],
      "check": null
    },
    {
      "name": "acme-api",
      "kind": "access-token",
      "host": "bitbucket.org",
      "scope": {
        "level": "repository",
        "workspace": "acme",
        "repository": "api"
      },
      "gitUsername": "x-token-auth",
      "username": null,
      "email": null,
      "store": "file",
      "state": "approved",
      "scopes": [
        "repository:write"
      ],
      "created": "INSTANT",
      "validated": "INSTANT",
      "checked": "INSTANT",
      "expires": null,
      "doubtful": false,
      "works": true,
      "problems": [],
      "check": null
    }
  ],
  "environment": null,
  "store": {
    "name": "file",
    "chosen": false,
    "problems": []
  },
  "reached": true
}

# One that is about to expire, and one that may not push
% SOON = access-token globex
$ git credential-bitbucket login --with-token --workspace globex --expires 5d >/dev/null
< $SOON

% READER = access-token acme project=OPS scopes=repository
$ git credential-bitbucket login --with-token --project acme/OPS >/dev/null
< $READER

$ git credential-bitbucket logout alice >/dev/null

$ git credential-bitbucket status
acme-api
  kind          access token
  for           repository acme/api
  git username  x-token-auth
  store         file
  state         approved, last accepted DATE TIME
  scopes        repository:write

globex
  kind          access token
  for           workspace globex
  git username  x-token-auth
  store         file
  state         approved, last accepted DATE TIME
  scopes        repository:write
  expires       DATE, in N days
  warning       the token expires on DATE
  next          make a new one and run: git credential-bitbucket login --account globex

acme-ops
  kind          access token
  for           project acme/OPS
  git username  x-token-auth
  store         file
  state         approved, last accepted DATE TIME
  scopes        repository
  warning       fetch works, push will fail: the token lacks repository:write
  next          make a token with that scope and run: git credential-bitbucket login --account acme-ops

new secrets go to the file store, since no keychain answers

# One that was revoked, and one that Bitbucket cannot be asked about
$ git credential-bitbucket logout globex >/dev/null

$ git credential-bitbucket logout acme-ops >/dev/null

% revoke WORK
$ git credential-bitbucket status --check
acme-api
  kind          access token
  for           repository acme/api
  git username  x-token-auth
  store         file
  state         rejected, last accepted DATE TIME
  scopes        repository:write
  problem       bitbucket rejected the token of account 'acme-api' (401): it is revoked or expired
  next          make a new one and run: git credential-bitbucket login --account acme-api

new secrets go to the file store, since no keychain answers
? 1

$ git credential-bitbucket status
acme-api
  kind          access token
  for           repository acme/api
  git username  x-token-auth
  store         file
  state         rejected, last accepted DATE TIME
  scopes        repository:write
  problem       bitbucket rejected the token of account 'acme-api' (401)
  next          make a new one and run: git credential-bitbucket login --account acme-api

new secrets go to the file store, since no keychain answers
? 1

$ git credential-bitbucket status --json
{
  "version": 1,
  "locked": false,
  "accounts": [
    {
      "name": "acme-api",
      "kind": "access-token",
      "host": "bitbucket.org",
      "scope": {
        "level": "repository",
        "workspace": "acme",
        "repository": "api"
      },
      "gitUsername": "x-token-auth",
      "username": null,
      "email": null,
      "store": "file",
      "state": "rejected",
      "scopes": [
        "repository:write"
      ],
      "created": "INSTANT",
      "validated": "INSTANT",
      "checked": "INSTANT",
      "expires": null,
      "doubtful": false,
      "works": false,
      "problems": [
        {
          "message": "bitbucket rejected the token of account 'acme-api' (401)",
          "next": "make a new one and run: git credential-bitbucket login --account acme-api",
          "fatal": true
        }
      ],
      "check": null
    }
  ],
  "environment": null,
  "store": {
    "name": "file",
    "chosen": false,
    "problems": []
  },
  "reached": true
}
? 1

$ git credential-bitbucket login --with-token --workspace globex >/dev/null
< $SOON

$ git credential-bitbucket logout acme-api >/dev/null

% bitbucket answers 503
$ git credential-bitbucket status --check
globex
  kind          access token
  for           workspace globex
  git username  x-token-auth
  store         file
  state         approved, last accepted DATE TIME
  scopes        repository:write
  warning       the token of account 'globex' could not be checked: bitbucket has a fault of its own (503)
  next          git credential-bitbucket doctor

new secrets go to the file store, since no keychain answers

% bitbucket is well

# Expired
% accounts s/"created"/"expires": "2020-01-02T23:59:59.000Z", "created"/
$ git credential-bitbucket status
globex
  kind          access token
  for           workspace globex
  git username  x-token-auth
  store         file
  state         expired, last accepted DATE TIME
  scopes        repository:write
  expires       2020-01-02
  problem       the token of account 'globex' expired on 2020-01-02
  next          make a new one and run: git credential-bitbucket login --account globex

new secrets go to the file store, since no keychain answers
? 1

# A token of the environment
$ git credential-bitbucket logout --all >/dev/null

$ BITBUCKET_TOKEN=$API git credential-bitbucket status
BITBUCKET_TOKEN
  kind          user API token
  for           every repository, before every account

there are no accounts yet
next: git credential-bitbucket login

new secrets go to the file store, since no keychain answers

% APP = app-password alice
$ BITBUCKET_TOKEN=$APP git credential-bitbucket status
BITBUCKET_TOKEN
  kind          app password
  for           every repository, before every account
  problem       bitbucket does not accept app passwords any more
  next          unset BITBUCKET_TOKEN

there are no accounts yet
next: git credential-bitbucket login

new secrets go to the file store, since no keychain answers
? 1

# The store was chosen
$ git config --global credential.bitbucketStore file

$ git credential-bitbucket status
there are no accounts yet
next: git credential-bitbucket login

new secrets go to the file store, as credential.bitbucketStore says

$ git config --global credential.bitbucketStore keychain

$ git credential-bitbucket status
there are no accounts yet
next: git credential-bitbucket login

new secrets should go to the keychain store, as credential.bitbucketStore says, but they cannot
  warning       there is no keychain: this session has no D-Bus
  next          git config --global credential.bitbucketStore file

$ GIT_CREDENTIAL_BITBUCKET_STORE=keychain git credential-bitbucket status
there are no accounts yet
next: git credential-bitbucket login

new secrets should go to the keychain store, as GIT_CREDENTIAL_BITBUCKET_STORE says, but they cannot
  warning       there is no keychain: this session has no D-Bus
  next          unset GIT_CREDENTIAL_BITBUCKET_STORE

$ git credential-bitbucket status --json
{
  "version": 1,
  "locked": false,
  "accounts": [],
  "environment": null,
  "store": {
    "name": "keychain",
    "chosen": true,
    "problems": [
      {
        "message": "there is no keychain: this session has no D-Bus",
        "next": "git config --global credential.bitbucketStore file",
        "fatal": false
      }
    ]
  },
  "reached": true
}

$ git config --global credential.bitbucketStore drawer

$ git credential-bitbucket status
! git-credential-bitbucket: error: credential.bitbucketStore must be keychain, file, pass or docker-credential-NAME
! git-credential-bitbucket: hint: git config --show-origin --get-regexp 'credential.*bitbucketstore'
? 1

$ git config --global --unset credential.bitbucketStore

# An accounts file that is none
$ echo '{"version": 1' >"$XDG_DATA_HOME/git-credential-bitbucket/accounts.json"

$ git credential-bitbucket status
! git-credential-bitbucket: error: the accounts file HOME/.local/share/git-credential-bitbucket/accounts.json is damaged: it is no JSON
! git-credential-bitbucket: hint: mv HOME/.local/share/git-credential-bitbucket/accounts.json HOME/.local/share/git-credential-bitbucket/accounts.json.damaged
? 1

$ git credential-bitbucket status all
! git-credential-bitbucket: error: status takes options only
! git-credential-bitbucket: hint: git credential-bitbucket help status
? 2
