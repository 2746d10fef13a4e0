# Git is configured already
$ git credential-bitbucket configure
nothing to do: HOME/.gitconfig names this helper already

$ git credential-bitbucket unconfigure
git no longer asks this helper, as far as HOME/.gitconfig goes

$ git credential-bitbucket unconfigure
nothing to do: configure has added nothing to HOME/.gitconfig

# Beside other helpers
$ git config --global credential.helper store

$ git config --global credential.https://bitbucket.org.username alice

$ git credential-bitbucket configure
git now asks this helper for bitbucket.org, www.bitbucket.org, as HOME/.gitconfig says

$ git config --global --includes --get-regexp '^credential'
credential.helper store
credential.https://bitbucket.org.username alice
credential.https://bitbucket.org.helper 
credential.https://bitbucket.org.helper FRONT
credential.https://bitbucket.org.usehttppath true
credential.https://www.bitbucket.org.helper 
credential.https://www.bitbucket.org.helper FRONT
credential.https://www.bitbucket.org.usehttppath true

$ git credential-bitbucket unconfigure
git no longer asks this helper, as far as HOME/.gitconfig goes

$ git config --global --includes --get-regexp '^credential'
credential.helper store
credential.https://bitbucket.org.username alice

$ git config --global --unset credential.helper

# More hosts
$ git config --global credential.bitbucketHosts bitbucket.example.com

$ git credential-bitbucket configure
git now asks this helper for bitbucket.org, www.bitbucket.org, bitbucket.example.com, as HOME/.gitconfig says

$ git credential-bitbucket unconfigure
git no longer asks this helper, as far as HOME/.gitconfig goes

# For one repository only
$ git credential-bitbucket configure --local
! git-credential-bitbucket: error: git finds no repository here
! git-credential-bitbucket: hint: git rev-parse --git-dir
? 1

$ git init -q api

$ git -C api credential-bitbucket configure --local
git now asks this helper for bitbucket.org, www.bitbucket.org, bitbucket.example.com, as WORK/api/.git/config says

$ git -C api config credential.helper cache

$ git -C api credential-bitbucket configure
git now asks this helper for bitbucket.org, www.bitbucket.org, bitbucket.example.com, as HOME/.gitconfig says
! git-credential-bitbucket: warning: git asks cache too, and gives it a copy of every token: .git/config says so
! git-credential-bitbucket: hint: git credential-bitbucket configure --local

$ git -C api credential-bitbucket unconfigure --local
git no longer asks this helper, as far as WORK/api/.git/config goes

# Wrong options
$ git credential-bitbucket configure --local --global
! git-credential-bitbucket: error: --local and --global exclude each other
! git-credential-bitbucket: hint: git credential-bitbucket help configure
? 2

$ git credential-bitbucket unconfigure --everywhere
! git-credential-bitbucket: error: unconfigure has no option --everywhere
! git-credential-bitbucket: hint: git credential-bitbucket help unconfigure
? 2

# What cannot be written
$ git -C api credential-bitbucket configure --global
nothing to do: HOME/.gitconfig names this helper already
! git-credential-bitbucket: warning: git asks cache too, and gives it a copy of every token: .git/config says so
! git-credential-bitbucket: hint: git credential-bitbucket configure --local

$ GIT_CONFIG_GLOBAL=$HOME/.gitconfig/config git credential-bitbucket configure
! git-credential-bitbucket: error: cannot read HOME/.gitconfig/config.git-credential-bitbucket (ENOTDIR)
! git-credential-bitbucket: hint: ls -ld HOME/.gitconfig/config.git-credential-bitbucket
? 1

$ GIT_CONFIG_GLOBAL=$HOME/.gitconfig/config git credential-bitbucket unconfigure
! git-credential-bitbucket: error: cannot read HOME/.gitconfig/config (ENOTDIR)
! git-credential-bitbucket: hint: ls -ld HOME/.gitconfig/config
? 1
