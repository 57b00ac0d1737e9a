"""Numbers follow each other without gap or duplicate, whoever writes and whoever gives up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.db.models import F

from b2b.models import NumberSeries
from b2b.numbering import next_number, next_numbers
from tests.factories.b2b import OrganisationFactory

DAY = date(2026, 3, 9)
WRITERS = 8
TURNS = 12


@pytest.mark.django_db
def test_numbers_start_at_one_for_each_organisation_series_and_year():
    ours, theirs = OrganisationFactory(), OrganisationFactory()

    given = [
        next_number("RFQ", ours.pk, DAY),
        next_number("RFQ", ours.pk, DAY),
        next_number("PO", ours.pk, DAY),
        next_number("RFQ", ours.pk, date(2027, 1, 1)),
        next_number("RFQ", theirs.pk, DAY),
    ]

    assert given == ["RFQ-2026-000001", "RFQ-2026-000002", "PO-2026-000001", "RFQ-2027-000001", "RFQ-2026-000001"]


@pytest.mark.django_db
def test_many_numbers_cost_one_statement_and_follow_each_other(django_assert_num_queries):
    ours = OrganisationFactory()
    next_number("RFQ", ours.pk, DAY)

    with django_assert_num_queries(1):
        given = next_numbers("RFQ", ours.pk, DAY, 3)

    assert given == ["RFQ-2026-000002", "RFQ-2026-000003", "RFQ-2026-000004"]
    assert next_numbers("RFQ", ours.pk, DAY, 0) == []


@pytest.mark.django_db(transaction=True)
def test_a_number_is_only_given_within_a_transaction():
    ours = OrganisationFactory()

    with pytest.raises(transaction.TransactionManagementError):
        next_number("RFQ", ours.pk, DAY)

    assert not NumberSeries.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rollback_gives_the_number_back():
    ours = OrganisationFactory()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        next_number("RFQ", ours.pk, DAY)
        raise ZeroDivisionError

    with transaction.atomic():
        assert next_number("RFQ", ours.pk, DAY) == "RFQ-2026-000001"


def unlocked_number(series: str, organisation_id: UUID, on: date) -> str:
    """What one would write without thinking: read, add one, write."""
    counter, _ = NumberSeries.objects.get_or_create(
        organisation_id=organisation_id, series=series, year=on.year, defaults={"last": 0}
    )
    number = counter.last + 1
    NumberSeries.objects.filter(pk=counter.pk).update(last=number)
    return f"{series}-{on.year}-{number:06d}"


class GivenUpError(Exception):
    """A writer's transaction fails after it took its number."""


def give_up_sometimes(turn: int) -> None:
    if turn % 3 == 0:
        raise GivenUpError


def write_at_once(take: Callable[[str, UUID, date], str], organisation_id: UUID) -> list[str]:
    """Eight writers take numbers in turns of their own, every third transaction fails; the numbers kept."""
    kept, ready = [], threading.Barrier(WRITERS)

    def writer(offset: int) -> None:
        ready.wait()
        try:
            for turn in range(TURNS):
                try:
                    with transaction.atomic():
                        number = take("RFQ", organisation_id, DAY)
                        give_up_sometimes(turn + offset)
                except GivenUpError:
                    continue
                kept.append(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=writer, args=(offset,)) for offset in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(kept)


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_leave_neither_gap_nor_duplicate():
    ours = OrganisationFactory()

    kept = write_at_once(next_number, ours.pk)

    assert len(kept) == WRITERS * TURNS * 2 // 3
    assert kept == [f"RFQ-2026-{number:06d}" for number in range(1, len(kept) + 1)]
    assert NumberSeries.objects.get().last == len(kept)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_writers_give_a_number_twice():
    ours = OrganisationFactory()
    NumberSeries.objects.create(organisation=ours, series="RFQ", year=2026, last=0)

    kept = write_at_once(unlocked_number, ours.pk)

    assert len(set(kept)) < len(kept)


@pytest.mark.django_db
def test_a_series_can_be_carried_on_from_an_older_system():
    ours = OrganisationFactory()
    NumberSeries.objects.create(organisation=ours, series="RFQ", year=2026, last=41)
    NumberSeries.objects.update(last=F("last") + 1)

    assert next_number("RFQ", ours.pk, DAY) == "RFQ-2026-000043"
