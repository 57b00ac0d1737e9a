"""Workbooks in and out: reading an upload by its sheet, and answering with one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from io import BytesIO
from typing import Any

from django.http import FileResponse
from django.utils.translation import get_language
from rest_framework import serializers

from b2b.api.attachments import download
from b2b.api.requests import Request
from b2b.sheets import workbook
from b2b.sheets.exporting import export
from b2b.sheets.reading import Reading, best_table, read
from b2b.sheets.sheet import Sheet
from b2b.sheets.template import template
from suppliers.api.columns import XLSX, UploadInput

SHOWN_CONVERSIONS = 100


class ConversionSerializer(serializers.Serializer):
    """A cell that was understood as something other than it literally says."""

    cell = serializers.CharField()
    heading = serializers.CharField()
    shown = serializers.CharField()
    taken = serializers.CharField()


class ReadSerializer(serializers.Serializer):
    table = serializers.CharField(help_text="The sheet that was read.")
    conversions = ConversionSerializer(many=True, help_text="The first hundred.")
    unknown_columns = serializers.ListField(child=serializers.CharField())


class ImportedSerializer(ReadSerializer):
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class PricesImportedSerializer(ReadSerializer):
    prices = serializers.IntegerField()
    changed = serializers.IntegerField()


def reading_of(sheet: type[Sheet], request: Request, *, currency: str = "") -> Reading:
    """The uploaded file, read by the sheet. Raises ``Invalid`` without a file, and the refusals of ``b2b.sheets``."""
    sent = UploadInput(data=request.data)
    sent.is_valid(raise_exception=True)
    file = sent.validated_data["file"]
    return read(sheet, best_table(sheet, workbook.open(file.read(), file.name)), currency=currency)


def told(done: Any, reading: Reading) -> dict[str, Any]:
    """The counts, and what was understood otherwise than written."""
    some = reading.conversions[:SHOWN_CONVERSIONS]
    return {
        **asdict(done),
        "table": reading.table,
        "conversions": [
            {"cell": one.cell, "heading": one.heading, "shown": one.shown, "taken": one.taken} for one in some
        ],
        "unknown_columns": reading.unknown_columns,
    }


def download_response(sheet: type[Sheet], rows: Iterable[Mapping[str, Any]], *, name: str) -> FileResponse:
    return _xlsx(export(sheet, rows, language=get_language()), name)


def template_response(sheet: type[Sheet], *, name: str) -> FileResponse:
    return _xlsx(template(sheet, get_language() or "en"), name)


def _xlsx(content: bytes, name: str) -> FileResponse:
    return download(BytesIO(content), name=f"{name}.xlsx", media_type=XLSX)
