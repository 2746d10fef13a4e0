#!/bin/sh
# `npm run versions`: the tests with other versions of Node and git than the machine's own.
#
#   npm run versions                       all of those below: hours
#   npm run versions -- node 22 [WORD]…    the newest Node 22, all tests; words are vitest's, such as test/daemon
#   npm run versions -- git 2.17.1 [WORD]… the tests that run git
#
# Node comes from npm, as the package that holds its binary. Git is built from its authors' tag, out of the repository that
# GIT_SOURCE names, and stays in node_modules/.versions.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=install/common.sh
. install/common.sh

cache=$PWD/node_modules/.versions
with_git='test/cli test/conformance test/daemon test/flows test/git test/install test/people test/real-git test/simulator
  test/transcripts test/trust'

# use_node VERSION: puts it first on PATH.
use_node() {
  package=node-$(node -p 'process.platform + "-" + process.arch')
  folder=$cache/node-$1
  npm install --silent --ignore-scripts --no-save --prefix "$folder" "$package@$1" ||
    fail "npm has no $package@$1" "npm view $package versions"
  PATH=$folder/node_modules/$package/bin:$PATH
}

# use_git VERSION: the same.
use_git() {
  folder=$cache/git-$1
  [ -x "$folder/bin/git" ] || build_git "$1" "$folder"
  PATH=$folder/bin:$PATH
}

build_git() {
  say "building git $1"
  source=$(mktemp -d)
  log=$source.log
  # Without what needs other languages: nothing that the tests use.
  options="prefix=$2 NO_GETTEXT=1 NO_TCLTK=1 NO_PYTHON=1 NO_PERL=1 NO_RUST=1 NO_INSTALL_HARDLINKS=1"
  # shellcheck disable=SC2086 # words on purpose
  { git clone --quiet --depth 1 --branch "v$1" "${GIT_SOURCE:-https://github.com/git/git}" "$source" &&
    make -C "$source" -j"$(nproc)" CFLAGS='-O1 -w' $options install; } >"$log" 2>&1 ||
    fail "git $1 could not be built; what went wrong stands in $log" \
      'sudo apt-get install -y gcc make libcurl4-openssl-dev libexpat1-dev libssl-dev zlib1g-dev'
  rm -rf "$source" "$log"
}

run_tests() {
  say "== node $(node -p process.versions.node), $(git --version)"
  # Set, so that tests which are left out are named.
  TEST_COUNTS=/dev/null node_modules/.bin/vitest run "$@"
}

sh test/prepare.sh
case ${1-} in
  '')
    failed=0
    for version in 20.18.1 20.19.2 22 24 26; do sh "$0" node "$version" || failed=1; done
    for version in 2.17.1 2.55.0; do sh "$0" git "$version" || failed=1; done
    exit "$failed" ;;
  node)
    use_node "$2"
    shift 2
    run_tests "$@" ;;
  git)
    use_git "$2"
    shift 2
    # shellcheck disable=SC2086 # words on purpose
    [ "$#" -gt 0 ] || set -- $with_git
    run_tests "$@" ;;
  *) fail "unknown word: $1" 'npm run versions -- node 22' ;;
esac
