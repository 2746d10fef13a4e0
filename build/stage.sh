# Builds the program in a folder of its own below this clone, with the packages that the build needs and no others. For
# install.sh and packaging/deb/build.sh, which run it in the clone's folder.
# shellcheck shell=sh

# stage_program: leaves dist and node_modules in the folder $stage, until remove_stage.
stage_program() {
  # Below the clone: /tmp may be a place that nothing can be run from.
  stage=$(mktemp -d "$PWD/dist.new.XXXXXX") || fail "nothing can be written into $PWD" 'df -h . && ls -ld .'
  stage_packages
  cp -R build install src package.json "$stage/"
  (cd "$stage" && node build/program.mjs "$@" --outdir dist && node dist/main.js --version >/dev/null) ||
    fail 'the program could not be built' 'npm ci --ignore-scripts && npm run build'
}

remove_stage() {
  [ -z "${stage:-}" ] || rm -rf "$stage"
}

# Packages that are here already serve, if they are those of the lock file; they are only read.
stage_packages() {
  if node build/packages.mjs has . 2>/dev/null; then
    ln -s "$PWD/node_modules" "$stage/node_modules"
    return 0
  fi
  cp .npmrc "$stage/"
  list=$(node build/packages.mjs write "$stage") ||
    fail 'package-lock.json is not as it should be' 'git checkout package.json package-lock.json'
  say "installing $(printf '%s\n' "$list" | grep -c .) npm packages for the build, each checked against package-lock.json:"
  printf '%s\n' "$list" | paste -s -d ' ' - | fold -s -w 76 | sed -e 's/ *$//' -e 's/^/  /'
  # What npm remembers of a package may be older than the version that is wanted.
  run_npm --prefer-offline || { is_npm_error ETARGET && run_npm --prefer-online; } || fail_with_npm
  # A setting of npm, or a full disk, which it may pass over in silence.
  node build/packages.mjs is "$stage" || {
    cat "$stage/npm-errors" >&2
    fail 'npm did not install just the packages that package-lock.json names' 'df -h . && npm config list'
  }
}

run_npm() {
  (cd "$stage" && npm ci "$1" --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error 2>npm-errors)
}

is_npm_error() { grep -q "$1" "$stage/npm-errors"; }

fail_with_npm() {
  cat "$stage/npm-errors" >&2
  if is_npm_error EINTEGRITY; then
    fail 'a package is not the one that package-lock.json names, so nothing was installed' 'npm config get registry'
  fi
  fail 'npm could not install the packages' 'npm ci --ignore-scripts'
}
