"""Answers that are workbooks: written row by row into a file that nobody keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

from django.http import FileResponse
from django.utils.translation import get_language

from b2b.api.attachments import download
from b2b.sheets.exporting import export_to
from b2b.sheets.sheet import Sheet
from b2b.sheets.template import template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY_BYTES = 8 * 1024 * 1024
"""A larger workbook waits on the disk until it is sent."""


def workbook_download(
    sheet: type[Sheet],
    rows: Iterable[Mapping[str, Any]],
    *,
    name: str,
    unlocked: Iterable[str] | None = None,
    metadata: Mapping[str, Any] | None = None,
    notes: Sequence[str] = (),
) -> FileResponse:
    """The rows in the reader's language, as ``export_to`` writes them."""
    write = partial(
        export_to, sheet=sheet, rows=rows, language=get_language(), unlocked=unlocked, metadata=metadata, notes=notes
    )
    return written_download(write, name=name)


def written_download(write: Callable[[BinaryIO], object], *, name: str) -> FileResponse:
    """What ``write`` puts into the file it is given."""
    file: Any = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 — the response closes it
    write(file)
    file.seek(0)
    return download(file, name=f"{name}.xlsx", media_type=XLSX)


def template_download(
    sheet: type[Sheet], *, name: str, choices: Mapping[str, Sequence[str]] | None = None
) -> FileResponse:
    """An empty workbook to fill in, in the reader's language."""
    content = template(sheet, get_language() or "en", choices=choices or {})
    return download(BytesIO(content), name=f"{name}.xlsx", media_type=XLSX)
