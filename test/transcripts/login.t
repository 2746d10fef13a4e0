# An API token, and whose it is
% API = api-token alice
$ git credential-bitbucket login --with-token --email alice@example.com
< $API
the token is stored as account 'alice' in the file store, since no keychain answers

alice
  kind          user API token
  for           every repository
  git username  x-bitbucket-api-token-auth
  user          alice, alice@example.com
  store         file
  state         approved, last accepted DATE TIME
  scopes        read:repository:bitbucket, write:repository:bitbucket, read:user:bitbucket

bitbucket accepts the token of Alice: fetch and push work

# The same account gets a new token and keeps the rest
% NEW = api-token alice
$ git credential-bitbucket login --with-token --account alice --expires 90d
< $NEW
account 'alice' has its new token, kept in the file store

alice
  kind          user API token
  for           every repository
  git username  x-bitbucket-api-token-auth
  user          alice, alice@example.com
  store         file
  state         approved, last accepted DATE TIME
  scopes        read:repository:bitbucket, write:repository:bitbucket, read:user:bitbucket
  expires       DATE, in N days

bitbucket accepts the token of Alice: fetch and push work

# An access token of a repository, which may only read
% REPOSITORY = access-token acme/api scopes=repository
$ git credential-bitbucket login --with-token --repository acme/api
< $REPOSITORY
the token is stored as account 'acme-api' in the file store, since no keychain answers

acme-api
  kind          access token
  for           repository acme/api
  git username  x-token-auth
  store         file
  state         approved, last accepted DATE TIME
  scopes        repository
  warning       fetch works, push will fail: the token lacks repository:write
  next          make a token with that scope and run: git credential-bitbucket login --account acme-api

# Of a project, of a workspace
% PROJECT = access-token acme project=OPS
$ git credential-bitbucket login --with-token --project acme/OPS --account tools
< $PROJECT
the token is stored as account 'tools' in the file store, since no keychain answers

tools
  kind          access token
  for           project acme/OPS
  git username  x-token-auth
  store         file
  state         approved, last accepted DATE TIME
  scopes        repository:write

bitbucket accepts the token: fetch and push work

% WORKSPACE = access-token globex
$ git credential-bitbucket login --with-token --workspace globex --expires never --store file
< $WORKSPACE
the token is stored as account 'globex' in the file store

globex
  kind          access token
  for           workspace globex
  git username  x-token-auth
  store         file
  state         approved, last accepted DATE TIME
  scopes        repository:write

bitbucket accepts the token: fetch and push work

# An OAuth token
% OAUTH = oauth-token bob
$ git credential-bitbucket login --with-token --account oauth
< $OAUTH
the token is stored as account 'oauth' in the file store, since no keychain answers

oauth
  kind          OAuth access token
  for           every repository
  git username  x-token-auth
  user          bob
  store         file
  state         approved, last accepted DATE TIME
  scopes        account, repository:write

bitbucket accepts the token of Bob: fetch and push work

# A token of an unknown kind, with its username
% ODD = text correct-horse
$ git credential-bitbucket login --with-token --username bob --no-validate
< $ODD
the token is stored as account 'bob' in the file store, since no keychain answers

bob
  kind          token of unknown kind
  for           every repository
  git username  bob
  user          bob
  store         file
  state         unverified
  warning       the token of account 'bob' is not checked yet
  next          git credential-bitbucket status --check
! git-credential-bitbucket: warning: this looks like no token of bitbucket: an API token begins with ATAT, an access token with ATCT

# While a token of the environment is in force
% ENVIRONMENT = api-token alice
$ BITBUCKET_TOKEN=$ENVIRONMENT git credential-bitbucket login --with-token --account alice
< $NEW
account 'alice' has its new token, kept in the file store

alice
  kind          user API token
  for           every repository
  git username  x-bitbucket-api-token-auth
  user          alice, alice@example.com
  store         file
  state         approved, last accepted DATE TIME
  scopes        read:repository:bitbucket, write:repository:bitbucket, read:user:bitbucket

bitbucket accepts the token of Alice: fetch and push work
BITBUCKET_TOKEN is set: git gets that user API token and no account's
next: unset BITBUCKET_TOKEN

# Nobody can ask Bitbucket
% bitbucket answers 503
$ git credential-bitbucket login --with-token --workspace acme
< $WORKSPACE
the token is stored as account 'acme' in the file store, since no keychain answers

acme
  kind          access token
  for           workspace acme
  git username  x-token-auth
  store         file
  state         unverified
  warning       the token of account 'acme' could not be checked: bitbucket has a fault of its own (503)
  next          git credential-bitbucket status --check
