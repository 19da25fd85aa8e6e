"""Reading and writing zip files within bounds; what is written is the same on every day."""

import io
import re
import zipfile
import zlib
from datetime import datetime

MAX_FILES = 5_000
MAX_FILE = 20_000_000  # bytes, unpacked
MAX_TOTAL = 200_000_000
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}")
# What zip can tell: from 1980, in steps of two seconds.
FIRST_YEAR, LAST_YEAR = 1980, 2107


class ZipRefused(ValueError):
    """The zip file cannot be read or would be too large."""


def pack(files: dict[str, bytes], moment: datetime) -> bytes:
    """Return a zip of ``files``, sorted by name, all of the time ``moment``.

    :raise ZipRefused: nothing to pack, too much, or a name that is not a plain file name
    """
    _check_bounds([(name, len(content)) for name, content in files.items()])
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


def unpack(content: bytes, max_total: int = MAX_TOTAL, suffix: str = "") -> dict[str, bytes]:
    """Return the files of a zip that others made, by their names without folders.

    :param str suffix: only files whose names end so are read (``.xsd``), others need not be safe
    :raise ZipRefused: not a zip, encrypted, too much, or two different files of one name
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive, max_total, suffix)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        raise ZipRefused(str(error)) from error
    except RuntimeError as error:  # it wants a password
        raise ZipRefused(str(error)) from error


def _read(archive, max_total, suffix):
    entries = [
        (entry.filename.replace("\\", "/").rpartition("/")[2], entry)
        for entry in archive.infolist()
        if not entry.is_dir() and entry.filename.endswith(suffix)
    ]
    _check_bounds([(name, entry.file_size) for name, entry in entries], max_total)
    files = {}
    for name, entry in entries:
        with archive.open(entry) as stream:  # what the file says of its size need not be true
            found = stream.read(entry.file_size + 1)
        if len(found) != entry.file_size:
            raise ZipRefused(f"{name} has another size than the zip says")
        if files.setdefault(name, found) != found:
            raise ZipRefused(f"two files have the same name, {name}")
    return files


def _check_bounds(sizes, max_total=MAX_TOTAL):
    if not sizes:
        raise ZipRefused("there is no file")
    if len(sizes) > MAX_FILES:
        raise ZipRefused(f"more than {MAX_FILES} files")
    for name, size in sizes:
        if not FILE_NAME.fullmatch(name):
            raise ZipRefused(f"{name!r} is not a plain file name")
        if size > MAX_FILE:
            raise ZipRefused(f"{name} has more than {MAX_FILE} bytes")
    if sum(size for _name, size in sizes) > max_total:
        raise ZipRefused(f"more than {max_total} bytes in all")
