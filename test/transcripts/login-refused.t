# An app password
% APP = app-password alice
$ git credential-bitbucket login --with-token --username alice
< $APP
! git-credential-bitbucket: error: app passwords stopped working on 28 July 2026
! git-credential-bitbucket: hint: make an API token with scopes at https://id.atlassian.com/manage-profile/security/api-tokens and run: git credential-bitbucket login
? 1

# A token by the other of Atlassian's two buttons
% UNSCOPED = unscoped-token alice
$ git credential-bitbucket login --with-token --email alice@example.com
< $UNSCOPED
! git-credential-bitbucket: error: bitbucket rejected the token (401): it is revoked, expired, made without scopes or not of alice@example.com
! git-credential-bitbucket: hint: make a new one and run: git credential-bitbucket login
? 1

# A revoked token
% REVOKED = access-token acme
% revoke REVOKED
$ git credential-bitbucket login --with-token --workspace acme
< $REVOKED
! git-credential-bitbucket: error: bitbucket rejected the token (401): it is revoked or expired
! git-credential-bitbucket: hint: make a new one and run: git credential-bitbucket login
? 1

# A token that lacks a scope: stored, and said
% READER = api-token alice scopes=read:repository:bitbucket,read:user:bitbucket
$ git credential-bitbucket login --with-token --email alice@example.com
< $READER
the token is stored as account 'alice' in the file store, since no keychain answers

alice
  kind          user API token
  for           every repository
  git username  x-bitbucket-api-token-auth
  user          alice, alice@example.com
  store         file
  state         approved, last accepted DATE TIME
  scopes        read:repository:bitbucket, read:user:bitbucket
  warning       fetch works, push will fail: the token lacks write:repository:bitbucket
  next          make a token with that scope and run: git credential-bitbucket login --account alice

% ISSUES = access-token acme scopes=issue
$ git credential-bitbucket login --with-token --workspace acme
< $ISSUES
the token is stored as account 'acme' in the file store, since no keychain answers

acme
  kind          access token
  for           workspace acme
  git username  x-token-auth
  store         file
  state         approved, last accepted DATE TIME
  scopes        issue
  warning       fetch and push will fail: the token lacks repository:write
  next          make a token with that scope and run: git credential-bitbucket login --account acme

# A token for another workspace or repository
% OTHER = access-token globex
$ git credential-bitbucket login --with-token --repository acme/api
< $OTHER
! git-credential-bitbucket: error: the token does not see acme/api: the name is wrong or the token is for something else
! git-credential-bitbucket: hint: git credential-bitbucket login --repository acme/api
? 1

# Another's email
% API = api-token alice
$ git credential-bitbucket login --with-token --email bob@example.com
< $API
! git-credential-bitbucket: error: bitbucket rejected the token (401): it is revoked, expired, made without scopes or not of bob@example.com
! git-credential-bitbucket: hint: make a new one and run: git credential-bitbucket login
? 1

# No email
$ git credential-bitbucket login --with-token
< $API
the token is stored as account 'bitbucket' in the file store, since no keychain answers

bitbucket
  kind          user API token
  for           every repository
  git username  x-bitbucket-api-token-auth
  store         file
  state         unverified
  warning       the token of account 'bitbucket' could not be checked: it is not known to whom the token belongs; the check needs the Atlassian account email
  next          git credential-bitbucket login --account bitbucket --email YOU@EXAMPLE.COM

# No token, more than a token, half a token
$ git credential-bitbucket login --with-token
! git-credential-bitbucket: error: no token was given
? 1

$ git credential-bitbucket login --with-token
< $API
< $API
! git-credential-bitbucket: error: a token is one line without control characters
? 1

% HALF = text ATATT3xFfGF0aaaa
$ git credential-bitbucket login --with-token --email alice@example.com
< $HALF
! git-credential-bitbucket: warning: the token seems cut off: 16 characters, most have 192
! git-credential-bitbucket: error: bitbucket rejected the token (401): it is revoked, expired, made without scopes or not of alice@example.com
! git-credential-bitbucket: hint: make a new one and run: git credential-bitbucket login
? 1

# What an access token is for
$ git credential-bitbucket login --with-token
< $OTHER
! git-credential-bitbucket: error: an access token needs --repository, --project or --workspace
! git-credential-bitbucket: hint: git credential-bitbucket login --with-token --repository WORKSPACE/REPOSITORY
? 2

# A token of no known kind
% ODD = text correct-horse
$ git credential-bitbucket login --with-token
< $ODD
! git-credential-bitbucket: warning: this looks like no token of bitbucket: an API token begins with ATAT, an access token with ATCT
! git-credential-bitbucket: error: a token of no known kind needs --username
! git-credential-bitbucket: hint: git credential-bitbucket login --with-token --username USERNAME
? 2

