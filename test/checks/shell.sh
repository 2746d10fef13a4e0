#!/bin/sh
# Every shell script of the project passes shellcheck; found by their first line, so that none is forgotten.
set -eu
cd "$(dirname "$0")/../.."
find .ci install packaging test -type f ! -path '*/node_modules/*' -exec sh -c '
  for file do
    if head -n 1 "$file" | grep -qE "^#!/(usr/bin/env )?(bin/)?(ba|da)?sh"; then printf "%s\n" "$file"; fi
  done' sh {} + | sort | tr "\n" "\0" | xargs -0 shellcheck -x
