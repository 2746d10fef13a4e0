#!/bin/sh
# `npm run demo`: installs what is missing, builds the program and the demo, and plays it.
set -eu
cd "$(dirname "$0")/../.."

sh test/prepare.sh demo
npm run --silent build
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
node_modules/.bin/esbuild test/demo/demo.ts --bundle --format=esm --platform=node --target=node20.18 \
  --external:keytar --external:tmp-promise --log-level=warning --outfile="$folder/demo.mjs"
node "$folder/demo.mjs"
