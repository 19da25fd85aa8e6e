# shellcheck shell=bash
# PostgreSQL: the one that is given by DATABASE_URL or PGHOST, or a private cluster of this folder.
#
# The private cluster listens on a Unix socket only, in a folder that is closed to others: so it needs neither a port
# nor a password, and two folders never disturb each other.

database_given() { [ -n "${DATABASE_URL:-}${PGHOST:-}" ]; }

# The folder of PostgreSQL's programs: Debian keeps them out of PATH, one folder a version.
pg_bin() {
    local folder
    for folder in $(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -t/ -k5 -rn) \
        $(dirname "$(command -v pg_ctl || echo /none/x)"); do
        if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
            echo "$folder"
            return 0
        fi
    done
    return 1
}

# PostgreSQL refuses to run as root: root runs it as the system's user postgres.
as_pg() {
    if is_root; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

# In this folder, or in /var/tmp when PostgreSQL's user may not enter this one or when its path is too long for a
# socket (107 characters).
pg_folder() {
    local folder=$WORK/pg
    if [ ${#folder} -gt 80 ] || { is_root && ! as_pg test -x "$WORK"; }; then
        folder=/var/tmp/cabinet_billing-$(printf '%s' "$WORK" | hash_of)/pg
    fi
    echo "$folder"
}

# synchronous_commit=off: a crash may lose the last half second, never corrupts; test databases are copied much faster.
init_cluster() {
    local folder=$1 bin=$2
    mkdir -p "$folder" && chmod 700 "$folder" && { ! is_root || chown postgres "$folder"; } &&
        as_pg "$bin/initdb" -D "$folder/data" -U postgres -E UTF8 --locale=C.UTF-8 -A trust || return 1
    as_pg tee -a "$folder/data/postgresql.conf" >/dev/null <<END
listen_addresses = ''
unix_socket_directories = '$folder'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 512MB
synchronous_commit = off
max_wal_size = 2GB
END
}

cluster_runs() { as_pg "$2/pg_ctl" -D "$1/data" status >/dev/null 2>&1; }

# The server must not inherit our locks: it would hold them as long as it lives.
launch_cluster() { as_pg "$2/pg_ctl" -D "$1/data" -l "$1/log" -w -t 60 start 8>&- 9>&-; }

# A cluster is served by the version that made it.
pg_bin_of() {
    local version
    version=$(as_pg cat "$1/data/PG_VERSION")
    if [ -x "/usr/lib/postgresql/$version/bin/pg_ctl" ]; then echo "/usr/lib/postgresql/$version/bin"; else echo "$2"; fi
}

# Odoo refuses the superuser's name: it gets a role of its own.
make_role() {
    as_pg "$2/psql" -h "$1" -U postgres -d postgres -tAc "SELECT 1 FROM pg_roles WHERE rolname = 'cabinet'" | grep -q 1 ||
        as_pg "$2/psql" -h "$1" -U postgres -d postgres -c 'CREATE ROLE cabinet LOGIN CREATEDB'
}

make_cluster() {
    local folder=$1 bin=$2
    case $folder in "$WORK"/*) ;; *) say "  (PostgreSQL's files are kept in $folder)" ;; esac
    step "A private PostgreSQL cluster" initdb init_cluster "$folder" "$bin" ||
        die "PostgreSQL's initdb failed: look at the lines above, then delete $folder and start again."
}

# Scripts that run at the same time share the cluster: each holds a shared lock (8) on the file of its users, and the
# last one to leave stops what one of them started. A cluster that was already running is left running.
start_cluster() {
    local folder bin
    folder=$(pg_folder)
    bin=$(pg_bin) || die "PostgreSQL's server is missing. On Debian: apt-get install postgresql; or set DATABASE_URL to yours."
    lock pg
    exec 8>>"$RUN/pg.users"
    flock -s 8
    [ -f "$folder/data/PG_VERSION" ] || make_cluster "$folder" "$bin"
    bin=$(pg_bin_of "$folder" "$bin")
    if ! cluster_runs "$folder" "$bin"; then
        step "Starting PostgreSQL" pg-start launch_cluster "$folder" "$bin" || die "PostgreSQL did not start: see $folder/log."
        touch "$RUN/pg.started"
    fi
    if ! stamped role "$folder"; then
        step "Its role for Odoo" pg-role make_role "$folder" "$bin" || die "the role could not be made: look at the lines above."
        stamp role "$folder"
    fi
    unlock
    export PGHOST=$folder PGUSER=cabinet PGPORT=5432
    unset PGPASSWORD PGDATABASE PGSERVICE
}

leave_cluster() {
    local folder bin
    [ -e "$RUN/pg.started" ] || return 0
    folder=$(pg_folder)
    bin=$(pg_bin_of "$folder" "$(pg_bin)")
    lock pg
    exec 8>&-
    exec 8>>"$RUN/pg.users"
    if [ -e "$RUN/pg.started" ] && flock -n -x 8; then
        as_pg "$bin/pg_ctl" -D "$folder/data" -m fast -w stop >/dev/null || true
        rm -f "$RUN/pg.started"
    fi
    exec 8>&-
    unlock
}

# --- The database server that the scripts use ------------------------------------------------------------------------

open_database_server() {
    if database_given; then
        local variables
        if [ -n "${DATABASE_URL:-}" ]; then
            variables=$(db url "$DATABASE_URL") || die "DATABASE_URL could not be read (see above)."
            eval "$variables"
        fi
        db check || die "the database server that you gave cannot be used (see above)." \
            "Correct DATABASE_URL or PGHOST/PGPORT/PGUSER/PGPASSWORD, or unset them to get a private PostgreSQL."
    else
        start_cluster
        trap leave_cluster EXIT
    fi
}
