"""What a whole purchase asks of the database, from the RFQ to the matched invoice, over the API."""

from __future__ import annotations

import pytest

from benchmarks.purchase_flow import course, pages, people, worker
from benchmarks.purchase_flow.recording import record
from benchmarks.purchase_flow.statements import most_repeated

MOST = 248


@pytest.mark.django_db(transaction=True)
def test_a_purchase_takes_few_statements() -> None:
    world = people.hire()
    course.purchase(pages.InProcess(), world, worker.do_now)

    found = record(lambda: course.purchase(pages.InProcess(), world, worker.do_now)).statements

    assert len(found) <= MOST, [(len(alike), text[:120]) for text, alike in most_repeated(found)]
