#!/bin/sh
# `npm run package:deb [-- DIR]`: makes a Debian package of this clone, for this machine's architecture, in DIR (default
# dist). It needs dpkg-deb, git, Node and npm; nothing of the system is changed.
# With SOURCE_DATE_EPOCH set, the same sources make the same package. DEBFULLNAME and DEBEMAIL say who maintains it.
set -eu
umask 022
ours=git-credential-bitbucket
unset -v CDPATH
clone=$(cd "$(dirname "$0")/../.." && pwd -P)
target=${1:-$clone/dist}
mkdir -p "$target"
target=$(cd "$target" && pwd -P)
cd "$clone"
# shellcheck source=install/common.sh
. install/common.sh
# shellcheck source=build/stage.sh
. build/stage.sh
check_node
command -v dpkg-deb >/dev/null || fail 'dpkg-deb is missing' "$(how_to_get dpkg)"

root=$(mktemp -d)
trap 'rm -rf "$root"; remove_stage' EXIT
trap 'exit 130' INT HUP TERM
chmod 755 "$root"
lib=$root/usr/lib/$ours
version=$(node -p 'require("./package.json").version')
architecture=$(dpkg --print-architecture)
maintainer="${DEBFULLNAME:-$ours} <${DEBEMAIL:-maintainers@$ours.invalid}>"
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(date +%s)}"

# put MODE TARGET: from standard input, with the folders above it.
put() {
  mkdir -p "$(dirname "$root/$2")"
  cat >"$root/$2"
  chmod "$1" "$root/$2"
}

program() {
  # The name of the package is all that is to be read on standard output.
  # shellcheck disable=SC2119 # the words of this script are none for the build
  stage_program >&2
  mkdir -p "$lib"
  mv "$stage/dist" "$lib/dist"
  mv "$lib/dist/THIRD-PARTY-LICENSES.txt" "$root/licences"
  chmod 644 "$lib"/dist/*
  chmod 755 "$lib/dist/main.js" "$lib/dist/$ours"
  keytar
  sed -i "s|@NODE@|/usr/bin/node|" "$lib/dist/$ours"
  mkdir -p "$root/usr/bin"
  ln -s ../lib/$ours/dist/$ours "$root/usr/bin/$ours"
}

# Only the library for this machine.
keytar() {
  from=node_modules/keytar
  prebuild=prebuilds/$(node -p 'process.platform + "-" + process.arch')
  for file in package.json lib/keytar.js "$prebuild/keytar.node"; do
    put 644 "usr/lib/$ours/$from/$file" <"$stage/$from/$file"
  done
}

shells() {
  completion() { node "$lib/dist/main.js" completion "$1"; }
  completion bash | put 644 usr/share/bash-completion/completions/$ours
  completion zsh | put 644 usr/share/zsh/vendor-completions/_$ours
  completion fish | put 644 usr/share/fish/vendor_completions.d/$ours.fish
}

documents() {
  for page in man/*.1; do
    gzip -9n <"$page" | put 644 "usr/share/man/man1/${page##*/}.gz"
  done
  changelog | gzip -9n | put 644 usr/share/doc/$ours/changelog.gz
  gzip -9n <"$root/licences" | put 644 usr/share/doc/$ours/third-party.gz
  rm "$root/licences"
  copyright | put 644 usr/share/doc/$ours/copyright
}

copyright() {
  cat LICENSE
  printf '\nkeytar, in /usr/lib/%s/node_modules:\n\n' "$ours"
  cat "$stage/node_modules/keytar/LICENSE.md"
  printf '\n%s\n' "The program has parts of other packages in it; third-party.gz has their licences. One of
them, human-signals, is under the Apache License 2.0, which is in
/usr/share/common-licenses/Apache-2.0."
}

# The newest entry of CHANGELOG.md as deb-changelog(5) wants it.
changelog() {
  printf '%s (%s) unstable; urgency=medium\n\n' "$ours" "$version"
  awk '/^## / { n++ } n == 1 && /^- / { print line; line = "* " substr($0, 3) }
    n == 1 && /^  / { line = line substr($0, 2) } END { print line }' CHANGELOG.md |
    sed '/^$/d' | fold -s -w 74 | sed -e 's/ *$//' -e '/^[*]/!s/^/  /' -e 's/^/  /'
  printf '\n -- %s  %s\n' "$maintainer" "$(LC_ALL=C date -Ru -d "@$SOURCE_DATE_EPOCH")"
}

# Units are looked at by systemd only when the person enables them.
units() {
  for unit in install/systemd/*; do
    [ -f "$unit" ] || continue
    sed -e "s|@NODE@|/usr/bin/node|" -e "s|@PROGRAM@|/usr/lib/$ours/dist/main.js|" \
      -e "s|@NODE_VARIABLES@|$(grep -v '^#' install/node-variables | paste -sd ' ' -)|" "$unit" | put 644 "usr/lib/systemd/user/${unit##*/}"
  done
}

control() {
  put 644 DEBIAN/control <<END
Package: $ours
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Section: vcs
Priority: optional
Installed-Size: $(du -sk "$root/usr" | cut -f 1)
Depends: git (>= 1:2.17), nodejs (>= 20.18.1), libc6
Recommends: libsecret-1-0
Description: Git credential helper for Bitbucket Cloud
 It gives git the right username and the right token for every repository on
 bitbucket.org: user API tokens, access tokens of repositories, projects and
 workspaces, and OAuth access tokens. Secrets are kept in the keychain of the
 session, or in files encrypted with age where there is none.
END
  put 755 DEBIAN/prerm <packaging/deb/prerm
  (cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) | put 644 DEBIAN/md5sums
}

program
shells
documents
units
control
find "$root" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
package=$target/${ours}_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
printf '%s\n' "$package"
