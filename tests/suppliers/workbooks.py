"""Small workbooks as people send them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

CATALOGUE_HEADINGS = ["货号", "Name", "中文名称", "Category", "单位", "MOQ", "Lead time", "属性"]


def workbook(headings: Sequence[str], *rows: Sequence[Any]) -> bytes:
    made = Workbook()
    made.active.title = "Items"
    made.active.append(list(headings))
    for row in rows:
        made.active.append(list(row))
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def catalogue(*rows: Sequence[Any], headings: Sequence[str] = CATALOGUE_HEADINGS) -> bytes:
    return workbook(headings, *rows)


def upload(content: bytes, name: str = "items.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
