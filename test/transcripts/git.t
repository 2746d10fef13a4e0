# What git asks and is told
% API = api-token alice
$ git credential-bitbucket login --with-token --email alice@example.com >/dev/null
< $API

$ git credential-bitbucket get
< protocol=https
< host=bitbucket.org
< path=acme/api.git
username=x-bitbucket-api-token-auth
password=$API

$ git credential-bitbucket capability
version 0

# Not ours, not known, not understood: silence
$ git credential-bitbucket get
< protocol=https
< host=github.com

$ git credential-bitbucket get
< protocol=http
< host=bitbucket.org

$ git credential-bitbucket approve
< protocol=https

$ git credential-bitbucket nothing

# Malformed
$ git credential-bitbucket get
< protocol
! git-credential-bitbucket: error: the request was refused: a line without key=value
? 1

$ git credential-bitbucket get
< protocol=https
< host=bitbucket.org
< path=acme/../api.git

# Git succeeded, and failed
$ git credential-bitbucket store
< protocol=https
< host=bitbucket.org
< path=acme/api.git
< username=x-bitbucket-api-token-auth
< password=$API

$ git clone -q https://bitbucket.org/acme/api.git

% revoke API
% env GIT_CREDENTIAL_BITBUCKET_VALIDATE=never
$ git -C api fetch
! git-credential-bitbucket: error: git was refused with the token of account 'alice', which is now being checked
! git-credential-bitbucket: hint: git credential-bitbucket status --check
! remote: You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.
! fatal: Authentication failed for 'https://bitbucket.org/acme/api.git/'
? 128

# No account, and nobody to ask
$ git credential-bitbucket logout --all >/dev/null

$ git clone -q https://bitbucket.org/acme/web.git
! fatal: could not read Username for 'https://bitbucket.org/acme/web.git': terminal prompts disabled
? 128

$ BITBUCKET_TOKEN=$API git clone -q https://bitbucket.org/acme/web.git
! git-credential-bitbucket: error: git was refused with the token of BITBUCKET_TOKEN
! git-credential-bitbucket: hint: git credential-bitbucket status --check
! remote: You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.
! fatal: Authentication failed for 'https://bitbucket.org/acme/web.git/'
? 128

# An app password in the environment
% APP = app-password alice
$ BITBUCKET_TOKEN=$APP git clone -q https://bitbucket.org/acme/web.git
! git-credential-bitbucket: error: BITBUCKET_TOKEN holds an app password, and these stopped working on 28 July 2026
! git-credential-bitbucket: hint: unset BITBUCKET_TOKEN && git credential-bitbucket migrate
! fatal: could not read Username for 'https://bitbucket.org/acme/web.git': terminal prompts disabled
? 128

# A token of the environment that Bitbucket refuses
$ BITBUCKET_TOKEN=$API BITBUCKET_EMAIL=alice@example.com git credential-bitbucket status --check
BITBUCKET_TOKEN
  kind          user API token
  for           every repository, before every account
  problem       bitbucket rejected the token (401): it is revoked, expired, made without scopes or not of alice@example.com
  next          unset BITBUCKET_TOKEN

there are no accounts yet
next: git credential-bitbucket login

new secrets go to the file store, since no keychain answers
? 1
