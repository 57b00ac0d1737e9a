"""The gate of zipped workbooks: what the archive's directory and its parts must look like before anything is parsed."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from io import BytesIO

from b2b.sandbox import MIB, Refused

MOST_ENTRIES = 2_000
MOST_UNPACKED_BYTES = 200 * MIB
"""What all parts together may unpack to, but for those that are read piece by piece."""
MOST_STREAMED_BYTES = 2048 * MIB
"""What those may: a sheet of a million rows and twelve columns is one of 600 MB."""
MOST_RATIO = 100
RATIO_FROM_BYTES = MIB
"""Parts smaller than this may be packed as tightly as they like."""
CHUNK = MIB
MOST_RELATIONS_BYTES = 16 * MIB

_ENCRYPTED = 0x1
_MACROS = re.compile(r"vbaproject|vbadata|(^|/)macrosheets/|^basic/.*\.xml|^scripts/")
_LINKS = re.compile(r"(^|/)externallinks/")
_OBJECTS = re.compile(r"(^|/)(embeddings|activex)/|oleobject")
_MARKUP = (".xml", ".rels", ".vml")
_DOCTYPES = tuple(
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
_EXTERNAL = re.compile(rb"<[^<>]*TargetMode\s*=\s*[\"']External[\"'][^<>]*>", re.IGNORECASE)
_HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")


def passed(data: bytes) -> zipfile.ZipFile:
    """The archive, when nothing in it is more than a plain workbook needs. Raises ``Refused``."""
    archive = opened(data)
    searched(archive)
    return archive


def opened(data: bytes, *, streamed: re.Pattern[str] | None = None, macros: bool = False) -> zipfile.ZipFile:
    """The archive, when its directory is in order; nothing is unpacked. Raises ``Refused``.

    ``streamed`` fits the names of parts that will be read piece by piece, in lower case. With ``macros`` they may be
    there: they are never looked at.
    """
    with _damage():
        archive = zipfile.ZipFile(BytesIO(data))
        entries = archive.infolist()
    _directory(entries, len(data))
    _sizes(entries, streamed)
    for entry in entries:
        _name(entry.filename.replace("\\", "/"), macros=macros)
    return archive


def searched(archive: zipfile.ZipFile, *, but: Collection[str] = (), macros: bool = False) -> None:
    """Unpack every part once, ``but`` some (in lower case), and look for what markup must not hold."""
    for entry in archive.infolist():
        if entry.filename.casefold() not in but:
            _part(archive, entry, macros=macros)


def _directory(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Refused("too-many-parts", most=MOST_ENTRIES)
    names = {entry.filename.replace("\\", "/").casefold() for entry in entries}
    if len(names) < len(entries):
        raise Refused("duplicate-parts")
    if sum(entry.compress_size for entry in entries) > size:
        raise Refused("overlapping-parts")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Refused("password")


def _sizes(entries: list[zipfile.ZipInfo], streamed: re.Pattern[str] | None) -> None:
    by_piece = [entry for entry in entries if streamed and streamed.fullmatch(entry.filename.casefold())]
    pieces = sum(entry.file_size for entry in by_piece)
    if pieces > MOST_STREAMED_BYTES:
        raise Refused("unpacks-too-large", most=MOST_STREAMED_BYTES // MIB)
    if sum(entry.file_size for entry in entries) - pieces > MOST_UNPACKED_BYTES:
        raise Refused("unpacks-too-large", most=MOST_UNPACKED_BYTES // MIB)
    for entry in entries:
        if entry.file_size > RATIO_FROM_BYTES and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise Refused("packed-too-tightly", most=MOST_RATIO)


def _name(name: str, *, macros: bool) -> None:
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/") or "\0" in name:
        raise Refused("outside-paths")
    low = posixpath.normpath(name).casefold()
    if _MACROS.search(low) and not macros:
        raise Refused("macros")
    if _OBJECTS.search(low):
        raise Refused("embedded-objects")


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, macros: bool) -> None:
    """Unpack a part once, which also proves its size and checksum."""
    name = entry.filename.casefold()
    markup = name.endswith(_MARKUP)
    tail = b""
    for chunk in chunks(archive, entry):
        if markup:
            window = tail + chunk
            _markup(name, window, macros=macros)
            tail = window[-1024:]


def _markup(name: str, window: bytes, *, macros: bool) -> None:
    if any(word in window for word in _DOCTYPES):
        raise Refused("doctype")
    if name == "[content_types].xml" and b"macroEnabled" in window and not macros:
        raise Refused("macros")


def has_macros(archive: zipfile.ZipFile) -> bool:
    return any(_MACROS.search(name.casefold()) for name in archive.namelist())


def has_links(archive: zipfile.ZipFile) -> bool:
    """Whether anything in it leads to another file. Nothing here ever follows it."""
    return any(_leads_outside(archive, entry) for entry in archive.infolist())


def _leads_outside(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    name = entry.filename.casefold()
    if _LINKS.search(name):
        return True
    if name.endswith(".rels") and entry.file_size <= MOST_RELATIONS_BYTES:
        return any(not _HYPERLINK.search(link) for link in _EXTERNAL.findall(b"".join(chunks(archive, entry))))
    return False


def chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part, unpacked piece by piece. Raises ``Refused`` where it is damaged or lies about its size."""
    with _damage(), archive.open(entry) as part:
        while chunk := part.read(CHUNK):
            yield chunk


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, struct.error) as damage:
        raise Refused("damaged") from damage
