#!/bin/sh
# What a container runs: its command, with the password of PostgreSQL from a file, which is how secrets reach containers.
set -eu
if [ -n "${PGPASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$PGPASSWORD_FILE")
    export PGPASSWORD
fi
exec "$@"
