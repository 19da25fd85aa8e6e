# shellcheck shell=bash
# Names, messages and small helpers shared by every script. Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Everything that is downloaded or made lives here and is ignored by git: deleting it undoes the set-up.
WORK=${CABINET_WORK:-$ROOT/.odoo}
CACHE=$WORK/cache RUN=$WORK/run STAMPS=$WORK/stamps VENV=$WORK/venv SRC=$WORK/src DATA=$WORK/data

say() { printf '%s\n' "$*" >&2; }

die() {
    printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# Print the comment block at the top of the calling script: its help is written once.
help_of() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$1"; }

# Stop a process and all that it started.
kill_tree() {
    local child
    # Not pgrep: a small machine may lack it.
    for child in $(grep -ls "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status | cut -d/ -f3); do kill_tree "$child"; done
    kill -TERM "$1" 2>/dev/null || true
}

# step "What is done" LOG command...: runs it with its output in RUN/LOG.log, tells how long it took,
# and shows the end of the log when it fails. Bash forgets "set -e" in what is tested with "||", as steps are: a function
# that is run here joins its commands with "&&".
step() {
    local what=$1 log=$RUN/$2.log start=$SECONDS status=0 job
    shift 2
    mkdir -p "$RUN"
    printf '  %s ... ' "$what" >&2
    # In the background, so that a signal is heard at once.
    "$@" >"$log" 2>&1 </dev/null &
    job=$!
    trap 'kill_tree "$job"; exit 130' INT TERM
    wait "$job" || status=$?
    trap - INT TERM
    if [ "$status" -eq 0 ]; then
        printf '%s s\n' "$((SECONDS - start))" >&2
        return 0
    fi
    printf 'failed after %s s\n' "$((SECONDS - start))" >&2
    tail -n 25 "$log" >&2
    say "  (whole log: $log)"
    return "$status"
}

# A step is done when its stamp holds the key of what it was made from.
stamped() { [ -f "$STAMPS/$1" ] && [ "$(cat "$STAMPS/$1")" = "$2" ]; }

stamp() {
    mkdir -p "$STAMPS"
    printf '%s\n' "$2" >"$STAMPS/$1"
}

hash_of() { sha256sum | cut -c1-12; }

# Two scripts started at once must not unpack or build the same thing twice.
lock() {
    mkdir -p "$RUN"
    exec 9>"$RUN/$1.lock"
    flock -n 9 && return 0
    say "  waiting for another script of this folder ($1) to finish ..."
    flock 9
}

unlock() { exec 9>&-; }

is_root() { [ "$(id -u)" -eq 0 ]; }

as_root() {
    if is_root; then "$@"; else sudo "$@"; fi
}
