#!/bin/sh
# Every check, also when one fails. That of the format takes as long as the others together, so it runs beside them.
set -u
cd "$(dirname "$0")/../.." || exit

npm run --silent check:format &
format=$!
failed=0
for check in lint types shell man; do
  npm run --silent "check:$check" || failed=1
done
wait "$format" || failed=1
exit "$failed"
