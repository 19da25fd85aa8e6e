# shellcheck shell=bash
# For a shell of your own, after script/setup:  . script/lib/env.sh
# Starts the private PostgreSQL when needed (and leaves it running), then gives $PY (Odoo's Python), the PG* variables
# and the functions odoo (any Odoo command, with this folder's addons), db, createdb_from TEMPLATE NAME, drop_database NAME.

. "$(dirname "${BASH_SOURCE[0]}")/all.sh"

if database_given; then
    [ -z "${DATABASE_URL:-}" ] || eval "$(db url "$DATABASE_URL")"
else
    start_cluster
    # No script may stop it under this shell.
    rm -f "$RUN/pg.started"
    exec 8>&-
fi
write_config
PY=${ODOO_PYTHON:-$VENV/bin/python}
export PY
