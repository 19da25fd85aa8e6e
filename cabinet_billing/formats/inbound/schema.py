"""Comparing XML with a schema, by ``xmlschema`` where it is installed; nothing is fetched."""

from functools import lru_cache
from pathlib import Path

from ..safe_xml import read
from .faults import Faults

OWN = Path(__file__).parent / "profiles"
MOST = 50


def check(data: bytes, path: str | Path) -> tuple:
    """Return where ``data`` does not follow the schema in the file ``path``.

    :param path: a schema that the practice trusts, with what it imports beside it
    """
    faults = Faults()
    root, found = read(data)
    faults.extend(found)
    if root is None:
        return faults.found
    try:
        schema = load(str(path))
    except ImportError:
        faults.warn("schema_unchecked")
        return faults.found
    except Exception as error:
        # A schema is a program of its own: whatever it breaks, the user is told and goes on.
        faults.add("schema_broken", reason=f"{type(error).__name__}: {error}")
        return faults.found
    for number, error in enumerate(schema.iter_errors(root)):
        if number == MOST:
            break
        name = (error.path or "").rpartition("/")[2]
        faults.add("schema_fault", error.sourceline, name, reason=error.reason)
    return faults.found


@lru_cache(maxsize=8)
def load(path: str):
    """Return the compiled schema in the file ``path``.

    :raise ImportError: the library is not installed
    """
    import xmlschema

    return xmlschema.XMLSchema(path, allow="local", defuse="never")
