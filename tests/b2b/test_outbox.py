"""What was asked for is done once, whatever dies, and one fault never stops the rest."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from celery import shared_task
from django.db import connection, connections, transaction
from django.db.models.functions import Now

from b2b import bell, outbox
from b2b.celery import app
from b2b.models import Organisation, OutboxMessage
from b2b.models.outbox import MOST_ATTEMPTS, pause_after
from tests.b2b import mortal
from tests.b2b.mortal import KILLED, spawn, traces

State = OutboxMessage.State

heard: list[dict[str, object]] = []


@shared_task(name="tests.hear")
def hear(**arguments: object) -> None:
    heard.append(arguments)


@pytest.fixture(autouse=True)
def _nothing_heard() -> None:
    heard.clear()


def make_due() -> None:
    """As if the pause after a failure or a death had passed."""
    OutboxMessage.objects.filter(state=State.WAITING).update(due_at=Now())


@pytest.mark.django_db
def test_what_is_asked_for_is_done_once_with_its_arguments(deliver):
    key = uuid4()

    outbox.ask("tests.hear", document_id=key, amount=Decimal("1.50"), lines=[1, 2])

    assert deliver() == 1
    assert deliver() == 0
    assert heard == [{"document_id": str(key), "amount": "1.50", "lines": [1, 2]}]
    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts, message.error) == (State.DONE, 1, "")


@pytest.mark.django_db
def test_messages_are_done_in_the_order_they_were_asked_for(deliver):
    outbox.ask_many(("tests.hear", {"number": number}) for number in range(5))

    deliver()

    assert [item["number"] for item in heard] == [0, 1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_asked_for_nothing(deliver):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.ask("tests.hear")
        raise ZeroDivisionError

    assert deliver() == 0
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_an_object_is_refused_where_it_is_asked_for():
    with pytest.raises(TypeError), transaction.atomic():
        outbox.ask("tests.hear", document=object())

    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_many_questions_in_one_transaction_ring_once(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as rung:
        outbox.ask("tests.hear", number=1)
        outbox.ask("tests.hear", number=2)
        outbox.ask_many([("tests.hear", {"number": 3}), ("tests.hear", {"number": 4})])

    assert rung == [bell.Bell(outbox.DELIVER)]


@pytest.mark.django_db
def test_asking_for_many_costs_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        outbox.ask_many(("tests.hear", {"number": number}) for number in range(50))


@pytest.fixture
def broker_down(monkeypatch):
    """Nobody listens at the broker's address; the options are those of ``b2b.settings``."""
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    app.conf.update(
        broker_url="redis://127.0.0.1:1/0",
        broker_transport_options={"max_retries": 1, "interval_start": 0, "interval_step": 0},
    )
    app._after_fork()
    yield
    app.conf.update(broker_url="memory://", broker_transport_options={})
    app._after_fork()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("broker_down")
def test_a_broker_that_is_down_is_logged_once_and_keeps_nobody_waiting(caplog, deliver):
    began = time.monotonic()

    for number in range(20):
        outbox.ask("tests.hear", number=number)

    assert time.monotonic() - began < 5
    assert [record.message for record in caplog.records if record.name == "b2b.bell"] == [
        "The broker did not take b2b.deliver_outbox (OperationalError); beat will ring."
    ]
    assert deliver() == 20


@pytest.mark.django_db
def test_a_poisonous_message_is_put_off_and_the_others_are_done():
    outbox.ask("tests.fail", name="poison")
    outbox.ask("tests.hear", number=1)
    outbox.ask("tests.no_such_task")
    outbox.ask("tests.hear", number=2)

    done = outbox.deliver()

    assert done == 2
    assert [item["number"] for item in heard] == [1, 2]
    assert traces("poison") == 0
    poison, unknown = OutboxMessage.objects.filter(state=State.WAITING).order_by("id")
    assert "ZeroDivisionError: poison" in poison.error
    assert "NotRegistered" in unknown.error
    assert (poison.attempts, outbox.deliver()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_fault_that_shows_only_at_commit_is_put_off_too(deliver):
    @shared_task(name="tests.orphan")
    def orphan() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO b2b_numberseries (organisation_id, series, year, last) VALUES (%s, 'X', 2026, 1)",
                [uuid4()],
            )

    outbox.ask("tests.orphan")
    outbox.ask("tests.hear", number=1)

    outbox.deliver()

    failed = OutboxMessage.objects.get(task="tests.orphan")
    assert (failed.state, len(heard)) == (State.WAITING, 1)
    assert "ForeignKeyViolation" in failed.error


@pytest.mark.django_db
def test_after_the_last_attempt_a_message_is_given_up_aloud_and_can_be_revived(caplog):
    outbox.ask("tests.fail", name="poison")
    for _ in range(MOST_ATTEMPTS):
        make_due()
        outbox.deliver()

    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts) == (State.DEAD, MOST_ATTEMPTS)
    assert f"Gave up on outbox message {message.pk} (tests.fail)." in [r.message for r in caplog.records]
    make_due()
    assert outbox.deliver() == 0
    assert outbox.revive([message.pk]) == 1
    revived = OutboxMessage.objects.get()
    assert (revived.state, revived.attempts, revived.ended_at) == (State.WAITING, 0, None)


