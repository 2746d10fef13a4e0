% env GIT_CREDENTIAL_BITBUCKET_DAEMON

# None runs
$ git credential-bitbucket daemon status
no daemon answers at RUNTIME/git-credential-bitbucket/socket
? 1

$ git credential-bitbucket daemon status --json
{
  "running": false,
  "socket": "RUNTIME/git-credential-bitbucket/socket",
  "locked": false
}
? 1

$ git credential-bitbucket daemon stop
no daemon runs

$ git credential-bitbucket daemon unlock
nothing is locked

# It starts, and answers
% API = api-token alice
$ git credential-bitbucket daemon start
the daemon runs, process N

$ git credential-bitbucket daemon start
the daemon runs, process N

$ git credential-bitbucket login --with-token --email alice@example.com >/dev/null
< $API

$ git ls-remote -q https://bitbucket.org/acme/api.git >/dev/null

$ git credential-bitbucket daemon status
running, process N, version VERSION, for N s
socket: RUNTIME/git-credential-bitbucket/socket
answers: 0 from memory, 1 left to the helper
secrets in memory: 1
  alice, for N s; forgotten in N min unless used

$ git credential-bitbucket daemon lock
locked: secrets are forgotten, and none is given out until: git credential-bitbucket daemon unlock

$ git credential-bitbucket daemon status
running, process N, version VERSION, for N s
socket: RUNTIME/git-credential-bitbucket/socket
answers: 0 from memory, 1 left to the helper
locked: no secret is given out
secrets in memory: 0

$ git ls-remote -q https://bitbucket.org/acme/api.git
! git-credential-bitbucket: error: secrets are locked
! git-credential-bitbucket: hint: git credential-bitbucket daemon unlock
! fatal: could not read Username for 'https://bitbucket.org/acme/api.git': terminal prompts disabled
? 128

$ git credential-bitbucket daemon stop
the daemon has left, and its secrets with it

# The lock stays
$ git credential-bitbucket daemon status
no daemon answers at RUNTIME/git-credential-bitbucket/socket
locked: no secret is given out
? 1

$ git ls-remote -q https://bitbucket.org/acme/api.git
! git-credential-bitbucket: error: secrets are locked
! git-credential-bitbucket: hint: git credential-bitbucket daemon unlock
! fatal: could not read Username for 'https://bitbucket.org/acme/api.git': terminal prompts disabled
? 128

$ git credential-bitbucket explain https://bitbucket.org/acme/api.git
account 'alice' answers: every repository
problem: secrets are locked
so the helper answers nothing
next: git credential-bitbucket daemon unlock
for another account: git credential-bitbucket login --workspace acme

$ git credential-bitbucket daemon unlock
unlocked

# It may not
$ git -c credential.bitbucketDaemon=false credential-bitbucket daemon start
! git-credential-bitbucket: error: credential.bitbucketDaemon is false
! git-credential-bitbucket: hint: git config --global --unset-all credential.bitbucketDaemon
? 1

# Wrong arguments
$ git credential-bitbucket daemon
! git-credential-bitbucket: error: daemon needs start | stop | status [--json] | run | lock | unlock
! git-credential-bitbucket: hint: git credential-bitbucket help daemon
? 2

$ git credential-bitbucket daemon restart
! git-credential-bitbucket: error: daemon takes start, stop, status, run, lock or unlock
! git-credential-bitbucket: hint: git credential-bitbucket daemon status
? 2

$ git credential-bitbucket daemon status now
! git-credential-bitbucket: error: daemon takes one argument
! git-credential-bitbucket: hint: git credential-bitbucket help daemon
? 2
