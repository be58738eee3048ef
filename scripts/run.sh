#!/bin/sh
# `make run`: from a bare clone to an open page. Asks nothing, needs no root.
set -eu
cd "$(dirname "$0")/.."
sh scripts/venv.sh
# A bare clone shows the demonstration; an installation with DEBUG=0 never does by itself.
if [ -z "${REHAB_DEMO:-}" ] && [ "${DEBUG:-1}" != 0 ]; then
    export REHAB_DEMO=1
fi
exec .venv/bin/python manage.py up --prepare
