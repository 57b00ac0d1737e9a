"""Faults that only all rows of a table together show."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.db import connection

from b2b.sheets.faults import CellFault
from b2b.uploads.models import Upload
from b2b.uploads.staging import fault_said

_MARK = """
    UPDATE uploads_uploadrow row
    SET outcome = 'faulty', before = NULL, after = NULL, document_id = NULL, faults = said.faults
    FROM unnest(%s::int[], %s::jsonb[]) AS said(number, faults)
    WHERE row.upload_id = %s AND row.number = said.number
"""


def make_faulty(upload: Upload, faults: Mapping[int, CellFault]) -> None:
    """Turn rows that seemed sound into faulty ones, each by what is wrong with it; inside the caller's transaction."""
    if faults:
        said = [json.dumps([fault_said(fault)]) for fault in faults.values()]
        with connection.cursor() as cursor:
            cursor.execute(_MARK, [list(faults), said, upload.pk])
