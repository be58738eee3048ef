#!/bin/sh
# manage.py of the site that systemd runs: with its settings, its secrets and its user. As root, with the words
# of the command: sh deploy/manage.sh doctor
# Without it a command on the same machine has no settings, and finds an empty database of its own.
unit="rehab-manage-$$"
secrets="/run/credentials/$unit.service"
# What is typed in reaches it from a terminal, and a file or a pipe from anywhere else.
through=--pipe
[ -t 0 ] && through=--pty
exec systemd-run --quiet --collect --wait "$through" --unit "$unit" \
    --property User=rehab --property Group=rehab --property UMask=0077 \
    --property WorkingDirectory=/srv/rehab \
    --property StateDirectory=rehab --property StateDirectoryMode=0700 \
    --setenv REHAB_ENV_FILE=/etc/rehab/rehab.env --setenv REHAB_VAR_DIR=/var/lib/rehab \
    --property LoadCredential=secret_key:/etc/rehab/secret_key --setenv "SECRET_KEY_FILE=$secrets/secret_key" \
    --property LoadCredential=field_key:/etc/rehab/field_key --setenv "REHAB_FIELD_KEY_FILE=$secrets/field_key" \
    --property LoadCredential=database_url:/etc/rehab/database_url --setenv "DATABASE_URL_FILE=$secrets/database_url" \
    --property LoadCredential=redis_url:/etc/rehab/redis_url --setenv "REDIS_URL_FILE=$secrets/redis_url" \
    /srv/rehab/.venv/bin/python manage.py "$@"
