# No account
$ git credential-bitbucket api repositories/acme/api
! git-credential-bitbucket: error: no account covers acme/api
! git-credential-bitbucket: hint: git credential-bitbucket login
? 1

# With one
% API = api-token alice
$ git credential-bitbucket login --with-token --email alice@example.com >/dev/null
< $API

$ git credential-bitbucket api 'repositories/acme/api?fields=full_name'
{"full_name":"acme/api"}
\ no line end

# Not found
$ git credential-bitbucket api repositories/acme/nothing
{"type":"error","error":{"message":"You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated."}}
\ no line end
! git-credential-bitbucket: error: bitbucket answers 404: You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.
? 1

# What is refused before anything is sent
$ git credential-bitbucket api https://elsewhere.example/2.0/user
! git-credential-bitbucket: error: only api.bitbucket.org is called: a token of Bitbucket's goes nowhere else
! git-credential-bitbucket: hint: git credential-bitbucket api user
? 2

$ git credential-bitbucket api user -H 'Authorization: Bearer x'
! git-credential-bitbucket: error: the header authorization is set by this program
! git-credential-bitbucket: hint: git credential-bitbucket api --account NAME …
? 2

$ git credential-bitbucket api user -f a
! git-credential-bitbucket: error: a field is NAME=VALUE
! git-credential-bitbucket: hint: git credential-bitbucket help api
? 2

# An account that is not there
$ git credential-bitbucket api user --account carol
! git-credential-bitbucket: error: there is no account 'carol'
! git-credential-bitbucket: hint: git credential-bitbucket status
? 1
