#!/bin/sh
# Installs what the tests need, where it is missing: Debian packages when root, npm packages from the lock file.
# Whoever is not root is told the one command that installs the rest: no test is left out for want of a program.
#
#   sh test/prepare.sh [demo]     demo: only what the demo needs
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=install/common.sh
. install/common.sh

# Program or library, and the Debian package that brings it.
for_demo='
git:git
openssl:openssl
'
for_tests='
age:age
bash:bash
/usr/share/bash-completion/bash_completion:bash-completion
busybox:busybox
dash:dash
dbus-daemon:dbus
dbus-send:dbus
docker-credential-pass:golang-docker-credential-helpers
docker-credential-secretservice:golang-docker-credential-helpers
fish:fish
gcc:gcc
/usr/include/dlfcn.h:libc6-dev
git-lfs:git-lfs
gnome-keyring-daemon:gnome-keyring
gpg:gpg
gpg-agent:gpg-agent
ip:iproute2
lintian:lintian
libsecret-1.so.0:libsecret-1-0
man:man-db
mandoc:mandoc
mksh:mksh
pass:pass
ps:procps
python3:python3
script:bsdutils
secret-tool:libsecret-tools
setpriv:util-linux
shellcheck:shellcheck
strace:strace
systemd-analyze:systemd
unshare:util-linux
wine:wine
/usr/lib/wine/wine64:wine64
x86_64-w64-mingw32-gcc:gcc-mingw-w64-x86-64-win32
zsh:zsh
'

is_there() {
  case $1 in
    /*) [ -e "$1" ] ;;
    *.so.*) find /lib /usr/lib /usr/local/lib -name "$1" 2>/dev/null | grep -q . ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

missing_packages() {
  for need in $needed; do
    is_there "${need%%:*}" || printf '%s\n' "${need##*:}"
  done | sort -u | paste -sd ' ' -
}

install_packages() {
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  install="apt-get install -y --no-install-recommends $missing"
  command -v apt-get >/dev/null ||
    fail 'programs are missing that this script can install on Debian only' "install these, by their Debian names: $missing"
  [ "$(id -u)" -eq 0 ] || fail 'programs are missing' "sudo apt-get update && sudo $install"
  say "installing $missing"
  export DEBIAN_FRONTEND=noninteractive
  # The lists of a fresh machine are empty or old.
  # shellcheck disable=SC2086 # words on purpose
  $install >/dev/null 2>&1 || { apt-get update -q >/dev/null && $install >/dev/null; }
  missing=$(missing_packages)
  [ -z "$missing" ] || fail "still missing after their installation: $missing" "apt-get install $missing"
}

# All that development needs: the demo, too, is built from the tests' files.
# npm writes node_modules/.package-lock.json last: where that is newer than the lock file, everything is there.
install_modules() {
  [ -z "$(find package-lock.json -newer node_modules/.package-lock.json 2>&1)" ] && return 0
  say 'installing npm packages from package-lock.json'
  npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error ||
    fail 'npm could not install the packages' 'npm ci --ignore-scripts'
  touch node_modules/.package-lock.json
}

case ${1:-} in
  demo) needed=$for_demo ;;
  *) needed=$for_demo$for_tests ;;
esac
check_node
install_packages
install_modules
