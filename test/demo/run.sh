#!/bin/sh
# `npm run demo`: installs what is missing, builds the program and the demo, and plays it.
set -eu
cd "$(dirname "$0")/../.."

sh test/prepare.sh demo
npm run --silent build
# Two folders below the project, as test/support/project.ts expects, and where packages are found.
demo=node_modules/.demo/demo.mjs
node_modules/.bin/esbuild test/demo/demo.ts --bundle --format=esm --platform=node --target=node20.18 \
  --packages=external --log-level=warning --outfile=$demo
node $demo
