"""The gate of zipped workbooks: what the archive's directory and its parts must look like before anything is parsed."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from b2b.sandbox import MIB, Refused

MOST_ENTRIES = 2_000
MOST_UNPACKED_BYTES = 200 * MIB
MOST_RATIO = 100
RATIO_FROM_BYTES = MIB
"""Parts smaller than this may be packed as tightly as they like."""
CHUNK = MIB

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
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        _directory(archive.infolist())
        for entry in archive.infolist():
            _part(archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, struct.error) as damage:
        raise Refused("damaged") from damage
    return archive


def _directory(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Refused("too-many-parts", most=MOST_ENTRIES)
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise Refused("unpacks-too-large", most=MOST_UNPACKED_BYTES // MIB)
    names = [entry.filename.replace("\\", "/") for entry in entries]
    if len({name.casefold() for name in names}) < len(names):
        raise Refused("duplicate-parts")
    for entry, name in zip(entries, names, strict=True):
        _name(name)
        if entry.flag_bits & _ENCRYPTED:
            raise Refused("password")
        if entry.file_size > RATIO_FROM_BYTES and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise Refused("packed-too-tightly", most=MOST_RATIO)


def _name(name: str) -> None:
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/") or "\0" in name:
        raise Refused("outside-paths")
    low = posixpath.normpath(name).casefold()
    for code, pattern in (("macros", _MACROS), ("external-links", _LINKS), ("embedded-objects", _OBJECTS)):
        if pattern.search(low):
            raise Refused(code)


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpack a part once, which also proves its size and checksum, and look for what markup must not hold."""
    name = entry.filename.casefold()
    markup = name.endswith(_MARKUP)
    tail = b""
    for chunk in chunks(archive, entry):
        if markup:
            window = tail + chunk
            _markup(name, window)
            tail = window[-1024:]


def _markup(name: str, window: bytes) -> None:
    if any(word in window for word in _DOCTYPES):
        raise Refused("doctype")
    if name.endswith(".rels") and any(not _HYPERLINK.search(link) for link in _EXTERNAL.findall(window)):
        raise Refused("external-links")
    if name == "content.xml" and b"<table:table-source" in window:
        raise Refused("external-links")
    if name == "[content_types].xml" and b"macroEnabled" in window:
        raise Refused("macros")


def chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK):
            yield chunk
