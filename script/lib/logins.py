"""Try every login that a file for people promises, against a running server.

Usage: logins.py ADDRESS DATABASE FILE...

A file holds a table whose first column is the login; a column named "password" or "mot de passe"
holds the password, which otherwise is the login.
"""

import json
import sys
import urllib.request
from pathlib import Path


def read_logins(path):
    rows = [
        [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        for line in Path(path).read_text(encoding="utf-8").splitlines()
        if line.startswith("|") and not set(line) <= set("|-: ")
    ]
    header = [cell.lower() for cell in rows[0]]
    column = next(
        (header.index(name) for name in ("password", "mot de passe") if name in header), 0
    )
    return [(row[0], row[column]) for row in rows[1:]]


def log_in(address, database, login, password):
    """Return the user's number, or nothing when the server refuses."""
    params = {"db": database, "login": login, "password": password}
    request = urllib.request.Request(
        f"{address}/web/session/authenticate",
        json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response).get("result", {}).get("uid")


def main(address, database, *paths):
    logins = [("admin", "admin")]
    for path in paths:
        logins += read_logins(path)
    refused = [
        login for login, password in logins if not log_in(address, database, login, password)
    ]
    print(f"{len(logins)} logins tried, refused: {', '.join(refused) or 'none'}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
