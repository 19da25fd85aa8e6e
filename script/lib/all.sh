# shellcheck shell=bash
# What every script starts with: all the shared functions, no action.

LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$LIB/common.sh"
. "$LIB/debian.sh"
. "$LIB/python.sh"
. "$LIB/postgres.sh"
. "$LIB/odoo.sh"
. "$LIB/templates.sh"
. "$LIB/setup.sh"
