#!/bin/sh
# `npm run bench`: installs what is missing, builds the program, and measures it.
set -eu
cd "$(dirname "$0")/../.."

sh test/prepare.sh
npm run --silent build
# Two folders below the project, as test/support/project.ts expects, and where packages are found.
bench=node_modules/.bench/bench.mjs
node_modules/.bin/esbuild test/bench/bench.ts --bundle --format=esm --platform=node --target=node20.18 \
  --packages=external --log-level=warning --outfile=$bench
node $bench
