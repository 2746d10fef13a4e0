# What install.sh, uninstall.sh, packaging and the tests' preparation share.
# shellcheck shell=sh

# Leaves only absolute folders, as the program's front does: git, node and the others are never those of the folder that
# this was called in.
clean_path() {
  folders=${PATH-}:
  # shellcheck disable=SC2123 # this PATH is meant
  PATH=
  while [ -n "$folders" ]; do
    case $folders in /*) PATH=$PATH${PATH:+:}${folders%%:*} ;; esac
    folders=${folders#*:}
  done
  # An empty PATH would be the current folder.
  export PATH="${PATH:-/usr/bin:/bin}"
}
case :${PATH-}: in *:[!/]*) clean_path ;; esac

say() { printf '%s\n' "$*"; }

# fail MESSAGE HINT: the hint is a command that can be pasted.
fail() {
  printf '%s\n' "${0##*/}: error: $1" "${0##*/}: hint: $2" >&2
  exit 1
}

# A word of sh.
for_shell() { printf '%s' "$1" | sed -e "s/'/'\\\\''/g" -e "s/^/'/" -e "s/\$/'/"; }

# refuse_foreign FOLDER: root would leave files of its own in a person's folder (sudo -E, su -p), which the person could not
# change any more. The nearest folder that exists counts.
refuse_foreign() {
  [ "$(id -u 2>/dev/null)" = 0 ] || return 0
  place=$1
  while [ ! -e "$place" ]; do place=$(dirname "$place"); done
  # shellcheck disable=SC3067 # -O is not in POSIX; dash, bash and busybox have it
  [ -O "$place" ] ||
    fail "$place belongs to another user, and this runs as root" "sudo -H $(for_shell "$0")"
}

# how_to_get PACKAGE: the command that installs it here.
how_to_get() {
  if command -v apt-get >/dev/null; then
    printf 'sudo apt-get update && sudo apt-get install -y %s' "$1"
  elif command -v brew >/dev/null; then
    printf 'brew install %s' "$1"
  elif command -v dnf >/dev/null; then
    printf 'sudo dnf install -y %s' "$1"
  else
    printf 'install %s with the package manager of this system' "$1"
  fi
}

# is_at_least VERSION WANTED: compares numbers between dots.
is_at_least() {
  awk -v have="$1" -v want="$2" 'BEGIN {
    split(have, h, "."); split(want, w, ".")
    for (i = 1; i <= 3; i++) if (h[i] + 0 != w[i] + 0) exit (h[i] + 0 < w[i] + 0)
  }'
}

# The oldest that the tests run on.
check_git() {
  command -v git >/dev/null || fail 'git is missing' "$(how_to_get git)"
  version=$(git --version | sed 's/^git version \([0-9.]*\).*/\1/')
  is_at_least "$version" 2.17 ||
    fail "git $version is too old, 2.17 or later is needed" "$(how_to_get git)"
}

check_node() {
  command -v node >/dev/null || fail 'Node is missing, 20.18.1 or later is needed' "$(how_to_get 'nodejs npm')"
  version=$(node -p process.versions.node)
  is_at_least "$version" 20.18.1 ||
    fail "Node $version is too old, 20.18.1 or later is needed" 'nvm install 22   # or from https://nodejs.org'
  command -v npm >/dev/null || fail 'npm is missing' "$(how_to_get npm)"
}

# What `systemctl --user enable` makes.
unit_link() {
  printf '%s' "${XDG_CONFIG_HOME:-${HOME:-}/.config}/systemd/user/sockets.target.wants/git-credential-bitbucket.socket"
}

# own_configs: the files of ours that git's configuration of this user may include, one a line. src/git/config-file.ts
own_configs() {
  for config in "${GIT_CONFIG_GLOBAL:-}" "${HOME:-}/.gitconfig" "${XDG_CONFIG_HOME:-${HOME:-}/.config}/git/config"; do
    for suffix in '' -local; do
      file=$config.git-credential-bitbucket$suffix
      case $file in /*) [ ! -f "$file" ] || printf '%s\n' "$file" ;; esac
    done
  done
}

# names_program PROGRAM OPTIONS…: whether git's configuration, read with these options, lets git run the program.
names_program() {
  wanted=$1
  shift
  # The backslashes that sh takes away.
  git config "$@" --includes --get-regexp '^credential\.https://.*\.helper$' 2>/dev/null |
    sed -e 's/^[^ ]* //' -e 's/\\\(.\)/\1/g' | grep -Fqx -e "$wanted"
}
