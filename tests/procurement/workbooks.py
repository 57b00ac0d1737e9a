"""Small workbooks to send, and what stands in those that come back."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook


def workbook(*rows: Sequence[Any], name: str = "lines.xlsx") -> SimpleUploadedFile:
    """A workbook of one sheet with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    target = BytesIO()
    book.save(target)
    return SimpleUploadedFile(name, target.getvalue())


def rows_of(content: bytes) -> list[tuple[Any, ...]]:
    """The values of the first sheet."""
    return [tuple(row) for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True)]


def cells_of(content: bytes) -> set[Any]:
    return {cell for row in rows_of(content) for cell in row}
