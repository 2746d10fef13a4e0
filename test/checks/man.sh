#!/bin/sh
# Every manual page is clean mdoc. Whether the pages it refers to are installed says nothing about it.
set -eu
cd "$(dirname "$0")/../.."
found=$(mandoc -T lint man/*.1 2>&1 | grep -vE 'mandoc\.db|referenced manual not found' || true)
[ -z "$found" ] || {
  printf '%s\n' "$found"
  exit 1
}
