"""Zip files from strangers: few entries, bounded length, flat names, nothing nested."""

import io
import stat
import struct
import zipfile
import zlib
from typing import NamedTuple

from .faults import Fault, Refused, fault

MAX_ENTRIES = 2000
MAX_ARCHIVE = 32 * 1024 * 1024
MAX_TOTAL = 64 * 1024 * 1024
MAX_RATIO = 100
# Small files of blanks pack better than any honest long one.
RATIO_FROM = 1024 * 1024
CHUNK = 64 * 1024
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
NESTED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ")
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class Entry(NamedTuple):
    """A file of an archive."""

    name: str
    data: bytes


def is_zip(data: bytes) -> bool:
    """Return whether ``data`` begins like a zip file."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read(data: bytes) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """Return the files in ``data`` in their order, or none and what is wrong."""
    try:
        return _read(data), ()
    except Refused as refused:
        values = dict(refused.values)
        return (), (fault(refused.code, None, values.pop("name", ""), **values),)
    except BROKEN:
        return (), (fault("zip_broken"),)


def _read(data):
    if len(data) > MAX_ARCHIVE:
        raise Refused("too_big", size=len(data) // 1024**2, limit=MAX_ARCHIVE // 1024**2)
    # Before the list of entries is built in memory.
    if data.count(b"PK\x01\x02") > MAX_ENTRIES:
        raise Refused("zip_many", limit=MAX_ENTRIES)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        _check_list(infos)
        left, entries = MAX_TOTAL, []
        for info in infos:
            content = _content(archive, info, left)
            left -= len(content)
            entries.append(Entry(info.filename, content))
    return tuple(entries)


def _check_list(infos):
    if not infos:
        raise Refused("zip_empty")
    if len(infos) > MAX_ENTRIES:
        raise Refused("zip_many", limit=MAX_ENTRIES)
    seen = set()
    for info in infos:
        _check_name(info)
        if info.filename.casefold() in seen:
            raise Refused("zip_twice", name=info.filename)
        seen.add(info.filename.casefold())
        if info.flag_bits & 0x1:
            raise Refused("zip_encrypted", name=info.filename)
        if info.compress_type not in METHODS:
            raise Refused("zip_method", name=info.filename)


def _check_name(info):
    # zipfile turns the other separator into / and cuts at NUL: look at what the archive says.
    name = info.orig_filename
    parts = name.replace("\\", "/").split("/")
    outside = name.startswith(("/", "\\")) or ":" in name or ".." in parts
    if outside or not name.isprintable() or len(name) > 200:
        raise Refused("zip_name", name=name)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Refused("zip_name", name=name)


def _content(archive, info, left):
    """Return what an entry holds, stopping where its length passes a limit, whatever it says."""
    pieces, size = [], 0
    most = max(RATIO_FROM, MAX_RATIO * info.compress_size)
    with archive.open(info) as stream:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if size > left or size > most:
                raise Refused("zip_bomb", name=info.filename)
            pieces.append(piece)
    content = b"".join(pieces)
    if content.startswith(NESTED):
        raise Refused("zip_nested", name=info.filename)
    return content
