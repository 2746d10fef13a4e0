#!/bin/sh
# Installs git-credential-bitbucket from this clone, for you, and makes git use it.
#
#   install/install.sh [--prefix DIR] [--no-configure]
#
#   --prefix DIR     where to install, default ~/.local
#   --no-configure   leave git's configuration alone
#
# Each version has a folder of its own, and the program in bin is replaced last, in one step: until then the former
# version serves, and what still runs of it keeps its files until the next installation.
set -eu
umask 022
ours=git-credential-bitbucket
# cd would look for folders there, and print where it went.
unset -v CDPATH
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
clone=$(cd "$here/.." && pwd -P)
# shellcheck source=install/common.sh
. "$clone/install/common.sh"
# shellcheck source=build/stage.sh
. "$clone/build/stage.sh"

main() {
  read_options "$@"
  refuse_foreign "$prefix"
  # With --no-configure, nothing is put into the home.
  [ "$configure" = no ] || [ -z "${HOME-}" ] || refuse_foreign "$HOME"
  check_git
  check_node
  cd "$clone"
  trap clean_up EXIT
  trap 'exit 130' INT HUP TERM
  stage_program --keep-code
  make_folder "$lib"
  put_version
  put_files
  switch_over
  put_units
  stop_daemon
  remove_older
  say "installed $("$front" --version) under $prefix"
  if [ "$configure" = yes ]; then
    "$front" configure
    examine
  fi
  offer_units
  advise_path
}

read_options() {
  prefix=${HOME:+$HOME/.local}
  configure=yes
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix=?*) prefix=${1#*=} ;;
      --prefix)
        [ -n "${2:-}" ] || usage
        prefix=$2
        shift
        ;;
      --no-configure) configure=no ;;
      *) usage ;;
    esac
    shift
  done
  [ -n "$prefix" ] || fail 'HOME is not set, so there is no default folder' "$0 --prefix DIR"
  case $prefix in
    # Node itself runs nothing from a folder with a backslash in its name.
    *[[:cntrl:]\\]*) fail 'the folder has a backslash or a line break in its name' "$0 --prefix DIR" ;;
    /*) ;;
    *) prefix=$PWD/$prefix ;;
  esac
  # As PATH and the places of systemd are written.
  while [ "$prefix" != "${prefix%/}" ]; do prefix=${prefix%/}; done
  lib=$prefix/lib/$ours
  front=$prefix/bin/$ours
}

# Remembers what it made, so that uninstall.sh takes away these folders and no other.
make_folder() {
  [ -d "$1" ] && return 0
  make_folder "$(dirname "$1")"
  mkdir "$1" || fail "cannot make the folder $1" "$0 --prefix DIR"
  made="${made:-}folder $1
"
  [ ! -d "$lib" ] || record
}

record() {
  printf '%s' "$made" >>"$lib/manifest"
  made=
}

# The folder of this version; nobody is led to it before it is whole.
put_version() {
  folder=$(mktemp -d "$lib/version.XXXXXX")
  unused=$folder
  chmod 755 "$folder"
  mv "$stage/dist" "$folder/dist"
  mkdir "$folder/node_modules"
  cp -R "$stage/node_modules/keytar" "$folder/node_modules/"
  cp package.json LICENSE "$folder/"
}

clean_up() {
  remove_stage
  [ -z "${unused:-}" ] || rm -rf "$unused"
}

# Manual pages, completions, and what takes it all away again without this clone.
put_files() {
  for page in man/*.[1-9]; do put "$page" "$prefix/share/man/man1/${page##*/}"; done
  for shell in bash fish zsh; do
    node "$folder/dist/main.js" completion "$shell" >"$folder/$shell"
  done
  put "$folder/bash" "$prefix/share/bash-completion/completions/$ours"
  put "$folder/fish" "$prefix/share/fish/vendor_completions.d/$ours.fish"
  put "$folder/zsh" "$prefix/share/zsh/site-functions/_$ours"
  put install/common.sh "$lib/common.sh"
  put install/uninstall.sh "$lib/uninstall.sh"
}

# put SOURCE TARGET: at any time TARGET is the old file or the new one.
put() {
  make_folder "$(dirname "$2")"
  cp "$1" "$2.new"
  mv -f "$2.new" "$2"
  made="file $2
"
  record
}

