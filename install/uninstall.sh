#!/bin/sh
# Takes away what install.sh installed, and the helper out of git's configuration. Accounts and secrets stay.
#
#   uninstall.sh [--prefix DIR] [--accounts]
#
#   --prefix DIR   where it was installed, default ~/.local
#   --accounts     forget the accounts and their secrets too
set -eu
ours=git-credential-bitbucket
# cd would look for folders there, and print where it went.
unset -v CDPATH
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
here=$(cd "$here" && pwd -P)
# shellcheck source=install/common.sh
. "$here/common.sh"

main() {
  read_options "$@"
  refuse_foreign "$prefix"
  [ -z "${HOME-}" ] || refuse_foreign "$HOME"
  [ -f "$manifest" ] || fail "nothing is installed under $prefix" "$0 --prefix DIR"
  runs=yes
  "$front" --version >/dev/null 2>&1 || runs=no
  if [ "$accounts" = yes ]; then
    "$front" logout --all || fail 'the accounts could not be forgotten, so nothing was taken away' "$front status"
  fi
  unconfigure
  if [ -h "$(unit_link)" ]; then
    systemctl --user disable --now "$ours.socket" ||
      fail 'systemd still opens the socket of the daemon, so nothing was taken away' "systemctl --user disable --now $ours.socket"
  fi
  [ "$runs" = no ] || "$front" daemon stop >/dev/null ||
    fail 'the daemon still runs, so nothing was taken away' "$front daemon stop"
  remove_files
  say "took git-credential-bitbucket away from under $prefix"
  [ "$accounts" = yes ] ||
    say "accounts and their secrets stay; to forget them, install again and run: git credential-bitbucket logout --all"
}

# Lines that name another copy are that one's. Without Node the file that has the lines goes: git passes over it then.
unconfigure() {
  if ! command -v git >/dev/null; then
    say 'git is missing, so its configuration stays as it is'
    return
  fi
  if names_program "$front" --global; then
    if [ "$runs" = yes ]; then
      "$front" unconfigure || fail 'git is still configured, so nothing was taken away' "$front unconfigure"
    else
      git config --global --unset-all include.path '\.git-credential-bitbucket$' || true
    fi
  elif git config --global --includes --get-all credential.https://bitbucket.org.helper 2>/dev/null | grep -q '/git-credential-bitbucket$'; then
    say 'git asks another copy of this program, so its configuration stays as it is'
  fi
  own_configs | while IFS= read -r file; do
    if names_program "$front" --file "$file"; then rm -f "$file"; fi
  done
  if names_program "$front" --global; then
    fail 'git is still configured, so nothing was taken away' 'git config --global --edit'
  fi
  if names_program "$front" --system; then
    say "git asks this program for everybody; take it out with: sudo git config --system --edit"
  fi
}

read_options() {
  prefix=${HOME:+$HOME/.local}
  # The installed copy knows where it is.
  [ ! -f "$here/manifest" ] || prefix=${here%/lib/"$ours"}
  accounts=no
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix=?*) prefix=${1#*=} ;;
      --prefix)
        [ -n "${2:-}" ] || usage
        prefix=$2
        shift
        ;;
      --accounts) accounts=yes ;;
      *) usage ;;
    esac
    shift
  done
  [ -n "$prefix" ] || fail 'HOME is not set, so there is no default folder' "$0 --prefix DIR"
  case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
  while [ "$prefix" != "${prefix%/}" ]; do prefix=${prefix%/}; done
  manifest=$prefix/lib/$ours/manifest
  front=$prefix/bin/$ours
}

# The folders last, the deepest first; one with anything else in it stays.
remove_files() {
  list=$(cat "$manifest")
  printf '%s\n' "$list" | sed -n 's/^file //p' | while IFS= read -r file; do rm -f "$file"; done
  rm -rf "${prefix:?}/lib/$ours"
  printf '%s\n' "$list" | sed -n 's/^folder //p' | sort -r | while IFS= read -r folder; do
    rmdir "$folder" 2>/dev/null || true
  done
}

usage() {
  sed -n 's/^#   \{0,1\}//p' "$0" >&2
  exit 2
}

main "$@"
