# shellcheck shell=bash
# Python: choose an interpreter that Odoo 19 runs on, and fill the virtual environment.

python_fits() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

# 3.11 first: it is the version the pins were measured with.
pick_python() {
    local name
    for name in ${PYTHON:+"$PYTHON"} python3.11 /usr/bin/python3 python3.12 python3.13 python3.10 python3; do
        if python_fits "$name"; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

# Where the odoo package is: in Debian's package, or below the ODOO_HOME that was given.
odoo_path() {
    local home=${ODOO_HOME:-$SRC/usr/lib/python3/dist-packages} place
    for place in "$home" "$home/usr/lib/python3/dist-packages" "$home/lib/python3/dist-packages"; do
        if [ -f "$place/odoo/release.py" ]; then
            echo "$place"
            return 0
        fi
    done
    return 1
}

check_odoo_home() {
    [ -n "${ODOO_HOME:-}" ] || return 0
    local place major
    place=$(odoo_path) || die "ODOO_HOME=$ODOO_HOME holds no Odoo: it must be the folder that contains the odoo package" \
        "(odoo/release.py), such as a checkout of Odoo $ODOO_MAJOR or a dist-packages folder."
    major=$(sed -n 's/^version_info = (\([0-9]*\),.*/\1/p' "$place/odoo/release.py")
    [ "$major" = "$ODOO_MAJOR" ] || die "ODOO_HOME=$ODOO_HOME is Odoo ${major:-of an unknown version};" \
        "this addon needs Odoo $ODOO_MAJOR."
}

# An environment that works is completed in place: another script may be running from it.
make_venv() {
    if ! "$VENV/bin/python" -m pip --version; then
        rm -rf "$VENV" && "$1" -m venv "$VENV" || return 1
    fi
    "$VENV/bin/python" -m pip install --disable-pip-version-check --prefer-binary -r "$ROOT/requirements.txt" || return 1
    if "$VENV/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 13))'; then
        # It asks for pycairo, which must be compiled; cairocffi, which it takes as well, need not be.
        "$VENV/bin/python" -m pip install --disable-pip-version-check --no-deps rlPyCairo==0.3.0
    fi
}

setup_python() {
    if [ -n "${ODOO_PYTHON:-}" ]; then
        python_fits "$ODOO_PYTHON" || die "ODOO_PYTHON=$ODOO_PYTHON is not a Python 3.10 to 3.13."
        return 0
    fi
    local key python
    key=$(hash_of <"$ROOT/requirements.txt")
    if ! stamped venv "$key" || ! [ -x "$VENV/bin/python" ]; then
        python=$(pick_python) || die "no Python 3.10 to 3.13 with its venv module was found. On Debian:" \
            "apt-get install python3 python3-venv; elsewhere set PYTHON to one."
        step "Python libraries, about 75 (for $("$python" -V))" pip make_venv "$python" ||
            die "pip could not install requirements.txt: look at the lines above. A library without a ready-made build for" \
                "your Python would need a compiler: Python 3.11 has them all (set PYTHON=python3.11)."
        stamp venv "$key"
    fi
}

# The addons are found through the odoo package itself: one line in the environment, no PYTHONPATH.
link_odoo() {
    [ -z "${ODOO_PYTHON:-}" ] || return 0
    local place pth
    place=$(odoo_path)
    for pth in "$VENV"/lib/python3.*/site-packages; do
        [ "$(cat "$pth/odoo.pth" 2>/dev/null)" = "$place" ] || printf '%s\n' "$place" >"$pth/odoo.pth"
    done
}
