"""Zip files: those of strangers are read within bounds, ours are the same on every day.

Few entries, bounded length, names that lead nowhere, nothing nested, protected or linked.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from datetime import datetime
from typing import NamedTuple

from .inbound.faults import Fault, Refused, fault

MAX_FILES = 5_000
MAX_FILE = 20_000_000  # bytes, unpacked
MAX_TOTAL = 200_000_000
MAX_RATIO = 100
# Small files of blanks pack better than any honest long one.
RATIO_FROM = 1024 * 1024
CHUNK = 64 * 1024
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
NESTED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ")
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}")
# What zip can tell: from 1980, in steps of two seconds.
FIRST_YEAR, LAST_YEAR = 1980, 2107
# What the library raises; RuntimeError also for a password or a version that it does not know.
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    LookupError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class ZipRefused(Refused):
    """The zip file cannot be read or would be too large; its text is a sentence."""


class Entry(NamedTuple):
    """A file of an archive."""

    name: str
    data: bytes


class Bounds(NamedTuple):
    """What is read at most: ``archive`` in bytes packed, ``file`` and ``total`` unpacked."""

    archive: int = 32 * 1024 * 1024
    files: int = 2000
    file: int = 64 * 1024 * 1024
    total: int = 64 * 1024 * 1024


# ------------------------------------------------------------------------------------------------
# Writing
# ------------------------------------------------------------------------------------------------


def pack(files: dict[str, bytes], moment: datetime) -> bytes:
    """Return a zip of ``files``, sorted by name, all of the time ``moment``.

    :raise ZipRefused: nothing to pack, too much, or a name that is not a plain file name
    """
    for name in files:
        _check_plain(name)
    sizes = [(name, len(content)) for name, content in files.items()]
    _check_sizes(sizes, Bounds(MAX_TOTAL, MAX_FILES, MAX_FILE, MAX_TOTAL))
    year = min(max(moment.year, FIRST_YEAR), LAST_YEAR)
    when = (year, *moment.timetuple()[1:5], moment.second // 2 * 2)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, when)
            entry.create_system = 3  # the same on every machine
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()


# ------------------------------------------------------------------------------------------------
# Reading
# ------------------------------------------------------------------------------------------------


def is_zip(data: bytes) -> bool:
    """Return whether ``data`` begins like a zip file."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read(data: bytes, bounds: Bounds | None = None) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """Return the files in ``data`` in their order, or none and what is wrong."""
    try:
        return _read(data, bounds or Bounds()), ()
    except ZipRefused as refused:
        values = dict(refused.values)
        return (), (fault(refused.code, None, values.pop("name", ""), **values),)


def unpack(data: bytes, max_total: int = MAX_TOTAL, suffix: str = "") -> dict[str, bytes]:
    """Return the files of a zip that others made, by their names without folders.

    :param suffix: only files whose names end so are read (``.xsd``), others need not be safe
    :raise ZipRefused: not a zip, encrypted, too much, or two different files of one name
    """
    bounds = Bounds(files=MAX_FILES, file=MAX_FILE, total=max_total)
    files = {}
    for entry in _read(data, bounds, suffix):
        name = entry.name.replace("\\", "/").rpartition("/")[2]
        _check_plain(name)
        if files.setdefault(name, entry.data) != entry.data:
            raise ZipRefused("zip_twice", name=name)
    return files


def _read(data, bounds, suffix=""):
    try:
        return _read_entries(data, bounds, suffix)
    except ZipRefused:
        raise
    except BROKEN as error:
        raise ZipRefused("zip_broken") from error


def _read_entries(data, bounds, suffix):
    if len(data) > bounds.archive:
        raise ZipRefused("too_big", size=len(data) // 1024**2, limit=bounds.archive // 1024**2)
    # Before the list of entries is built in memory.
    if data.count(b"PK\x01\x02") > bounds.files:
        raise ZipRefused("zip_many", limit=bounds.files)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = [
            info
            for info in archive.infolist()
            if not info.is_dir() and info.filename.endswith(suffix)
        ]
        _check_list(infos)
        _check_sizes([(info.filename, info.file_size) for info in infos], bounds)
        left, entries = bounds.total, []
        for info in infos:
            content = _content(archive, info, min(left, bounds.file))
            left -= len(content)
            entries.append(Entry(info.filename, content))
    return tuple(entries)


def _check_list(infos):
    seen = set()
    for info in infos:
        _check_name(info)
        if info.filename.casefold() in seen:
            raise ZipRefused("zip_twice", name=info.filename)
        seen.add(info.filename.casefold())
        if info.flag_bits & 0x1:
            raise ZipRefused("zip_encrypted", name=info.filename)
        if info.compress_type not in METHODS:
            raise ZipRefused("zip_method", name=info.filename)


def _check_name(info):
    # zipfile turns the other separator into / and cuts at NUL: look at what the archive says.
    name = info.orig_filename
    parts = name.replace("\\", "/").split("/")
    outside = name.startswith(("/", "\\")) or ":" in name or ".." in parts
    if outside or not name.isprintable() or len(name) > 200:
        raise ZipRefused("zip_name", name=name)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ZipRefused("zip_name", name=name)


def _check_plain(name):
    if not FILE_NAME.fullmatch(name):
        raise ZipRefused("zip_name", name=name)


def _check_sizes(sizes, bounds):
    """Compare what files have, or say that they have, with the bounds."""
    if not sizes:
        raise ZipRefused("zip_empty")
    if len(sizes) > bounds.files:
        raise ZipRefused("zip_many", limit=bounds.files)
    for name, size in sizes:
        if size > bounds.file:
            raise ZipRefused("zip_bomb", name=name)
    if sum(size for _name, size in sizes) > bounds.total:
        raise ZipRefused("zip_bomb", name=sizes[-1][0])


def _content(archive, info, left):
    """Return what an entry holds, stopping where its length passes a limit, whatever it says."""
    pieces, size = [], 0
    most = max(RATIO_FROM, MAX_RATIO * info.compress_size)
    with archive.open(info) as stream:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if size > left or size > most:
                raise ZipRefused("zip_bomb", name=info.filename)
            pieces.append(piece)
    if size != info.file_size:
        raise ZipRefused("zip_size", name=info.filename)
    content = b"".join(pieces)
    if content.startswith(NESTED):
        raise ZipRefused("zip_nested", name=info.filename)
    return content
