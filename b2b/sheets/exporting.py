"""Write rows of a declared sheet so that reading them again gives the same rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import get_language, override

from b2b.sandbox import Refused, Stopped, run
from b2b.sheets import styles
from b2b.sheets.drawing import Drawing
from b2b.sheets.files import wire
from b2b.sheets.files.wire import METADATA_SHEET
from b2b.sheets.refusals import of_child, refusal
from b2b.sheets.sheet import Sheet
from b2b.sheets.workbook import LIMITS, judged
from b2b.sheets.xlsx import Book, ColumnShape, Shape, fragment, shown_width

METADATA_PIECE = 32_000
"""Characters in one cell."""
NOTES = "Notes 说明"
NOTES_WIDTH, LINE_HEIGHT = 120, 15.5


def export(
    sheet: type[Sheet],
    rows: Iterable[Mapping[str, Any]],
    *,
    language: str | None = None,
    unlocked: Iterable[str] | None = None,
    metadata: Mapping[str, Any] | None = None,
    notes: Sequence[str] = (),
) -> bytes:
    """The workbook of ``export_to``, for tables that are small enough to be held."""
    target = BytesIO()
    export_to(target, sheet, rows, language=language, unlocked=unlocked, metadata=metadata, notes=notes)
    return target.getvalue()


def export_to(
    target: BinaryIO | Path,
    sheet: type[Sheet],
    rows: Iterable[Mapping[str, Any]],
    *,
    language: str | None = None,
    unlocked: Iterable[str] | None = None,
    metadata: Mapping[str, Any] | None = None,
    notes: Sequence[str] = (),
) -> int:
    """Write the rows as an .xlsx while they come, and answer how many there were; memory does not grow with them.

    Headings are in both languages; texts in cells follow ``language``. ``unlocked`` names the columns that may be
    changed, and protects everything else. ``metadata`` is kept on a hidden sheet for ``metadata_of``; it is not
    secret and can be changed by who knows how: sign what matters. ``notes`` are told on a sheet of their own. Rows
    beyond the last of a sheet go on on a second one. Raises ``TextTooLong``; a ``Path`` then holds nothing, a file
    what was written so far.
    """
    try:
        with override(language or get_language()), Book(target) as book:
            drawing = Drawing(book, sheet, unlocked=unlocked)
            count = drawing.rows(rows)
            drawing.finish_rows()
            drawing.lists()
            if notes:
                _tell(book, notes)
            if metadata is not None:
                keep_metadata(book, metadata)
    except BaseException:
        if isinstance(target, Path):
            with suppress(OSError):
                target.unlink()
        raise
    return count


def _tell(book: Book, notes: Sequence[str]) -> None:
    """A page of sentences, which reading takes for no table."""
    page = book.sheet(NOTES, Shape([ColumnShape(NOTES_WIDTH)], grid=False))
    style = styles.style(book.looks, styles.PARAGRAPH)
    for note in notes:
        lines = 1 + shown_width(note) // NOTES_WIDTH
        page.row([fragment(note, style)], height=LINE_HEIGHT * lines + 3)


def keep_metadata(book: Book, metadata: Mapping[str, Any]) -> None:
    hidden = book.sheet(METADATA_SHEET, Shape(very_hidden=True))
    text = json.dumps(metadata, ensure_ascii=True, separators=(",", ":"))
    for start in range(0, len(text), METADATA_PIECE):
        # The bar keeps a piece from looking like a number, a date or an error value.
        hidden.row([fragment("|" + text[start : start + METADATA_PIECE])])


def metadata_of(data: bytes, filename: str) -> dict[str, Any] | None:
    """What ``export`` kept in a workbook of ours; ``None`` in any other file. Raises as ``workbook.open`` does.

    It comes back from outside: believe nothing of it that is not signed.
    """
    if judged(data, filename) != ".xlsx":
        return None
    try:
        tables = list(wire.tables(run("b2b.sheets.files.parsing:metadata", data, limits=LIMITS)))
    except (Refused, Stopped) as ended:
        raise of_child(ended, wall_seconds=LIMITS.wall_seconds) from None
    except wire.Nonsense as nonsense:
        raise refusal("stops-the-reader") from nonsense
    return _decoded("".join(str(row[0])[1:] for row in tables[0].rows if row)) if tables else None


def _decoded(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
