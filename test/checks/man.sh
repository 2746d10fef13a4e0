#!/bin/sh
# Every manual page is clean mdoc: mandoc -T lint prints nothing.
set -eu
cd "$(dirname "$0")/../.."
mandoc -T lint -W style man/*.1
