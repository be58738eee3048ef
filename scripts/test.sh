#!/bin/sh
# `make test`: from a bare clone to pytest's summary.
set -eu
cd "$(dirname "$0")/.."
# A fresh Debian has Python without its venv module.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! [ -x .venv/bin/python ] &&
    ! "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv
fi
sh scripts/venv.sh
exec .venv/bin/python scripts/test.py "$@"
