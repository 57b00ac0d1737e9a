"""What a step promises, shown on the tests' own memo."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.models import F
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from b2b.errors import Blocked, Fault, NotAllowed, StaleVersion, WrongState
from b2b.gates import _guards, gate
from b2b.models import JournalEntry
from b2b.policy import Actor
from b2b.workflow import editing, offers
from tests.factories.b2b import UserFactory
from tests.factories.sample import MemoFactory
from tests.sample.models import Memo, MemoLine

pytestmark = pytest.mark.django_db


def acting(memo: Memo, *roles: str, user=None) -> Actor:
    return Actor(
        user_id=(user or UserFactory()).pk,
        organisation_id=memo.buyer_id,
        roles=frozenset(roles),
        request_id="request-7",
    )


def test_a_step_moves_the_document_counts_its_version_and_is_journalled():
    memo = MemoFactory()
    actor = acting(memo, "buyer")

    memo.submit(actor=actor)

    now = Memo.objects.get()
    assert (now.state, now.version) == ("submitted", 2)
    entry = JournalEntry.objects.of(memo).last()
    assert (entry.sequence, entry.step, entry.before, entry.after) == (2, "submit", "draft", "submitted")
    assert (entry.user_id, entry.organisation_id, entry.request_id) == (
        actor.user_id,
        memo.buyer_id,
        "request-7",
    )


def test_a_refused_step_says_everything_that_is_missing_and_changes_nothing():
    memo = MemoFactory(text="")
    memo.lines.all().delete()

    with pytest.raises(Blocked) as refusal:
        memo.submit(actor=acting(memo, "buyer"))

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [
        ("#/text", "no-text"),
        ("#/lines", "no-lines"),
    ]
    assert (Memo.objects.get().state, Memo.objects.get().version) == ("draft", 1)
    assert JournalEntry.objects.of(memo).count() == 1


def test_who_may_not_learns_whom_the_step_is_for():
    memo = MemoFactory()

    with pytest.raises(NotAllowed, match="This step is for: buyer and of the buying organisation"):
        memo.submit(actor=acting(memo, "receiver"))

    assert Memo.objects.get().state == "draft"


def test_a_value_the_database_works_out_is_saved_as_it_works_it_out():
    memo = MemoFactory(text="Bolts")

    memo.text = Upper(F("text"))
    memo.save()

    assert Memo.objects.get(pk=memo.pk).text == "BOLTS"


def test_saving_a_document_that_is_gone_is_no_success():
    memo = MemoFactory()
    Memo.objects.filter(pk=memo.pk).delete()

    with pytest.raises(DatabaseError), transaction.atomic():
        memo.save(update_fields=["text"])

    assert not Memo.objects.exists()


def test_a_stale_copy_cannot_repeat_a_step():
    memo = MemoFactory()
    stale = Memo.objects.get()
    memo.submit(actor=acting(memo, "buyer"))

    with pytest.raises(WrongState):
        stale.submit(actor=acting(memo, "buyer"))

    assert Memo.objects.get().version == 2


def test_a_reader_of_an_old_version_is_told_so():
    memo = MemoFactory()
    actor = acting(memo, "buyer")
    with editing(memo, actor=actor):
        memo.text = "Buy nuts."

    with pytest.raises(StaleVersion):
        memo.submit(actor=actor, expected_version=1)

    assert (Memo.objects.get().state, Memo.objects.get().version) == ("draft", 2)


def test_the_state_cannot_be_assigned_before_or_after_a_reload():
    memo = MemoFactory()

    with pytest.raises(AttributeError):
        memo.state = "approved"
    memo.refresh_from_db()
    with pytest.raises(AttributeError):
        memo.state = "approved"

    assert memo.state == "draft"


def test_nobody_approves_what_they_created_or_edited():
    creator, editor, third = UserFactory.create_batch(3)
    memo = MemoFactory(by=creator)
    with editing(memo, actor=acting(memo, "buyer", user=editor)):
        memo.text = "Buy many bolts."
    memo.submit(actor=acting(memo, "buyer", user=third))

    for person in (creator, editor):
        with pytest.raises(NotAllowed):
            memo.approve(actor=acting(memo, "buying_manager", user=person))
    assert Memo.objects.get().state == "submitted"

    memo.approve(actor=acting(memo, "buying_manager", user=third))
    assert Memo.objects.get().state == "approved"


def test_an_edit_is_journalled_field_by_field_and_line_by_line():
    memo = MemoFactory()

    with editing(memo, actor=acting(memo, "buyer")):
        memo.text = "Buy nuts."
        memo.sealed = b"\x00secret"
        memo.lines.update(text="M10")
        MemoLine.objects.create(memo=memo, number=2, text="M12")

    assert JournalEntry.objects.of(memo).last().changes == {
        "lines.1.text": ["M8", "M10"],
        "lines.2.text": [None, "M12"],
        "sealed": [
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "sha256:7c8cc910759bf004c2a3e02379c08e20d1215469f19c0f5831879acfc2089387",
        ],
        "text": ["Buy bolts.", "Buy nuts."],
    }


def test_an_edit_that_changes_nothing_leaves_no_trace():
    memo = MemoFactory()

    with editing(memo, actor=acting(memo, "buyer")):
        memo.text = "Buy bolts."

    assert (Memo.objects.get().version, JournalEntry.objects.count()) == (1, 1)


def test_a_failed_edit_leaves_nothing_half_written():
    memo = MemoFactory()

    with pytest.raises(IntegrityError), editing(memo, actor=acting(memo, "buyer")):
        MemoLine.objects.create(memo=memo, number=2, text="M12")
        MemoLine.objects.create(memo_id=memo.pk, number=None, text="")

    assert (memo.lines.count(), JournalEntry.objects.count()) == (1, 1)


def test_the_content_is_closed_once_submitted():
    memo = MemoFactory()
    memo.submit(actor=acting(memo, "buyer"))

    with pytest.raises(WrongState), editing(memo, actor=acting(memo, "buyer")):
        memo.text = "Something else."

    assert Memo.objects.get().text == "Buy bolts."


def test_a_reader_is_offered_the_steps_of_their_role_with_the_reasons_of_closed_ones():
    memo = MemoFactory(text="")

    offered = offers(memo, acting(memo, "buyer"))

    assert [(offer.name, offer.label, offer.open) for offer in offered] == [
        ("submit", "Submit", False),
        ("cancel", "Cancel", True),
    ]
    assert [fault.code for fault in offered[0].reasons] == ["no-text"]
    assert offers(memo, acting(memo, "receiver")) == []


def test_an_app_above_can_hold_a_step_below():
    memo = MemoFactory()
    hold = gate("sample.memo", "submit")(lambda held: Fault("#/buyer", "on-hold", "The buyer is on hold."))

    try:
        with pytest.raises(Blocked) as refusal:
            memo.submit(actor=acting(memo, "buyer"))
    finally:
        _guards["sample.memo", "submit"].remove(hold)

    assert [fault.code for fault in refusal.value.faults] == ["on-hold"]
    assert Memo.objects.get().state == "draft"


def in_threads(count: int, work) -> list:
    """Run ``work(number)`` in real threads that start together; return what each returned or raised."""
    ready, said = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        ready.wait()
        try:
            said[number] = work(number)
        except Exception as error:  # noqa: BLE001 — the race's loser is what the test looks at
            said[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_steps_one_wins():
    memo = MemoFactory()
    actor = acting(memo, "buyer")
    copies = [Memo.objects.get(), Memo.objects.get()]

    said = in_threads(2, lambda number: copies[number].submit(actor=actor))

    assert sorted(type(answer).__name__ for answer in said) == ["Memo", "WrongState"]
    assert JournalEntry.objects.of(memo).count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_have_won(monkeypatch):
    memo = MemoFactory()
    actor = acting(memo, "buyer")
    copies = [Memo.objects.get(), Memo.objects.get()]
    both_read = threading.Barrier(2)

    def read_without_locking(document):
        document.refresh_from_db()
        both_read.wait(timeout=10)

    monkeypatch.setattr(Memo, "lock", read_without_locking)
    said = in_threads(2, lambda number: copies[number].submit(actor=actor))

    won = [answer for answer in said if isinstance(answer, Memo)]
    lost = [answer for answer in said if isinstance(answer, IntegrityError)]
    # Without the row lock both bodies run; only the journal's own numbering is left to refuse one.
    assert len(won) == 2 or (len(won), len(lost)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_step_inside_a_transaction_that_fails_never_happened():
    memo = MemoFactory()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        memo.submit(actor=acting(memo, "buyer"))
        1 / 0  # noqa: B018

    assert (Memo.objects.get().state, JournalEntry.objects.count()) == ("draft", 1)


def test_a_document_that_was_found_held_is_not_read_again_for_the_step_that_follows(django_assert_num_queries):
    memo = MemoFactory()

    with transaction.atomic(), django_assert_num_queries(1):
        found = Memo.found_and_held(memo.pk, seen_by=None)
        found.lock()

    assert found.text == memo.text


def test_a_hold_is_trusted_once():
    memo = MemoFactory()

    with transaction.atomic():
        found = Memo.found_and_held(memo.pk, seen_by=None)
        found.lock()
        Memo.objects.filter(pk=memo.pk).update(text="Buy nuts.")
        found.lock()

    assert found.text == "Buy nuts."


def test_a_hold_that_was_rolled_back_is_not_trusted():
    memo = MemoFactory()

    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            found = Memo.found_and_held(memo.pk, seen_by=None)
            raise ZeroDivisionError
        Memo.objects.filter(pk=memo.pk).update(text="Buy nuts.")
        found.lock()

    assert found.text == "Buy nuts."


def test_a_step_writes_only_what_it_changes():
    memo = MemoFactory(text="Buy nuts.")

    with CaptureQueriesContext(connection) as asked:
        memo.submit(actor=acting(memo, "buyer"))

    (update,) = [query["sql"] for query in asked if query["sql"].startswith("UPDATE")]
    assert [name for name in ("version", "state", "text", "buyer_id") if f'"{name}" =' in update] == [
        "version",
        "state",
    ]


def test_what_was_read_anew_or_saved_meanwhile_is_written_whatever_it_was_before():
    memo = MemoFactory(text="Buy nuts.")
    with transaction.atomic():
        memo.lock()
        before, memo.text = memo.text, "Buy bolts."
        memo.save()
        memo.text = before

        memo.write()

    assert Memo.objects.get().text == "Buy nuts."
    Memo.objects.update(text="Buy bolts.")
    memo.refresh_from_db()
    memo.text = before
    memo.write()
    assert Memo.objects.get().text == "Buy nuts."


def test_what_one_may_not_see_is_not_held():
    memo = MemoFactory()

    with transaction.atomic(), pytest.raises(Memo.DoesNotExist):
        Memo.found_and_held(memo.pk, seen_by=acting(MemoFactory(), "buyer"))


@pytest.mark.django_db(transaction=True)
def test_nothing_is_held_outside_of_a_transaction():
    memo = MemoFactory()

    with pytest.raises(transaction.TransactionManagementError):
        memo.lock()
    with pytest.raises(transaction.TransactionManagementError):
        Memo.found_and_held(memo.pk, seen_by=None)


def test_guards_ask_the_same_once_until_the_document_is_locked_anew():
    memo, asked = MemoFactory(), []

    def ask() -> int:
        asked.append(1)
        return len(asked)

    assert [memo.once("question", ask), memo.once("question", ask)] == [1, 1]
    with transaction.atomic():
        memo.lock()
    assert memo.once("question", ask) == 2
