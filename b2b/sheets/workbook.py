"""Open an uploaded spreadsheet: size, name and first bytes are judged here, everything else in a sandboxed child."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import PurePath

from django.conf import settings

from b2b.sandbox import MIB, Limits, Refused, Stopped, run
from b2b.sheets.files import wire
from b2b.sheets.refusals import of_child, refusal
from b2b.sheets.table import Table

log = logging.getLogger(__name__)

MOST_CELLS = 5_000_000
LIMITS = Limits(memory_bytes=1536 * MIB, cpu_seconds=60, wall_seconds=90, answer_bytes=512 * MIB)
ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS_TYPE = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
MACRO_SUFFIXES = (".xlsm", ".xltm", ".xlam", ".xlsb", ".xla")
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
_NO_TEXT = (ZIP, COMPOUND, b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")


def open(data: bytes, filename: str) -> list[Table]:  # noqa: A001 — workbook.open reads as what it does
    """Every table of the file that holds a value, hidden ones included and marked.

    Raises ``SheetFormat``, ``SheetHostile``, ``SheetUnreadable`` or ``SheetEmpty``, each with a sentence.
    """
    found = [table for table in stream(data, filename) if not table.is_empty]
    if not found:
        raise refusal("no-rows")
    return found


def stream(data: bytes, filename: str) -> Iterator[Table]:
    """The tables one after the other, as the child reads them; raises as ``open`` does, perhaps after a table."""
    suffix = judged(data, filename)
    name = PurePath(filename.replace("\\", "/")).stem or "Table"
    answer = run("b2b.sheets.files.parsing:parse", data, limits=LIMITS, suffix=suffix, name=name, most_cells=MOST_CELLS)
    try:
        yield from wire.tables(answer)
    except (Refused, Stopped) as ended:
        log.info("spreadsheet refused", extra={"reason": str(ended), "suffix": suffix, "bytes": len(data)})
        raise of_child(ended, wall_seconds=LIMITS.wall_seconds) from None
    except wire.Nonsense as nonsense:
        log.exception("the spreadsheet reader spoke nonsense", extra={"suffix": suffix, "bytes": len(data)})
        raise refusal("stops-the-reader") from nonsense


def judged(data: bytes, filename: str) -> str:
    """The file's suffix in lower case, when size, name and first bytes agree. Raises a refusal."""
    suffix = PurePath(filename).suffix.casefold()
    if len(data) > settings.UPLOAD_LIMIT_BYTES:
        raise refusal("too-large", most=settings.UPLOAD_LIMIT_BYTES // MIB)
    if not data:
        raise refusal("empty-file")
    if suffix in MACRO_SUFFIXES:
        raise refusal("macro-format", suffix=suffix)
    if suffix not in (".xlsx", ".xls", ".ods", *TEXT_SUFFIXES):
        raise refusal("unknown-suffix", suffix=suffix[:12] or "…")
    _judge_content(data, suffix)
    return suffix


def _judge_content(data: bytes, suffix: str) -> None:
    real = real_suffix(data)
    if suffix in TEXT_SUFFIXES:
        if data.startswith(_NO_TEXT):
            raise refusal("not-what-it-says", suffix=suffix)
    elif real == ".xls" and suffix == ".xlsx":
        return  # An .xlsx with a password is a compound file; the child tells it from a renamed .xls.
    elif real is None:
        raise refusal("not-what-it-says", suffix=suffix)
    elif real != suffix:
        raise refusal("named-otherwise", suffix=suffix, real=real)


def real_suffix(data: bytes) -> str | None:
    """What the first bytes say the workbook is."""
    if data.startswith(COMPOUND):
        return ".xls"
    if not data.startswith(ZIP):
        return None
    return ".ods" if ODS_TYPE in data[:200] else ".xlsx"