def test_the_pauses_double_up_to_an_hour():
    pauses = [pause_after(attempts) for attempts in range(1, MOST_ATTEMPTS + 1)]

    assert pauses[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert pauses[-1] == timedelta(hours=1)
    assert timedelta(hours=6) < sum(pauses, timedelta()) < timedelta(hours=9)


@pytest.mark.django_db
def test_what_was_done_long_ago_is_forgotten_and_what_was_given_up_is_not(deliver):
    outbox.ask("tests.hear", number=1)
    deliver()
    outbox.ask("tests.fail", name="dead")
    OutboxMessage.objects.filter(task="tests.fail").update(state=State.DEAD, ended_at=Now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now = cursor.fetchone()[0]

    assert outbox.forget(now - timedelta(days=1)) == 0
    assert outbox.forget(now + timedelta(days=1)) == 1
    assert [message.task for message in OutboxMessage.objects.all()] == ["tests.fail"]


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_do_each_message_once():
    names = [f"shared {number}" for number in range(60)]
    outbox.ask_many(("tests.found", {"name": name}) for name in names)
    ready, done = threading.Barrier(4), []

    def worker() -> None:
        ready.wait()
        try:
            done.append(outbox.deliver())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(done) == 60
    assert {traces(name) for name in names} == {1}


@pytest.mark.django_db
def test_the_next_message_is_claimed_by_one_statement(django_assert_num_queries):
    outbox.ask_many(("tests.hear", {"number": number}) for number in range(2))
    first, second = OutboxMessage.objects.order_by("id")

    with django_assert_num_queries(3):
        claimed = [outbox._claim() for _ in range(3)]

    assert claimed == [first, second, None]
    assert [(one.task, one.arguments, one.attempts) for one in claimed[:2]] == [
        ("tests.hear", {"number": 0}, 1),
        ("tests.hear", {"number": 1}, 1),
    ]
    assert claimed[0].due_at >= first.due_at + pause_after(1)


@pytest.mark.django_db
def test_a_message_tried_more_often_than_allowed_is_given_up_and_stops_nobody():
    outbox.ask("tests.hear", number=1)
    OutboxMessage.objects.update(attempts=MOST_ATTEMPTS + 3)
    outbox.ask("tests.hear", number=2)

    done = outbox.deliver()

    assert (done, heard) == (1, [{"number": 2}])
    assert OutboxMessage.objects.order_by("id").values_list("state", flat=True)[0] == State.DEAD


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_overtaken_leaves_the_message_to_the_other():
    outbox.ask("tests.found", name="once")
    slow = outbox._claim()
    make_due()
    quick = outbox._claim()

    outbox.hand_over(slow.pk, slow.attempts)
    assert traces("once") == 0
    outbox.hand_over(quick.pk, quick.attempts)
    outbox.hand_over(quick.pk, quick.attempts)
    assert traces("once") == 1


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_between_commit_and_bell_has_lost_nothing(deliver):
    process = spawn("ask", "before", DIE_AT="before the bell")

    assert process.returncode == KILLED
    assert deliver() == 1
    assert traces("before") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("point", "traces_left"), [("task", 0), ("before marking", 0), ("after marking", 0), ("after commit", 1)]
)
def test_a_worker_killed_at_any_point_neither_loses_nor_repeats(point, traces_left, deliver):
    outbox.ask("tests.found", name=point)

    process = spawn("deliver", DIE_AT=point)

    assert process.returncode == KILLED
    assert traces(point) == traces_left
    make_due()
    assert deliver() == 1 - traces_left
    assert traces(point) == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_that_kills_its_workers_is_given_up():
    outbox.ask("tests.found", name="killer")
    OutboxMessage.objects.update(attempts=MOST_ATTEMPTS - 1)

    process = spawn("deliver", DIE_AT="task")
    make_due()
    done = outbox.deliver()

    assert (process.returncode, done) == (KILLED, 0)
    assert OutboxMessage.objects.get().state == State.DEAD
    assert traces("killer") == 0


@pytest.mark.django_db(transaction=True)
def test_workers_killed_at_random_moments_lose_and_repeat_nothing(deliver):
    names = [f"random {number}" for number in range(400)]
    outbox.ask_many(("tests.found", {"name": name}) for name in names)
    chance = random.Random(7)  # noqa: S311
    killed_amid_work = 0

    for _ in range(8):
        process = spawn("deliver", wait=False)
        before = OutboxMessage.objects.filter(state=State.DONE).count()
        while process.poll() is None and OutboxMessage.objects.filter(state=State.DONE).count() == before:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        killed_amid_work += process.wait() == KILLED
        make_due()

    deliver()
    assert killed_amid_work >= 2
    assert Counter(Organisation.objects.values_list("name", flat=True)) == dict.fromkeys(names, 1)


def test_the_works_of_mortals_are_registered():
    assert app.tasks["tests.found"].name == mortal.found.name
