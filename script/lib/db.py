"""Small database work for the scripts, with the PG* variables of the environment.

No client program is needed: who gives a DATABASE_URL may have none.

Usage: db.py check | list [PREFIX] | copy TEMPLATE NAME | rename NAME NEW | drop NAME |
             query NAME SQL | parameters NAME KEY VALUE... | assets FROM TO | port [N] | url URL
"""

import shlex
import socket
import sys
from urllib.parse import unquote, urlsplit

import psycopg2
from psycopg2 import sql


def connect(database="postgres"):
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    return connection


def execute(statement, *names, database="postgres"):
    with connect(database).cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
        return cursor.fetchall() if cursor.description else []


def check():
    """Say in one sentence why Odoo could not work with this server, or nothing."""
    try:
        rows = execute(
            "SELECT current_user, rolcreatedb OR rolsuper,"
            " current_setting('server_version_num')::int FROM pg_roles WHERE rolname = current_user"
        )
    except psycopg2.OperationalError as error:
        sys.exit(f"PostgreSQL cannot be reached: {str(error).strip()}")
    user, creates, version = rows[0]
    if user == "postgres":
        sys.exit(
            "Odoo refuses the database user 'postgres': make a role of its own"
            " (CREATE ROLE cabinet LOGIN CREATEDB PASSWORD '...')"
            " and name it in DATABASE_URL or PGUSER."
        )
    if not creates:
        sys.exit(
            f"The database user '{user}' may not create databases: ALTER ROLE {user} CREATEDB."
        )
    if version < 130000:
        sys.exit(f"Odoo 19 needs PostgreSQL 13 or later; this server is {version // 10000}.")


def databases(prefix=""):
    rows = execute("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY datname")
    print("\n".join(name for (name,) in rows if name.startswith(prefix)))


def copy(template, name):
    execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    execute("CREATE DATABASE {} TEMPLATE {}", name, template)


def drop(name):
    execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def rename(name, new_name):
    execute("ALTER DATABASE {} RENAME TO {}", name, new_name)


def set_parameters(name, *pairs):
    """Write system parameters, given as key value key value..."""
    with connect(name).cursor() as cursor:
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            cursor.execute(
                "INSERT INTO ir_config_parameter (key, value, create_date, write_date)"
                " VALUES (%s, %s, now(), now())"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value, write_date = now()",
                (key, value),
            )


def carry_assets(source, target):
    """Copy the built scripts and styles: Odoo takes again those whose content did not change."""
    columns = [
        name
        for (name,) in execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'ir_attachment'"
            " AND column_name != 'id' ORDER BY 1",
            database=source,
        )
    ]
    fields = sql.SQL(", ").join(map(sql.Identifier, columns))
    values = sql.SQL(", ").join([sql.Placeholder()] * len(columns))
    with connect(source).cursor() as old, connect(target).cursor() as new:
        old.execute(
            sql.SQL("SELECT {} FROM ir_attachment WHERE url LIKE '/web/assets/%'").format(fields)
        )
        for row in old.fetchall():
            new.execute(
                sql.SQL("INSERT INTO ir_attachment ({}) VALUES ({})").format(fields, values), row
            )


def query(name, statement):
    with connect(name).cursor() as cursor:
        cursor.execute(statement)
        for row in cursor.fetchall() if cursor.description else []:
            print(*row, sep="|")


def port(number=0):
    """Print a port that is free now, or fail when this one is not."""
    with socket.socket() as probe:
        # As Odoo does: a port that was closed a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(number)))
        except OSError as error:
            sys.exit(f"port {number}: {error.strerror}")
        print(probe.getsockname()[1])


def url(address):
    """Print the PG* variables of a DATABASE_URL as shell assignments."""
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres"):
        sys.exit("DATABASE_URL must look like postgresql://user:password@host:port/")
    values = {
        "PGHOST": parts.hostname,
        "PGPORT": parts.port or 5432,
        "PGUSER": parts.username,
        "PGPASSWORD": parts.password,
    }
    for name, value in values.items():
        if value:
            print(f"export {name}={shlex.quote(unquote(str(value)))}")


if __name__ == "__main__":
    command, *arguments = sys.argv[1:] or ["help"]
    commands = {
        "check": check,
        "list": databases,
        "copy": copy,
        "rename": rename,
        "drop": drop,
        "assets": carry_assets,
        "query": query,
        "parameters": set_parameters,
        "port": port,
        "url": url,
    }
    if command not in commands:
        sys.exit(__doc__)
    commands[command](*arguments)
