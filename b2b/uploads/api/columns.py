"""What a person is shown to say which column is which."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from b2b.sheets.cells import shown
from b2b.sheets.layout import Proposal
from b2b.sheets.survey import SurveyedTable
from b2b.uploads.formats import format_of
from b2b.uploads.mapping import proposal_below, proposals
from b2b.uploads.models import Upload
from b2b.uploads.surveying import tables_of

SHOWN_ROWS = 30


class SampleRowSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    cells = serializers.ListField(child=serializers.CharField())
    hidden = serializers.BooleanField()


class MatchSerializer(serializers.Serializer):
    """The column that seems to be one of the format's, how sure that is, and why."""

    column = serializers.CharField()
    place = serializers.IntegerField()
    heading = serializers.CharField()
    confidence = serializers.FloatField(help_text="0 to 1.")
    basis = serializers.CharField(help_text="heading, alias, remembered, likeness, content or chosen.")


class LayoutQuestionSerializer(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()
    about = serializers.DictField()


class ProposedTableSerializer(serializers.Serializer):
    """A table of the file, and how it would be read."""

    name = serializers.CharField()
    hidden = serializers.BooleanField()
    row_count = serializers.IntegerField()
    width = serializers.IntegerField()
    hidden_rows = serializers.IntegerField()
    hidden_columns = serializers.ListField(child=serializers.IntegerField())
    layout = serializers.JSONField(help_text="Send it back, with your answers, to confirm.")
    matches = MatchSerializer(many=True)
    questions = LayoutQuestionSerializer(many=True)
    unknown = serializers.DictField(child=serializers.CharField(), help_text="Headings nobody declared, by place.")
    missing = serializers.ListField(child=serializers.CharField())
    sample = SampleRowSerializer(many=True)


class FormatColumnSerializer(serializers.Serializer):
    name = serializers.CharField()
    heading = serializers.CharField()
    is_required = serializers.BooleanField()
    expects = serializers.CharField()
    note = serializers.CharField()


class ColumnsSerializer(serializers.Serializer):
    columns = FormatColumnSerializer(many=True, help_text="The format's.")
    tables = ProposedTableSerializer(many=True, help_text="The file's, the likeliest first.")
    layout = serializers.JSONField(help_text="How it is read now; null before that is known.")


def columns_said(upload: Upload, *, table: str = "", header_rows: tuple[int, ...] | None = None) -> dict[str, Any]:
    """Every table of the file and how it would be read; ``table`` with its headings in the rows named, if any are."""
    sheet = format_of(upload.format).reading_sheet()
    tables = {one.name: one for one in tables_of(upload)}
    proposed = proposals(upload, list(tables.values()))
    if header_rows is not None and table in tables:
        told = proposal_below(upload, tables[table], header_rows)
        proposed = (*(one for one in proposed if one.layout.table != table), told)
    named = {proposal.layout.table for proposal in proposed}
    rest = [one for name, one in tables.items() if name not in named]
    return {
        "columns": [format_column(name, column) for name, column in sheet.columns.items()],
        "tables": [_table(tables[one.layout.table], one) for one in proposed] + [_table(one, None) for one in rest],
        "layout": upload.layout,
    }


def format_column(name: str, column: Any) -> dict[str, Any]:
    """A column of a format, as templates and forms explain it."""
    return {
        "name": name,
        "heading": column.here,
        "is_required": column.required,
        "expects": str(column.parse.expects),
        "note": str(column.note),
    }


def _table(table: SurveyedTable, proposal: Proposal | None) -> dict[str, Any]:
    return {
        "name": table.name,
        "hidden": table.hidden,
        "row_count": table.row_count,
        "width": table.width,
        "hidden_rows": table.hidden_rows,
        "hidden_columns": list(table.hidden_columns),
        "sample": [
            {"number": row.number, "cells": [shown(cell) for cell in row.cells], "hidden": row.hidden}
            for row in table.head[:SHOWN_ROWS]
        ],
        **_proposed(proposal),
    }


def _proposed(proposal: Proposal | None) -> dict[str, Any]:
    if proposal is None:
        return {"layout": None, "matches": [], "questions": [], "unknown": {}, "missing": []}
    return {
        "layout": proposal.layout.to_json(),
        "matches": [
            {
                "column": name,
                "place": match.place,
                "heading": match.heading,
                "confidence": match.confidence,
                "basis": match.basis,
            }
            for name, match in proposal.matches.items()
        ],
        "questions": [{"code": q.code, "detail": q.detail, "about": dict(q.about)} for q in proposal.questions],
        "unknown": {str(place): heading for place, heading in proposal.unknown.items()},
        "missing": list(proposal.missing),
    }
