"""Validation by XML schemas that were loaded into the practice or that we ship.

The schemas are files by name. They are read without DTD, their imports are looked for among the
files only, and nothing is ever fetched.
"""

import hashlib
import re
import warnings
from functools import lru_cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import xmlschema
from lxml import etree

from .faults import Fault, FaultCode, fault
from .safe_xml import XmlRefused, parse

XSD = "http://www.w3.org/2001/XMLSchema"
POINTERS = ("import", "include", "redefine", "override")
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.xsd")
MAX_SCHEMA_SIZE = 2_000_000
MAX_DOCUMENT_SIZE = 20_000_000
MAX_ELEMENTS = 500_000
MAX_SCHEMA_FILES = 50
MAX_FAULTS = 100


class SchemaRefused(ValueError):
    """The schema files cannot be used; ``faults`` say which and why."""

    def __init__(self, faults):
        super().__init__("; ".join(str(dict(found.values)["reason"]) for found in faults))
        self.faults = faults


class Schema:
    """A schema that was built once and checks many documents.

    :param dict files: name → content of every file that it needs, or a folder (all its ``.xsd``)
    :param str main: the file to begin with, such as ``generalInvoiceRequest_450.xsd``
    :raise SchemaRefused: a file is missing, not a schema or not safe
    """

    def __init__(self, files, main):
        self.main = main
        self._schema = _build(read_files(files), main)

    def faults(self, document: bytes) -> list[Fault]:
        """Return what the schema refuses in ``document``, at most ``MAX_FAULTS``.

        ``path`` is that of the element; the values are ``line`` and ``reason``.
        """
        try:
            root = parse(document, max_size=MAX_DOCUMENT_SIZE, max_elements=MAX_ELEMENTS)
        except XmlRefused as error:
            code = FaultCode.UNSAFE_XML if error.unsafe else FaultCode.NOT_XML
            return [fault(code, "/", line=error.line, reason=str(error))]
        errors = self._schema.iter_errors(root, use_location_hints=False)
        return [
            fault(
                FaultCode.SCHEMA,
                re.sub(r"\{[^}]*\}|\w+:", "", error.path or "/"),
                line=error.sourceline,
                reason=error.reason or error.message,
            )
            for error in islice(errors, MAX_FAULTS)
        ]


def validate(files, main, document: bytes) -> list[Fault]:
    """Return what the schema ``main`` of ``files`` refuses in ``document``, or in the files.

    :param files: dict of name → bytes, or a folder
    """
    try:
        schema = load(files, main)
    except SchemaRefused as error:
        return error.faults
    return schema.faults(document)


def load(files, main) -> Schema:
    """Return the schema ``main`` of ``files``; those built last are kept in memory.

    :raise SchemaRefused: see :class:`Schema`
    """
    return _load(_Files(read_files(files)), main)


class _Files(dict):
    """Schema files that can be a key: by their names and contents."""

    def __hash__(self):
        digest = hashlib.sha256()
        for name, content in sorted(self.items()):
            digest.update(f"{name} {len(content)} ".encode())
            digest.update(content)
        return hash(digest.digest())


@lru_cache(maxsize=8)
def _load(files, main):
    return Schema(files, main)


def read_files(files) -> dict[str, bytes]:
    """Return the schema files by name, from a dict or from a folder."""
    if isinstance(files, dict):
        return files
    return {path.name: path.read_bytes() for path in sorted(Path(files).glob("*.xsd"))}


def _build(files, main):
    if main not in files:
        raise SchemaRefused([_bad(main, f"{main} is missing")])
    if len(files) > MAX_SCHEMA_FILES:
        raise SchemaRefused([_bad(main, f"more than {MAX_SCHEMA_FILES} files")])
    cleaned = _cleaned(files)
    with TemporaryDirectory(prefix="cabinet-schema-") as folder:
        for name, content in cleaned.items():
            Path(folder, name).write_bytes(content)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", xmlschema.XMLSchemaImportWarning)
                return xmlschema.XMLSchema10(
                    str(Path(folder, main)), base_url=folder, allow="sandbox", defuse="always"
                )
        except (xmlschema.XMLSchemaException, etree.LxmlError, RecursionError) as error:
            raise SchemaRefused([_bad(main, _first_line(error))]) from error


def _cleaned(files):
    """Return the files without DTD, their pointers to other files cut to names among them."""
    faults, cleaned = [], {}
    for name, content in files.items():
        try:
            cleaned[name] = _clean_file(name, content, files)
        except (XmlRefused, ValueError) as error:
            faults.append(_bad(name, f"{name}: {error}".rstrip(".")))
    if faults:
        raise SchemaRefused(faults)
    return cleaned


def _clean_file(name, content, files):
    if not FILE_NAME.fullmatch(name):
        raise ValueError("not the name of a schema")
    root = parse(content, internal_dtd=True, max_size=MAX_SCHEMA_SIZE, max_elements=MAX_ELEMENTS)
    if root.tag != f"{{{XSD}}}schema":
        raise ValueError("not an XML schema")
    for pointer in root.iter(*(f"{{{XSD}}}{tag}" for tag in POINTERS)):
        location = pointer.get("schemaLocation")
        if location is None:
            continue
        target = location.replace("\\", "/").rpartition("/")[2]
        if target not in files:
            raise ValueError(f"needs {target}, which is missing")
        pointer.set("schemaLocation", target)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _bad(name, reason):
    return fault(FaultCode.BAD_SCHEMA, name, line=None, reason=reason)


def _first_line(error):
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
