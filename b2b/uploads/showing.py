"""Rows of an upload as people read them: cells by column, changes by heading, keys by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from b2b.sheets.cells import shown
from b2b.sheets.parser import Parser
from b2b.uploads.cells import loaded
from b2b.uploads.format import Session
from b2b.uploads.models import ConversionCount, Upload, UploadRow
from b2b.uploads.telling import Headings, named

Labels = Mapping[str, Mapping[str, str]]
OF_PROGRAMS = re.compile(r" / [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
"""What tells alike rows of several documents apart, such as two lists' prices of one item: nothing to read."""


def rows_shown(upload: Upload, session: Session, rows: Sequence[UploadRow]) -> list[dict[str, Any]]:
    """One dictionary a row, for ``ReviewedRowSerializer``."""
    places = (upload.layout or {}).get("columns", {})
    labels = session.labels([said for row in rows for said in (row.before, row.after) if said])
    headings = Headings(upload)
    return [_row(row, session, places, labels, headings) for row in rows]


def conversions_shown(upload: Upload, counts: Iterable[ConversionCount]) -> list[dict[str, Any]]:
    """One dictionary a kind, for ``ConversionCountSerializer``."""
    headings = Headings(upload)
    return [
        {
            "column": one.column,
            "heading": headings.here(one.heading),
            "kind": one.kind,
            "nature": one.nature,
            "shown": one.shown,
            "taken": headings.named(one.heading, one.taken),
            "rows": one.rows,
        }
        for one in counts
    ]


def taken_out_shown(rows: Sequence[UploadRow]) -> list[dict[str, Any]]:
    """What was missing and is taken out: it may be there no more, so its key alone tells it."""
    return [{"id": row.document_id, "key": OF_PROGRAMS.sub("", row.key), "label": ""} for row in rows]


def _row(
    row: UploadRow, session: Session, places: Mapping[str, int], labels: Labels, headings: Headings
) -> dict[str, Any]:
    cells = loaded(row.cells)
    return {
        "number": row.number,
        "outcome": row.outcome,
        "key": OF_PROGRAMS.sub("", row.key),
        "cells": {name: shown(cells[place - 1]) if place <= len(cells) else "" for name, place in places.items()},
        "changes": list(changes_shown(row, session, labels)),
        "faults": list(headings.told(row.faults)),
        "conversions": list(headings.told(row.conversions)),
        "remark": row.remark,
        "document_id": row.document_id,
    }


def changes_shown(row: UploadRow, session: Session, labels: Labels) -> Iterable[dict[str, Any]]:
    """What differs, field by field; nothing for what is new altogether."""
    if row.before is None or row.after is None:
        return
    for column, new in row.after.items():
        names, declared = labels.get(column, {}), session.sheet.columns.get(column)
        parse = declared.parse if declared else None
        yield {
            "column": column,
            "heading": session.heading_of(column),
            "old": _said(row.before.get(column), names, parse),
            "new": _said(new, names, parse),
        }


def _said(value: Any, names: Mapping[str, str], parse: Parser[Any] | None = None) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, dict):
        return "; ".join(f"{name}={_said(one, {})}" for name, one in value.items()) or None
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    text = str(value)
    if text in names:
        return names[text]
    return named(parse, text) if parse else text
