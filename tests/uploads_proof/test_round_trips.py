"""Taking a table away and bringing it back changes nothing, whatever the organisation keeps in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from b2b.errors import Blocked
from b2b.sheets.exporting import export_to
from b2b.uploads.formats import format_of, formats
from b2b.uploads.mapping import proposals
from b2b.uploads.models import Upload
from b2b.uploads.surveying import tables_of
from tests.uploads_proof import kept_bids, kept_by_buyers, kept_by_suppliers  # noqa: F401 — what they declare
from tests.uploads_proof.keepers import KEEPING, Kept
from tests.uploads_proof.sending import Sending

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("ROUND_TRIPS", "6"))
"""More of them by hand: ``ROUND_TRIPS=500``."""
PHASES = [Phase.explicit, Phase.generate]
"""What fails is told as it was drawn: making it smaller takes longer than looking at it."""


def test_every_kind_of_table_is_taken_away_and_brought_back() -> None:
    products_own = {code for code, one in formats().items() if not one.__module__.startswith("tests.")}

    assert KEEPING.keys() == products_own


@pytest.mark.parametrize("code", sorted(KEEPING))
def test_what_is_taken_away_and_brought_back_changes_nothing(code: str, do_jobs: Callable[[], int]) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=PHASES,
        report_multiple_bugs=False,
    )
    @given(KEEPING[code].drawn, st.sampled_from(["en", "zh-hans"]))
    def goes_round(drawn: Any, language: str) -> None:
        with transaction.atomic(), override(language):
            _bring_back(code, KEEPING[code].write(drawn), do_jobs)
            transaction.set_rollback(True)

    goes_round()


def _bring_back(code: str, kept: Kept, do_jobs: Callable[[], int]) -> None:
    content = taken_away(code, kept)
    rows = told(code, kept)
    upload = Sending(code, do_jobs, actor=kept.actor, target=kept.target).file(content, "table.xlsx")
    assert (upload.state, upload.problem, asked(upload), faults(upload)) == ("reviewed", None, [], [])
    assert upload.counts == {"unchanged": len(rows)}, others(upload)
    assert_nothing_to_apply(upload, kept)
    assert told(code, kept) == rows


def taken_away(code: str, kept: Kept) -> bytes:
    declared = format_of(code)
    file = BytesIO()
    export_to(
        file,
        declared.sheet,
        rows_of(code, kept),
        unlocked=declared.open_columns,
        metadata=declared.metadata(kept.target),
        notes=declared.notes(organisation_id=kept.actor.acts_for, target=kept.target),
    )
    return file.getvalue()


def rows_of(code: str, kept: Kept) -> Any:
    return format_of(code).rows(organisation_id=kept.actor.acts_for, target=kept.target, actor=kept.actor)


def told(code: str, kept: Kept) -> list[dict[str, Any]]:
    return [dict(row) for row in rows_of(code, kept)]


def asked(upload: Upload) -> list[Any]:
    if upload.state != "needs_mapping":
        return []
    return [(one.code, one.detail) for one in proposals(upload, tables_of(upload))[0].questions]


def faults(upload: Upload) -> list[Any]:
    found = upload.rows.filter(outcome="faulty").order_by("number")
    return [
        (row.number, one["heading"], one["code"], one["detail"], one["value"]) for row in found for one in row.faults
    ]


def others(upload: Upload) -> list[Any]:
    found = upload.rows.exclude(outcome="unchanged").order_by("number")
    return [(row.number, row.outcome, row.remark, row.before, row.after) for row in found][:5]


def assert_nothing_to_apply(upload: Upload, kept: Kept) -> None:
    if format_of(upload.format).replaces:
        return
    with pytest.raises(Blocked):
        upload.apply(actor=kept.actor)
