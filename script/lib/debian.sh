# shellcheck shell=bash
# Debian: the few system packages, and Odoo 19 unpacked from its package without installing it.

ODOO_MAJOR=19
APT_ETC=/etc/apt
# Odoo's static files are links into these packages.
ODOO_COMPANIONS=(fonts-montserrat fonts-roboto-unhinted fonts-inconsolata fonts-ocr-b
    fonts-glyphicons-halflings libjs-jquery libjs-jquery-form libjs-underscore)

# --- System packages -------------------------------------------------------------------------------------------------

missing_packages() {
    command -v chromium >/dev/null || command -v google-chrome >/dev/null || echo chromium
    command -v pdftotext >/dev/null || echo poppler-utils
    if ! pick_python >/dev/null; then echo python3 python3-venv; fi
    if ! database_given && ! pg_bin >/dev/null; then echo postgresql; fi
}

install_system_packages() {
    local missing
    missing=$(missing_packages | tr '\n' ' ')
    [ -n "${missing// /}" ] || return 0
    command -v apt-get >/dev/null ||
        die "these programs are missing and this is not a Debian machine: $missing(Debian's names). Install them, then start again."
    is_root || command -v sudo >/dev/null ||
        die "these Debian packages are missing: $missing. Ask your administrator for: apt-get install $missing"
    step "Debian's package list" apt-update as_root apt-get update ||
        die "apt-get update failed: look at the lines above (network, or /etc/apt), then start again."
    # shellcheck disable=SC2086 # a list of package names
    step "Debian packages: $missing" apt-install \
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing ||
        die "apt-get could not install: $missing. Look at the lines above, then start again."
}

# --- A private apt source --------------------------------------------------------------------------------------------

# Print the machine's own entry of the Debian archive (not the security or a third party's one) for another suite, as
# a one-line entry. No address is written in this project: the machine knows its mirror.
debian_entry() {
    local suite=$1
    # "|| true": not every machine has files of each kind.
    { cat "$APT_ETC"/sources.list.d/*.sources 2>/dev/null || true; } | awk -v suite="$suite" '
        /^#/ { next }
        /^[[:space:]]*$/ { out(); next }
        /^[A-Za-z-]+:/ { key = tolower($1); sub(/^[^:]*:[[:space:]]*/, ""); value[key] = $0 }
        END { out() }
        function out(  uri, opts) {
            split(value["uris:"], uri, " ")
            if (!done && value["types:"] ~ /(^| )deb( |$)/ && value["components:"] ~ /(^| )main( |$)/ \
                && value["enabled:"] != "no" && uri[1] ~ /debian\/?$/ && value["suites:"] !~ /security/) {
                opts = value["signed-by:"] ~ /^\// ? "[signed-by=" value["signed-by:"] "] " : ""
                print "deb " opts uri[1] " " suite " main"; done = 1
            }
            split("", value)
        }' | grep . && return 0
    { cat "$APT_ETC"/sources.list "$APT_ETC"/sources.list.d/*.list 2>/dev/null || true; } | awk -v suite="$suite" '
        $1 == "deb" && / main/ && !/security/ {
            opts = ""
            if (match($0, /\[[^]]*\]/)) { opts = substr($0, RSTART, RLENGTH) " "; sub(/\[[^]]*\] */, "") }
            if ($2 ~ /debian\/?$/) { print "deb " opts $2 " " suite " main"; exit }
        }' | grep .
}

# private_apt SUITE apt-get-arguments...: apt-get with lists, cache and sources of its own.
private_apt() {
    local apt=$CACHE/apt-$1
    shift
    apt-get -qq -oDir::Etc::sourcelist=/dev/null -oDir::Etc::sourceparts="$apt/sources" -oDir::State::lists="$apt/lists" \
        -oDir::Cache="$apt/cache" -oAPT::Sandbox::User="$(id -un)" -oAcquire::Languages=none "$@"
}

open_private_apt() {
    local suite=$1 apt=$CACHE/apt-$1
    mkdir -p "$apt/sources" "$apt/lists/partial" "$apt/cache/archives/partial" || return 1
    debian_entry "$suite" >"$apt/sources/debian.list" || {
        echo "No entry of the Debian archive was found in /etc/apt."
        return 1
    }
    private_apt "$suite" update
}

# --- Odoo ------------------------------------------------------------------------------------------------------------

stable_suite() { (. /etc/os-release && echo "${VERSION_CODENAME:-stable}"); }

candidate_version() {
    apt-cache -oDir::Etc::sourcelist=/dev/null -oDir::Etc::sourceparts="$CACHE/apt-sid/sources" \
        -oDir::State::lists="$CACHE/apt-sid/lists" -oDir::Cache="$CACHE/apt-sid/cache" policy "odoo-$ODOO_MAJOR" |
        sed -n 's/^ *Candidate: //p'
}

download_debs() {
    local suite=$1
    shift
    mkdir -p "$CACHE/debs" && (cd "$CACHE/debs" && private_apt "$suite" download "$@")
}

unpack_odoo() {
    local deb
    rm -rf "$SRC" "$SRC.part" && mkdir -p "$SRC.part" || return 1
    for deb in "$CACHE"/debs/*.deb; do dpkg -x "$deb" "$SRC.part" || return 1; done
    mv "$SRC.part" "$SRC"
}

fetch_odoo() {
    [ -z "${ODOO_HOME:-}" ] || return 0
    stamped odoo "debian-$ODOO_MAJOR" && [ -f "$SRC/usr/lib/python3/dist-packages/odoo/release.py" ] && return 0
    local stable advice
    advice="Or get Odoo $ODOO_MAJOR yourself and set ODOO_HOME to its folder."
    command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
        die "Odoo $ODOO_MAJOR is taken from Debian's packages, and this is not a Debian machine. $advice"
    stable=$(stable_suite)
    step "Package list of Debian unstable" apt-sid open_private_apt sid ||
        die "Debian's unstable package list could not be read: check the network and /etc/apt. $advice"
    case $(candidate_version) in
        "$ODOO_MAJOR".*) ;;
        *) die "Debian unstable no longer carries odoo-$ODOO_MAJOR (found: $(candidate_version)). $advice" ;;
    esac
    step "Package list of Debian $stable" apt-stable open_private_apt "$stable" ||
        die "Debian's $stable package list could not be read: check the network and /etc/apt. $advice"
    step "Odoo $ODOO_MAJOR from Debian unstable (125 MB)" odoo-download \
        download_debs sid "odoo-$ODOO_MAJOR" "${ODOO_COMPANIONS[@]}" || die "the download failed. Start again. $advice"
    # Odoo uses the file names of Font Awesome 4; unstable carries a later one.
    step "Font Awesome 4 from Debian $stable" font-download download_debs "$stable" fonts-font-awesome ||
        die "the download failed. Start again. $advice"
    step "Unpacking Odoo (1.2 GB)" odoo-unpack unpack_odoo || die "unpacking failed: is the disk full? (df -h $WORK)"
    stamp odoo "debian-$ODOO_MAJOR"
}
