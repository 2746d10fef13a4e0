# No such command, typed at a terminal; without one it may be git that asks
$ git credential-bitbucket lgoin

$ git credential-bitbucket status --al
! git-credential-bitbucket: error: status has no option --al
! git-credential-bitbucket: hint: git credential-bitbucket help status
? 2

$ git credential-bitbucket status work
! git-credential-bitbucket: error: status takes options only
! git-credential-bitbucket: hint: git credential-bitbucket help status
? 2

$ git credential-bitbucket configure work
! git-credential-bitbucket: error: configure takes options only
! git-credential-bitbucket: hint: git credential-bitbucket help configure
? 2

# Settings that mean nothing
$ git -c credential.bitbucketTimeout=soon credential-bitbucket status
! git-credential-bitbucket: error: credential.bitbucketTimeout must be a time from 1s to 60s, such as 90, 90s, 15m or 1h
! git-credential-bitbucket: hint: git config --show-origin --get-regexp 'credential.*bitbuckettimeout'
? 1

$ git -c credential.bitbucketApiUrl=http://elsewhere.example credential-bitbucket status
! git-credential-bitbucket: error: credential.bitbucketApiUrl must be an https URL, or http on localhost, without user name, ? and #
! git-credential-bitbucket: hint: git config --show-origin --get-regexp 'credential.*bitbucketapiurl'
? 1

$ git -c credential.bitbucketValidate=sometimes credential-bitbucket status
! git-credential-bitbucket: error: credential.bitbucketValidate must be first-use, always or never
! git-credential-bitbucket: hint: git config --show-origin --get-regexp 'credential.*bitbucketvalidate'
? 1

$ git -c credential.bitbucketHosts=https://bitbucket.example.com credential-bitbucket status
! git-credential-bitbucket: error: credential.bitbucketHosts must be host names such as git.example.com or git.example.com:8443, without scheme, path or *
! git-credential-bitbucket: hint: git config --show-origin --get-regexp 'credential.*bitbuckethosts'
? 1

# A home that is none
$ env -u HOME -u XDG_DATA_HOME git credential-bitbucket status
! git-credential-bitbucket: error: HOME is not set, so there is no place for accounts
! git-credential-bitbucket: hint: export HOME="$(getent passwd "$(id -u)" | cut -d: -f6)"
? 1

# Options with and without values
$ git credential-bitbucket status --json=yes
! git-credential-bitbucket: error: --json takes no value
! git-credential-bitbucket: hint: git credential-bitbucket help status
? 2

$ git credential-bitbucket status -j
! git-credential-bitbucket: error: status has no option -j
! git-credential-bitbucket: hint: git credential-bitbucket help status
? 2
