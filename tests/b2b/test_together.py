"""What one transaction asks for is written at its end: all of it, in order, and nothing that was undone."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from b2b import outbox
from b2b.errors import Blocked
from b2b.journal import verify
from b2b.models import JournalEntry, OutboxMessage
from b2b.policy import CLOCK
from b2b.together import at_the_end, together, write_down
from b2b.workflow import create
from tests.b2b.test_workflow import acting
from tests.factories.b2b import OrganisationFactory
from tests.factories.sample import MemoFactory
from tests.sample.models import Memo

pytestmark = pytest.mark.django_db


class Refused(Exception):
    """Something went wrong on the way."""


def steps_of(memo: Memo) -> list[tuple[int, str]]:
    return list(JournalEntry.objects.of(memo).values_list("sequence", "step"))


def asked() -> list[str]:
    return list(OutboxMessage.objects.order_by("id").values_list("task", flat=True))


def inserts(captured) -> list[str]:
    return [query["sql"] for query in captured.captured_queries if "INSERT INTO b2b_" in query["sql"]]


def test_steps_taken_together_are_journalled_in_one_statement_with_what_they_ask_for(django_assert_max_num_queries):
    first, second = MemoFactory(), MemoFactory()
    with django_assert_max_num_queries(100) as captured, together():
        first.submit(actor=acting(first, "buyer"))
        second.submit(actor=acting(second, "buyer"))
        outbox.ask("tests.one")
        first.refuse(actor=acting(first, "buying_manager"), reason="No.")
        outbox.ask("tests.two")

    assert len(inserts(captured)) == 1
    assert steps_of(first) == [(1, "create"), (2, "submit"), (3, "refuse")]
    assert steps_of(second) == [(1, "create"), (2, "submit")]
    assert asked() == ["tests.one", "tests.two"]
    assert verify() == []


def test_entries_keep_the_order_in_which_things_happened():
    first, second = MemoFactory(), MemoFactory()

    with together():
        second.submit(actor=acting(second, "buyer"))
        first.submit(actor=acting(first, "buyer"))
        second.refuse(actor=acting(second, "buying_manager"), reason="No.")

    happened = JournalEntry.objects.order_by("id").values_list("document_id", "step")
    assert list(happened)[-3:] == [(second.pk, "submit"), (first.pk, "submit"), (second.pk, "refuse")]


def test_an_entry_says_what_was_so_when_the_step_was_taken():
    memo = MemoFactory()
    inputs = {"lines": [1]}

    with together():
        new = create(Memo(buyer=memo.buyer, text="before"), actor=CLOCK, inputs=inputs)
        inputs["lines"].append(2)
        new.text = "after"

    (entry,) = JournalEntry.objects.of(new)
    assert entry.inputs == {"lines": [1]}
    assert entry.changes["text"] == [None, "before"]


def test_nothing_is_written_of_a_transaction_that_is_undone():
    memo = MemoFactory()

    with pytest.raises(Refused), together():
        memo.submit(actor=acting(memo, "buyer"))
        outbox.ask("tests.one")
        raise Refused

    assert steps_of(memo) == [(1, "create")]
    assert asked() == []
    assert Memo.objects.get().state == "draft"


def test_what_was_undone_alone_is_not_written_with_the_rest():
    kept, undone = MemoFactory(), MemoFactory()

    with together():
        kept.submit(actor=acting(kept, "buyer"))
        with pytest.raises(Refused), transaction.atomic():
            undone.submit(actor=acting(undone, "buyer"))
            outbox.ask("tests.undone")
            raise Refused
        outbox.ask("tests.kept")

    assert steps_of(kept) == [(1, "create"), (2, "submit")]
    assert steps_of(undone) == [(1, "create")]
    assert asked() == ["tests.kept"]
    assert verify() == []


def test_what_was_written_for_a_reader_and_then_undone_is_written_again():
    memo = MemoFactory()

    with together():
        memo.submit(actor=acting(memo, "buyer"))
        with pytest.raises(Refused), transaction.atomic():
            assert JournalEntry.objects.of(memo).count() == 2
            raise Refused
        memo.refuse(actor=acting(memo, "buying_manager"), reason="No.")

    assert steps_of(memo) == [(1, "create"), (2, "submit"), (3, "refuse")]
    assert verify() == []


def test_who_reads_the_journal_on_the_way_finds_what_happened_so_far():
    memo = MemoFactory()

    with together():
        memo.submit(actor=acting(memo, "buyer"))
        outbox.ask("tests.one")

        assert [step for _, step in steps_of(memo)] == ["create", "submit"]
        assert asked() == ["tests.one"]
    assert [step for _, step in steps_of(memo)] == ["create", "submit"]


def test_a_refusal_that_is_swallowed_within_undoes_everything_loudly():
    memo, empty = MemoFactory(), MemoFactory(text="")

    with pytest.raises(TransactionManagementError), together():
        memo.submit(actor=acting(memo, "buyer"))
        with pytest.raises(Blocked):
            empty.submit(actor=acting(empty, "buyer"))

    assert Memo.objects.get(pk=memo.pk).state == "draft"
    assert steps_of(memo) == [(1, "create")]


def test_a_refusal_within_a_savepoint_of_its_own_leaves_the_rest_standing():
    memo, empty = MemoFactory(), MemoFactory(text="")

    with together():
        memo.submit(actor=acting(memo, "buyer"))
        with pytest.raises(Blocked), transaction.atomic():
            empty.submit(actor=acting(empty, "buyer"))

    assert Memo.objects.get(pk=memo.pk).state == "submitted"
    assert steps_of(empty) == [(1, "create")]


def test_a_step_within_a_step_costs_no_savepoint(django_assert_max_num_queries):
    memo = MemoFactory()

    with django_assert_max_num_queries(100) as captured, together(), together():
        memo.submit(actor=acting(memo, "buyer"))

    # The tests' own transaction makes the outermost one a savepoint.
    assert sum(query["sql"].startswith("SAVEPOINT") for query in captured.captured_queries) == 1


def test_what_writing_asks_for_is_written_too():
    told: list[list[str]] = []

    def write(rows) -> None:
        told.append(list(rows))
        outbox.ask("tests.asked_while_writing")

    with together():
        at_the_end(write, ["a"])
        at_the_end(write, ["b", "c"])

    assert told == [["a", "b", "c"]]
    assert asked() == ["tests.asked_while_writing"]


def test_thousands_of_messages_are_written_in_portions():
    with together():
        outbox.ask_many(("tests.many", {"number": number}) for number in range(2_500))

    assert OutboxMessage.objects.count() == 2_500
    numbers = OutboxMessage.objects.order_by("id").values_list("arguments__number", flat=True)
    assert list(numbers) == list(range(2_500))


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_a_message_is_written_at_once():
    outbox.ask("tests.one")

    assert not connection.in_atomic_block
    assert asked() == ["tests.one"]
    write_down()
    assert asked() == ["tests.one"]


@pytest.mark.django_db(transaction=True)
def test_a_real_transaction_writes_before_it_commits():
    buyer = OrganisationFactory()

    with pytest.raises(Refused), together():
        create(Memo(buyer=buyer, text="lost"), actor=CLOCK)
        raise Refused
    with together():
        kept = create(Memo(buyer=buyer, text="kept"), actor=CLOCK)

    assert list(JournalEntry.objects.values_list("document_id", "step")) == [(kept.pk, "create")]
    assert verify() == []
