#!/bin/sh
# Makes .venv with Python 3.11 or later, and installs requirements.txt where it
# has changed since the last time.
set -eu
cd "$(dirname "$0")/.."

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if ! { [ -x .venv/bin/python ] && is_new_enough .venv/bin/python; }; then
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
        if [ -n "$candidate" ] && is_new_enough "$candidate"; then
            python=$candidate
            break
        fi
    done
    if [ -z "${python:-}" ]; then
        echo "Python 3.11 or later is needed. Found: $(python3 --version 2>&1 || echo none)." >&2
        echo "Install it, or name one: PYTHON=/path/to/python3.11 make run" >&2
        exit 1
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "This Python has no venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
    rm -rf .venv
    "$python" -m venv .venv
fi

stamp=.venv/requirements.stamp
wanted=$(.venv/bin/python -c 'import hashlib, sys; print(sys.version.split()[0], hashlib.sha256(open("requirements.txt", "rb").read()).hexdigest())')
if [ "$wanted" != "$(cat $stamp 2>/dev/null || true)" ]; then
    echo "Installing requirements.txt into .venv (about a minute) ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
    echo "$wanted" >$stamp
fi
