"""Compare the addon's French with the terms that Odoo finds in it.

Usage: terms.py POT PO [--update]
"""

import sys

import polib


def key(entry):
    return entry.msgid, entry.msgctxt


def load(path):
    return polib.pofile(path, wrapwidth=78)


def find_faults(found, french):
    known = {key(entry): entry for entry in french if not entry.obsolete}
    for entry in found:
        mine = known.pop(key(entry), None)
        if mine is None:
            yield f"not in fr.po: {entry.msgid!r}"
        elif not mine.msgstr.strip():
            yield f"not translated: {entry.msgid!r}"
        elif mine.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
    for msgid, _context in known:
        yield f"no longer in the addon: {msgid!r}"


def update(found, french, path):
    """Keep what is translated, add what is new with an empty text, drop what is gone."""
    known = {key(entry): entry.msgstr for entry in french}
    result = polib.POFile(wrapwidth=78)
    result.metadata = french.metadata or found.metadata
    result.metadata["Language"] = "fr"
    # These dates would change at each update and say nothing.
    for name in ("POT-Creation-Date", "PO-Revision-Date"):
        result.metadata.pop(name, None)
    for entry in found:
        entry.msgstr = known.get(key(entry), "")
        result.append(entry)
    result.save(path)
    empty = sum(not entry.msgstr for entry in result)
    print(f"{path}: {len(result)} terms, {empty} to translate")


def main(pot_path, po_path, *options):
    found, french = load(pot_path), load(po_path)
    if "--update" in options:
        update(found, french, po_path)
        return 0
    faults = list(find_faults(found, french))
    print("\n".join(faults))
    print(f"{len(found)} terms, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
