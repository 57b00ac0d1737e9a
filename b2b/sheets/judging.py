"""What an uploaded file is, by its name and its first bytes, before anything of it is parsed."""

from __future__ import annotations

from pathlib import PurePath

from django.conf import settings

from b2b.sandbox import MIB
from b2b.sheets.refusals import refusal

ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS_TYPE = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
MACRO_SUFFIXES = (".xltm", ".xlam", ".xlsb", ".xla")
OPEN_XML = (".xlsx", ".xlsm")
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
_NO_TEXT = (ZIP, COMPOUND, b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")


def judged(data: bytes, filename: str) -> str:
    """The file's suffix in lower case, when size, name and first bytes agree. Raises a refusal."""
    suffix = PurePath(filename).suffix.casefold()
    if len(data) > settings.UPLOAD_LIMIT_BYTES:
        raise refusal("too-large", most=settings.UPLOAD_LIMIT_BYTES // MIB)
    if not data:
        raise refusal("empty-file")
    if suffix in MACRO_SUFFIXES:
        raise refusal("macro-format", suffix=suffix)
    if suffix not in (*OPEN_XML, ".xls", ".ods", *TEXT_SUFFIXES):
        raise refusal("unknown-suffix", suffix=suffix[:12] or "…")
    _judge_content(data, suffix)
    return suffix


def _judge_content(data: bytes, suffix: str) -> None:
    real = real_suffix(data)
    if suffix in TEXT_SUFFIXES:
        if data.startswith(_NO_TEXT):
            raise refusal("not-what-it-says", suffix=suffix)
    elif real == ".xls" and suffix in OPEN_XML:
        return  # An .xlsx with a password is a compound file; the child tells it from a renamed .xls.
    elif real is None:
        raise refusal("not-what-it-says", suffix=suffix)
    elif real != suffix and not (real == ".xlsx" and suffix == ".xlsm"):
        raise refusal("named-otherwise", suffix=suffix, real=real)


def real_suffix(data: bytes) -> str | None:
    """What the first bytes say the workbook is."""
    if data.startswith(COMPOUND):
        return ".xls"
    if not data.startswith(ZIP):
        return None
    return ".ods" if ODS_TYPE in data[:200] else ".xlsx"