# Bitbucket cannot be reached, does not answer, has too much to do
$ git -c http.proxy=http://127.0.0.1:9 credential-bitbucket login --with-token --workspace globex --account offline
< $OTHER
the token is stored as account 'offline' in the file store, since no keychain answers

offline
  kind          access token
  for           workspace globex
  git username  x-token-auth
  store         file
  state         unverified
  warning       the token of account 'offline' could not be checked: the proxy 127.0.0.1:9 cannot be reached (ECONNREFUSED)
  next          git config --show-origin --get-regexp 'http.*proxy'

% bitbucket hangs
$ git -c credential.bitbucketTimeout=1 credential-bitbucket login --with-token --workspace globex --account slow
< $OTHER
the token is stored as account 'slow' in the file store, since no keychain answers

slow
  kind          access token
  for           workspace globex
  git username  x-token-auth
  store         file
  state         unverified
  warning       the token of account 'slow' could not be checked: bitbucket did not answer within 1 s
  next          git credential-bitbucket doctor

% bitbucket answers 429
$ git credential-bitbucket login --with-token --workspace globex --account busy
< $OTHER
the token is stored as account 'busy' in the file store, since no keychain answers

busy
  kind          access token
  for           workspace globex
  git username  x-token-auth
  store         file
  state         unverified
  warning       the token of account 'busy' could not be checked: bitbucket takes no more requests for now (429)
  next          git credential-bitbucket status --check

% bitbucket is well

# No terminal to ask at
$ git credential-bitbucket login
! git-credential-bitbucket: error: GIT_TERMINAL_PROMPT, credential.interactive or CI forbids to ask for a token
! git-credential-bitbucket: hint: git credential-bitbucket login --with-token < TOKEN-FILE
? 1

# Wrong options, before a token is read
$ git credential-bitbucket login --with-token --email alice
! git-credential-bitbucket: error: --email wants an email address, such as you@example.com
! git-credential-bitbucket: hint: git credential-bitbucket help login
? 2

$ git credential-bitbucket login --with-token --repository acme
! git-credential-bitbucket: error: --repository wants WORKSPACE/REPOSITORY, such as acme/api
! git-credential-bitbucket: hint: git credential-bitbucket help login
? 2

$ git credential-bitbucket login --with-token --project acme
! git-credential-bitbucket: error: --project wants WORKSPACE/KEY, such as acme/CORE
! git-credential-bitbucket: hint: git credential-bitbucket help login
? 2

$ git credential-bitbucket login --with-token --workspace acme/api
! git-credential-bitbucket: error: --workspace wants a workspace, such as acme
! git-credential-bitbucket: hint: git credential-bitbucket help login
? 2

$ git credential-bitbucket login --with-token --workspace acme --repository acme/api
! git-credential-bitbucket: error: give one of --workspace, --project and --repository
! git-credential-bitbucket: hint: git credential-bitbucket help login
? 2

$ git credential-bitbucket login --with-token --expires soon
! git-credential-bitbucket: error: expires is a date like 2027-11-22, a number of days like 90d, or never
! git-credential-bitbucket: hint: git credential-bitbucket help login
? 2

$ git credential-bitbucket login --with-token --expires 2020-01-02
! git-credential-bitbucket: error: that date is past: the token has expired
! git-credential-bitbucket: hint: git credential-bitbucket help login
? 2

$ git credential-bitbucket login --with-token --store memory
! git-credential-bitbucket: error: --store is keychain, file, pass or docker-credential-NAME
! git-credential-bitbucket: hint: git credential-bitbucket help login
? 2

$ git credential-bitbucket login --with-token --account 'a b'
! git-credential-bitbucket: error: an account name has up to 64 letters, digits and . _ + - @, such as work
? 2

$ git credential-bitbucket login --with-token --account x-token-auth
! git-credential-bitbucket: error: an account cannot be called like a username of bitbucket's own
? 2

$ git credential-bitbucket login --with-token=TOKEN
! git-credential-bitbucket: error: --with-token takes no value
! git-credential-bitbucket: hint: git credential-bitbucket help login
? 2

$ git credential-bitbucket login TOKEN
! git-credential-bitbucket: error: login takes options only
! git-credential-bitbucket: hint: git credential-bitbucket help login
? 2

$ git credential-bitbucket login --token
! git-credential-bitbucket: error: login has no option --token
! git-credential-bitbucket: hint: git credential-bitbucket help login
? 2

$ git credential-bitbucket login --email
! git-credential-bitbucket: error: --email needs a value
! git-credential-bitbucket: hint: git credential-bitbucket help login
? 2

$ git credential-bitbucket login --ATATT3xFfGF0aaaaaaaa
! git-credential-bitbucket: error: login does not take these options
! git-credential-bitbucket: hint: git credential-bitbucket help login
? 2
