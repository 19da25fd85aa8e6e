# shellcheck shell=bash
# Template databases. Each is built once and copied in a second:
#   level 0  what the addons depend on, and French;
#   level 1  level 0 and the accounting of one or two countries;
#   level 2  level 1 and our addons.
# A template's name holds the hash of all it was made from: a change makes another one, and the old one is dropped.

# Our addons' folders; debian_support carries what Debian's build of Odoo lacks.
our_addons() {
    if [ -f "$ROOT/script/addons/debian_support/__manifest__.py" ]; then echo debian_support; fi
    echo "$ADDON"
}

our_addons_list() { our_addons | paste -sd, -; }

addon_folder() { if [ "$1" = "$ADDON" ]; then echo "$ROOT/$1"; else echo "$ROOT/script/addons/$1"; fi; }

# Tests, tours and pictures are read from the disk at each run: they change no database.
addons_hash() {
    local addon
    for addon in $(our_addons); do
        (cd "$(addon_folder "$addon")/.." && find "$addon" -type f ! -path '*/tests/*' ! -name '*.pyc' \
            ! -path '*/static/description/*' ! -name '*.md' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
    done | hash_of
}

# Two clones may share one PostgreSQL server, but never a database.
prefix() { echo "cabinet_$(printf '%s' "$ROOT" | sha256sum | cut -c1-6)"; }

country_modules() {
    case $1 in
        none) ;;
        fr) echo l10n_fr_account,l10n_fr_facturx_chorus_pro ;;
        ch) echo l10n_ch ;;
        fr+ch) echo l10n_fr_account,l10n_ch ;;
        *) die "unknown country '$1': it is fr, ch, both or none." ;;
    esac
}

base_modules() {
    local addon
    {
        printf '%s\n' base web account account_payment payment_demo
        for addon in $(our_addons); do
            py -c 'import ast, sys; print(*ast.literal_eval(open(sys.argv[1]).read()).get("depends", []), sep="\n")' \
                "$(addon_folder "$addon")/__manifest__.py"
        done
    } | sort -u | grep -vxFf <(our_addons) | paste -sd, -
}

template_exists() { [ -n "$(db query postgres "SELECT 1 FROM pg_database WHERE datname = '$1'")" ]; }

# Built under another name and renamed at the end: a template that exists is complete. (The caller holds a lock.)
finish_template() {
    db rename "$1" "$2" || return 1
    rm -rf "${DATA:?}/filestore/$2"
    [ ! -d "$DATA/filestore/$1" ] || mv "$DATA/filestore/$1" "$DATA/filestore/$2"
}

# Before a new template: the ones of the same kind that another version of the files left.
drop_old() {
    local name
    for name in $(db list "$1_"); do
        case $name in "$2" | *_part) ;; *) drop_database "$name" ;; esac
    done
}

build_level0() { odoo -d "$1" -i "$2" --load-language=fr_FR --stop-after-init --no-http; }

build_on() {
    createdb_from "$1" "$2" && odoo -d "$2" -i "$3" --stop-after-init --no-http
}

# Browser tests would otherwise spend their first 40 seconds on the scripts and styles of all pages; the server's first
# page a part of it. What another template has built and did not change is taken from there.
carry_assets() {
    local old
    for old in $(db list "$(prefix)_t2"); do
        case $old in *_part) continue ;; esac
        db assets "$old" "$1" && cp -aln "$DATA/filestore/$old/." "$DATA/filestore/$1/"
        break
    done
}

warm_assets() {
    carry_assets "$1" && odoo shell -d "$1" --no-http <<<"env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()"
}

# Only what the login page and the application itself load.
warm_first_pages() {
    carry_assets "$1" && odoo shell -d "$1" --no-http <<'END'
for bundle in ("web.assets_frontend_minimal", "web.assets_frontend", "web.assets_frontend_lazy", "web.assets_web"):
    assets = env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=True)
    assets.js()
    assets.css()
env.cr.commit()
END
}

level0() {
    local modules key name
    modules=$(base_modules) || return 1
    key=$( (odoo --version 2>/dev/null; odoo_path; echo "$modules") | hash_of)
    name=$(prefix)_t0_$key
    if ! template_exists "$name"; then
        drop_old "$(prefix)_t0" "$name"
        drop_database "${name}_part"
        step "Template: $modules, in French (about 90 s)" template-0 build_level0 "${name}_part" "$modules" ||
            die "Odoo could not install its own modules: look at the lines above."
        finish_template "${name}_part" "$name" || die "the template could not be put in place: look at the lines above."
    fi
    echo "$name"
}

level1() {
    local base name modules
    base=$(level0) || return 1
    modules=$(country_modules "$1") || return 1
    name=$(prefix)_t1${1/+/}_${base##*_}
    [ -n "$modules" ] || { echo "$base" && return; }
    if ! template_exists "$name"; then
        drop_old "$(prefix)_t1${1/+/}" "$name"
        drop_database "${name}_part"
        step "Template: $modules" template-1 build_on "$base" "${name}_part" "$modules" ||
            die "Odoo could not install $modules: look at the lines above."
        finish_template "${name}_part" "$name" || die "the template could not be put in place: look at the lines above."
    fi
    echo "$name"
}

level2() {
    local base name
    base=$(level1 "$1") || return 1
    name=$(prefix)_t2${1/+/}_$( (addons_hash; echo "$base") | hash_of)
    if ! template_exists "$name"; then
        drop_database "${name}_part"
        step "Template: $(our_addons_list)" template-2 build_on "$base" "${name}_part" "$(our_addons_list)" ||
            die "Odoo could not install our addons: look at the lines above."
        py "$LIB/log.py" install "$RUN/template-2.log" >&2 || die "the addons' installation is not clean (see above)."
        step "Its pages' scripts and styles" assets warm_assets "${name}_part" ||
            die "the pages' scripts and styles could not be built: look at the lines above."
        finish_template "${name}_part" "$name" || die "the template could not be put in place: look at the lines above."
        drop_old "$(prefix)_t2${1/+/}" "$name"
    fi
    echo "$name"
}
