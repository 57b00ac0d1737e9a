"""What a file really is, judged by its bytes; its name must say the same."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import puremagic
from django.core.files import File
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import DomainError

HEAD_BYTES = 4096
OOXML = "application/vnd.openxmlformats-officedocument"


class FileTypeRefused(DomainError):
    status, code, title = 415, "file-type", _("Files of this type are not accepted.")


class NameMismatch(DomainError):
    status, code, title = 422, "name-mismatch", _("The file is not what its name says.")


@dataclass(frozen=True, slots=True)
class FileType:
    """A media type, and the question whether a file's bytes are of it."""

    media_type: str
    matches: Callable[[File[bytes]], bool]


def sniff(file: File[bytes], suffix: str) -> str:
    """The media type of a file. Raises ``FileTypeRefused`` or ``NameMismatch``."""
    if suffix not in ACCEPTED:
        accepted = ", ".join(sorted(name[1:] for name in ACCEPTED))
        raise FileTypeRefused(gettext("Accepted are: %(types)s.") % {"types": accepted})
    if not ACCEPTED[suffix].matches(file):
        raise NameMismatch(gettext("The content is not that of a “%(suffix)s” file.") % {"suffix": suffix})
    return ACCEPTED[suffix].media_type


def _begins_like(*suffixes: str) -> Callable[[File[bytes]], bool]:
    """The first bytes are the mark of one of these types."""

    def matches(file: File[bytes]) -> bool:
        return bool(_marks(_head(file)) & set(suffixes))

    return matches


def _marks(head: bytes) -> set[str]:
    try:
        return {found.extension for found in puremagic.magic_string(head)}
    except puremagic.PureError:
        return set()


def _office(part: bytes) -> Callable[[File[bytes]], bool]:
    """An Office Open XML package with ``part`` and without macros."""

    def matches(file: File[bytes]) -> bool:
        directory = _zip_directory(file) if _head(file).startswith(b"PK\x03\x04") else b""
        return part in directory and b"[Content_Types].xml" in directory and b"vbaProject" not in directory

    return matches


def _binary_workbook(file: File[bytes]) -> bool:
    """A compound file ([MS-CFB]) with a stream called Workbook (BIFF8) or Book (BIFF5)."""
    content = _read(file, 0, file.size)
    streams = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
    return ".xls" in _marks(content[:HEAD_BYTES]) and any(stream in content for stream in streams)


END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
LONGEST_COMMENT = 0xFFFF
LARGEST_DIRECTORY = 1024 * 1024


def _zip_directory(file: File[bytes]) -> bytes:
    """The raw central directory (APPNOTE 4.3.12), or nothing when there is none or it is absurdly large."""
    tail_start = max(0, file.size - END_OF_DIRECTORY.size - LONGEST_COMMENT)
    tail = _read(file, tail_start, file.size - tail_start)
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or found + END_OF_DIRECTORY.size > len(tail):
        return b""
    *_unused, size, start, _comment = END_OF_DIRECTORY.unpack_from(tail, found)
    return _read(file, start, size) if size <= LARGEST_DIRECTORY else b""


def _open_document(media_type: str) -> Callable[[File[bytes]], bool]:
    """ODF 1.3 part 2 §3.3: the first entry is ``mimetype``, stored, holding the media type."""
    mark = f"mimetype{media_type}".encode()
    return lambda file: _head(file)[30:].startswith(mark)


ENCODINGS = ("utf-8-sig", "gb18030")
CONTROL = bytes(set(range(32)) - set(b"\t\n\f\r"))
DISGUISED = {".pdf", ".html", ".svg", ".rtf"}
"""Text formats that are more than text. Other marks are no proof: many a list begins with "Index:"."""


def _text(file: File[bytes]) -> bool:
    """Readable as text from beginning to end, without control characters, and no document in disguise."""
    content = _read(file, 0, file.size)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(content, "utf-16")
    if _marks(content[:HEAD_BYTES]) & DISGUISED or content.translate(None, CONTROL) != content:
        return False
    return any(_decodes(content, encoding) for encoding in ENCODINGS)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _head(file: File[bytes]) -> bytes:
    return _read(file, 0, HEAD_BYTES)


def _read(file: File[Any], start: int, size: int) -> bytes:
    file.seek(start)
    return bytes(file.read(size))


_jpeg = FileType("image/jpeg", _begins_like(".jpg", ".jpeg"))
ACCEPTED = {
    ".pdf": FileType("application/pdf", _begins_like(".pdf")),
    ".png": FileType("image/png", _begins_like(".png")),
    ".jpg": _jpeg,
    ".jpeg": _jpeg,
    ".xlsx": FileType(f"{OOXML}.spreadsheetml.sheet", _office(b"xl/workbook")),
    ".docx": FileType(f"{OOXML}.wordprocessingml.document", _office(b"word/document")),
    ".xls": FileType("application/vnd.ms-excel", _binary_workbook),
    ".ods": FileType(
        "application/vnd.oasis.opendocument.spreadsheet",
        _open_document("application/vnd.oasis.opendocument.spreadsheet"),
    ),
    ".csv": FileType("text/csv", _text),
    ".txt": FileType("text/plain", _text),
}
