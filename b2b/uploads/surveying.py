"""What was found in a file, in the form an upload keeps it: enough to ask about columns and to read a row again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from b2b.sheets.survey import ColumnMarks, Note, SourceRow, SurveyedTable
from b2b.uploads.cells import decoded, dumped, loaded
from b2b.uploads.models import Upload

KEPT_HEAD_ROWS = 60
"""Of each table; what a person is shown to confirm the columns by."""
KEPT_TABLES = 100


def kept(tables: Sequence[SurveyedTable], notes: Sequence[Note]) -> dict[str, Any]:
    """JSON for ``Upload.survey``."""
    return {
        "tables": [_table(table) for table in tables[:KEPT_TABLES]],
        "notes": [{"code": note.code, "values": dict(note.values)} for note in notes],
        "more_tables": max(len(tables) - KEPT_TABLES, 0),
    }


def _table(table: SurveyedTable) -> dict[str, Any]:
    return {
        "place": table.place,
        "name": table.name,
        "hidden": table.hidden,
        "from_1904": table.from_1904,
        "row_count": table.row_count,
        "filled_rows": table.filled_rows,
        "width": table.width,
        "head": [
            [row.number, dumped(row.cells), row.hidden, list(row.formulas)] for row in table.head[:KEPT_HEAD_ROWS]
        ],
        "hidden_rows": table.hidden_rows,
        "hidden_columns": list(table.hidden_columns),
        "merged": [list(span) for span in table.merged],
        "marks": [asdict(marks) for marks in table.marks],
    }


def tables_of(upload: Upload) -> list[SurveyedTable]:
    """The tables as they were surveyed, with the rows that were kept."""
    return [_surveyed(table) for table in (upload.survey or {}).get("tables", ())]


def table_of(upload: Upload, name: str) -> SurveyedTable | None:
    return next((table for table in tables_of(upload) if table.name == name), None)


def _surveyed(table: Mapping[str, Any]) -> SurveyedTable:
    return SurveyedTable(
        place=table["place"],
        name=table["name"],
        hidden=table["hidden"],
        from_1904=table["from_1904"],
        row_count=table["row_count"],
        filled_rows=table["filled_rows"],
        width=table["width"],
        head=tuple(_row(*row) for row in table["head"]),
        hidden_rows=table["hidden_rows"],
        hidden_columns=tuple(table["hidden_columns"]),
        merged=tuple((first, left, last, right) for first, left, last, right in table["merged"]),
        marks=tuple(ColumnMarks(**marks) for marks in table["marks"]),
    )


def _row(number: int, cells: str, hidden: bool, formulas: Sequence[int]) -> SourceRow:  # noqa: FBT001 — from JSON
    return SourceRow(number, loaded(decoded(cells)), hidden, tuple(formulas))
