# shellcheck shell=bash
# The set-up, in its order. Each step does nothing when its result is there.

set_up() {
    mkdir -p "$WORK" "$RUN"
    lock setup
    check_odoo_home
    install_system_packages
    fetch_odoo
    setup_python
    link_odoo
    write_config
    unlock
    open_database_server
}
