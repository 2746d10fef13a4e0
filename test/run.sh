#!/bin/sh
# Everything that must hold, on a machine with nothing but git, Node and npm: installs what is missing, then checks and
# tests. The last line counts; a check that fails does not keep the others from running.
set -eu
cd "$(dirname "$0")/.."

sh test/prepare.sh

passed=0
failed=0
for check in format lint types shell man; do
  printf '\n== check:%s\n' "$check"
  if npm run --silent "check:$check"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done

printf '\n== tests\n'
counts=$(mktemp)
trap 'rm -f "$counts"' EXIT
TEST_COUNTS=$counts node_modules/.bin/vitest run "$@" || code=$?
if read -r tests_passed tests_failed <"$counts"; then
  passed=$((passed + tests_passed))
  failed=$((failed + tests_failed))
fi
# What is no test, such as an unhandled error, fails the run too.
[ "${code:-0}" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
