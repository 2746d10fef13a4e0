# All in order
% WORK = access-token acme
$ git credential-bitbucket login --with-token --workspace acme >/dev/null
< $WORK

$ git credential-bitbucket doctor
git-credential-bitbucket VERSION on linux
ok       git              VERSION
ok       node             VERSION
ok       command          git credential-bitbucket is FRONT
ok       settings         GIT_CREDENTIAL_BITBUCKET_DAEMON=false
ok       repository       it says nothing about this program's settings
ok       environment      set: GIT_TERMINAL_PROMPT, GIT_CONFIG_NOSYSTEM, XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_CACHE_HOME, XDG_RUNTIME_DIR
ok       owner            the home and the files of this program are yours
skipped  BITBUCKET_TOKEN  it is not set
ok       helper chain     git asks this helper for bitbucket's hosts, and no other
ok       useHttpPath      git says which repository it is about
ok       accounts file    ~/.local/share/git-credential-bitbucket/accounts.json, with 1 account
ok       accounts         account 1: access token for one workspace, approved
ok       store            file: a secret was written, read, compared and deleted
skipped  store            there is no keychain: this session has no D-Bus; new secrets go to the file store
ok       elsewhere        no login for bitbucket lies anywhere else
ok       socket folder    RUNTIME/git-credential-bitbucket, not made yet, N of 103 bytes
skipped  daemon           credential.bitbucketDaemon is false
ok       proxy            WAY
ok       CA files         those that node brings, then the system's, and AUTHORITY
ok       sslVerify        git checks who answers for bitbucket.org
ok       bitbucket        it answers in N ms
ok       clock            it agrees with bitbucket's
19 ok, 0 warnings, 0 failed, 3 skipped

$ git credential-bitbucket doctor --brief
19 ok, 0 warnings, 0 failed, 3 skipped

# Not in order
$ git config --global credential.helper store

$ git config --global --add credential.https://bitbucket.org.helper cache

$ git config --global credential.https://bitbucket.org.useHttpPath false

% revoke WORK
$ git credential-bitbucket status --check >/dev/null; true

% bitbucket answers 503
% APP = app-password alice
$ BITBUCKET_TOKEN=$APP git credential-bitbucket doctor --brief
failed   BITBUCKET_TOKEN  bitbucket does not accept app passwords any more
           next           unset BITBUCKET_TOKEN
warning  helper chain     git asks store too, and gives it a copy of every token: ~/.gitconfig says so
           next           git credential-bitbucket configure --global
warning  helper chain     git asks cache too, and gives it a copy of every token: ~/.gitconfig says so
           next           git credential-bitbucket configure --global
warning  useHttpPath      git does not say which repository it is about: ~/.gitconfig says so
           next           git config --show-origin --get-regexp 'credential.*usehttppath'
failed   accounts         account 1: bitbucket rejected the token (401)
           next           git credential-bitbucket status
warning  elsewhere        the environment: 1 dead app password
           next           git credential-bitbucket migrate --dry-run
warning  bitbucket        bitbucket has a fault of its own (503)
           next           curl -sS -o /dev/null -w '%{http_code}\n' https://api.bitbucket.org/2.0/user
14 ok, 5 warnings, 2 failed, 2 skipped
? 1

# Wrong options
$ git credential-bitbucket doctor --fix
! git-credential-bitbucket: error: doctor has no option --fix
! git-credential-bitbucket: hint: git credential-bitbucket help doctor
? 2
