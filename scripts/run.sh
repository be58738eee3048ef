#!/bin/sh
# `make run`: from a bare clone to an open page. Asks nothing, needs no root.
set -eu
cd "$(dirname "$0")/.."
sh scripts/venv.sh
exec .venv/bin/python manage.py up --prepare
