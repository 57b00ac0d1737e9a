"""A cell that cannot be read is one fault: nothing that only follows from it is told, in any kind of table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, assume, given, settings
from openpyxl import load_workbook

from b2b.uploads.formats import format_of
from b2b.uploads.models import Upload
from tests.uploads_proof import kept_bids, kept_by_buyers, kept_by_suppliers  # noqa: F401 — what they declare
from tests.uploads_proof.keepers import KEEPING, Kept
from tests.uploads_proof.sending import Sending
from tests.uploads_proof.test_round_trips import rows_of, taken_away

pytestmark = pytest.mark.django_db
BROKEN = "#REF!"


@pytest.mark.parametrize("code", sorted(KEEPING))
def test_a_cell_that_cannot_be_read_is_the_only_fault_of_a_sound_table(code: str, do_jobs: Callable[[], int]) -> None:
    @settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(KEEPING[code].drawn)
    def breaks(drawn: Any) -> None:
        with transaction.atomic():
            kept = KEEPING[code].write(drawn)
            assume(any(True for _row in rows_of(code, kept)))
            for heading, content in _broken(taken_away(code, kept)):
                with transaction.atomic():
                    _assert_one_fault(code, kept, heading, content, do_jobs)
                    transaction.set_rollback(True)
            transaction.set_rollback(True)

    breaks()


def _broken(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The table once for each of its columns, with an error in that column of the first row."""
    width = load_workbook(BytesIO(content)).worksheets[0].max_column
    for place in range(1, width + 1):
        book = load_workbook(BytesIO(content))
        sheet = book.worksheets[0]
        cell = sheet.cell(2, place)
        cell.value, cell.data_type = BROKEN, "e"
        changed = BytesIO()
        book.save(changed)
        yield str(sheet.cell(1, place).value).splitlines()[0], changed.getvalue()


def _assert_one_fault(code: str, kept: Kept, heading: str, content: bytes, do_jobs: Callable[[], int]) -> None:
    upload = Sending(code, do_jobs, actor=kept.actor, target=kept.target).file(content, "table.xlsx")
    assert upload.state == "reviewed", (heading, upload.problem)
    assert _faults(upload) == [(2, heading, "error-value")], heading
    assert set(upload.counts) <= {"unchanged", "faulty", "left_out"}, (heading, upload.counts)


def _faults(upload: Upload) -> list[tuple[int, str, str]]:
    headings = {column.here: column.heading[0] for column in format_of(upload.format).reading_sheet().columns.values()}
    found = upload.rows.filter(outcome="faulty").order_by("number")
    return [(row.number, headings[one["heading"]], one["code"]) for row in found for one in row.faults]
