# shellcheck shell=bash
# Odoo: one way to call it, and databases made as copies of templates.

ADDON=cabinet_billing

py() { "${ODOO_PYTHON:-$VENV/bin/python}" "$@"; }

# Written at each start: paths move when the folder does. No password ever lands in it: Odoo reads PGPASSWORD itself.
write_config() {
    local place paths=$ROOT
    place=$(odoo_path)
    [ ! -d "$ROOT/script/addons" ] || paths=$paths,$ROOT/script/addons
    # A source checkout keeps most addons beside the odoo package.
    [ ! -d "$place/addons" ] || paths=$paths,$place/addons
    mkdir -p "$DATA" "$RUN"
    cat >"$RUN/odoo.conf.$$" <<END
[options]
addons_path = $paths
data_dir = $DATA
db_name =
http_interface = 127.0.0.1
max_cron_threads = 0
without_demo = True
END
    mv "$RUN/odoo.conf.$$" "$RUN/odoo.conf"
}

# odoo_command [server|shell|...] options: puts Odoo's command line, with this folder's addons, data and database
# server, into ODOO_COMMAND.
odoo_command() {
    local command=server
    case ${1:-} in [a-z]*) command=$1 && shift ;; esac
    # ODOO_PYTHON may not know where ODOO_HOME is.
    ODOO_COMMAND=(env PYTHONPATH="${ODOO_PYTHON:+$(odoo_path):}${PYTHONPATH:-}" "${ODOO_PYTHON:-$VENV/bin/python}" -m odoo
        "$command" -c "$RUN/odoo.conf" "$@")
}

odoo() {
    local ODOO_COMMAND
    odoo_command "$@"
    "${ODOO_COMMAND[@]}"
}

db() { py "$ROOT/script/lib/db.py" "$@"; }

# A copy of a database with its files: hard links, so it costs neither time nor space.
createdb_from() {
    db copy "$1" "$2" || return 1
    [ ! -d "$DATA/filestore/$1" ] || { rm -rf "$DATA/filestore/$2" && cp -al "$DATA/filestore/$1" "$DATA/filestore/$2"; }
}

drop_database() {
    db drop "$1"
    rm -rf "${DATA:?}/filestore/$1"
}