switch_over() {
  # The real Node: a version manager's stand-in needs variables that graphical programs do not have.
  node=$(node -p process.execPath)
  fill "$folder/dist/$ours" for_shell >"$folder/$ours"
  chmod 755 "$folder/$ours"
  put "$folder/$ours" "$front"
  unused=
}

# For the service manager of the person's session; nothing of it is switched on.
put_units() {
  units=
  case $(uname -s) in
    Linux)
      # Elsewhere systemd would not find them.
      case $prefix in "${HOME:-}/.local" | /usr/local | /usr) ;; *) return 0 ;; esac
      command -v systemctl >/dev/null || return 0
      units=$prefix/share/systemd/user
      for unit in service socket; do
        fill "install/systemd/$ours.$unit" for_systemd >"$folder/$unit"
        put "$folder/$unit" "$units/$ours.$unit"
      done
      if [ -h "$(unit_link)" ]; then systemctl --user daemon-reload || true; fi
      ;;
    Darwin)
      units=$lib/org.$ours.daemon.plist
      fill "install/launchd/${units##*/}" for_xml >"$folder/plist"
      put "$folder/plist" "$units"
      ;;
  esac
}

# fill FILE ESCAPE: the file with the paths in it, escaped by the function ESCAPE, and the names of Node's variables.
fill() {
  names=$(grep -v '^#' install/node-variables | paste -sd ' ' -)
  [ "$2" != for_xml ] || names=$(printf '%s' "$names" | sed 's|[^ ]*|<string>-u</string><string>&</string>|g')
  sed -e "s|@NODE@|$($2 "$node" | for_replacement)|" \
    -e "s|@PROGRAM@|$($2 "$folder/dist/main.js" | for_replacement)|" \
    -e "s|@FRONT@|$($2 "$front" | for_replacement)|" \
    -e "s|@NODE_VARIABLES@|$names|" "$1"
}

# Inside of double quotes; systemd.service(5), COMMAND LINES.
for_systemd() { printf '%s' "$1" | sed -e 's/[\\"]/\\&/g' -e 's/[%$]/&&/g'; }

for_xml() { printf '%s' "$1" | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'; }

# The right side of s|||.
for_replacement() { sed 's/[\\&|]/\\&/g'; }

# It would answer for the former version; the next request starts one of this version.
stop_daemon() {
  "$front" daemon stop >/dev/null || say "the former daemon still runs; end it with: git credential-bitbucket daemon stop"
}

remove_older() {
  former=$(cat "$lib/current" 2>/dev/null) || former=
  for version in "$lib"/version.*; do
    [ "$version" = "$folder" ] || [ "$version" = "$former" ] || rm -rf "$version"
  done
  printf '%s\n' "$folder" >"$lib/current"
}

# Where PATH ends is told by advise_path, with what makes it last.
examine() {
  PATH=$prefix/bin:$PATH "$front" doctor --brief ||
    say 'it is installed all the same; look again with: git credential-bitbucket doctor'
}

offer_units() {
  case $units in
    '') ;;
    *.plist) say "to have the daemon started at login: cp '$units' ~/Library/LaunchAgents/" ;;
    *) [ -h "$(unit_link)" ] || say "to have the daemon started by systemd: systemctl --user enable --now $ours.socket" ;;
  esac
}

advise_path() {
  case :$PATH: in
    *":$prefix/bin:"*) ;;
    *)
      say "$prefix/bin is not on PATH, so git does not know 'git credential-bitbucket' yet; add it with"
      case ${SHELL:-} in
        */fish) say "  fish_add_path '$prefix/bin'" ;;
        */zsh) say "  echo 'export PATH=\"$prefix/bin:\$PATH\"' >>~/.zprofile && exec zsh -l" ;;
        *) say "  echo 'export PATH=\"$prefix/bin:\$PATH\"' >>~/.profile && . ~/.profile" ;;
      esac
      ;;
  esac
  say "next: git credential-bitbucket login"
}

usage() {
  sed -n 's/^#   \{0,1\}//p' "$0" >&2
  exit 2
}

main "$@"
