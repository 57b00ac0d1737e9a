"""The user's own file back, with its faults in it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from b2b.errors import WrongState
from b2b.sheets.annotating import annotate
from b2b.uploads.models import Upload
from b2b.uploads.telling import Headings


def annotated_copy(upload: Upload) -> BytesIO:
    """An .xlsx. Raises ``WrongState`` before the file has been read."""
    if not upload.layout:
        raise WrongState
    data = upload.content()
    rows = max(upload.layout["header_rows"], default=1)
    copy = annotate(data, upload.filename, table=upload.layout["table"], heading_row=rows, faults=_faults(upload))
    return BytesIO(copy)


def _faults(upload: Upload) -> Iterator[tuple[int, int, str]]:
    headings = Headings(upload)
    rows = upload.rows.filter(outcome="faulty").order_by("number").values_list("number", "faults")
    for number, faults in rows.iterator(chunk_size=2_000):
        for fault in headings.told(faults):
            column = fault["column"]
            remark = fault["detail"] if column or not fault["heading"] else f"{fault['heading']}: {fault['detail']}"
            yield number, column, remark
