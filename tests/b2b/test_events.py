"""What an app announces is heard by each subscriber exactly once, and only declared events exist."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from b2b import events
from b2b.celery import app, load_tasks
from b2b.checks import subscribers_hear_real_events
from b2b.models import OutboxMessage
from b2b.workflow.document import documents
from tests.b2b.mortal import KILLED, spawn, traces
from tests.b2b.test_outbox import make_due

APPS = ["b2b", "suppliers", "credit", "procurement", "quotations", "contracts", "compliance"]


@pytest.mark.django_db
def test_each_subscriber_hears_once(deliver):
    events.announce("tests.memo_lost", name="A")

    assert deliver() == 2
    assert deliver() == 0
    assert (traces("search A"), traces("mourn A")) == (1, 1)


@pytest.mark.django_db
def test_an_event_nobody_hears_costs_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        events.announce("sample.memo.nobody_hears", document_id="1")


@pytest.mark.django_db
def test_two_subscribers_cost_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        events.announce("tests.memo_lost", name="A")


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_was_not_announced(deliver):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.announce("tests.memo_lost", name="A")
        raise ZeroDivisionError

    assert deliver() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("payload", [{}, {"title": "A"}, {"name": "A", "more": 1}])
def test_an_event_carries_exactly_what_it_declares(payload):
    with pytest.raises(ValueError, match="not declared"):
        events.announce("tests.memo_lost", **payload)

    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_an_undeclared_event_is_refused():
    with pytest.raises(ValueError, match="not declared"):
        events.announce("tests.memo_found", name="A")


def test_a_name_is_declared_once_and_a_subscriber_hears_one_event():
    with pytest.raises(ValueError, match="twice"):
        events.event("tests.memo_lost", "title")
    with pytest.raises(ValueError, match="already hears"):
        events.on("tests.other", name="tests.search_memo")(lambda name: None)


@pytest.mark.django_db(transaction=True)
def test_an_announcer_killed_between_commit_and_bell_was_still_heard(deliver):
    process = spawn("lose", "A", DIE_AT="before the bell")

    assert process.returncode == KILLED
    assert deliver() == 2
    assert (traces("search A"), traces("mourn A")) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_killed_in_the_middle_acts_once_and_its_neighbour_too(deliver):
    events.announce("tests.memo_lost", name="A")

    process = spawn("deliver", DIE_AT="task")
    make_due()
    deliver()

    assert process.returncode == KILLED
    assert (traces("search A"), traces("mourn A")) == (1, 1)


def test_a_subscription_to_an_event_that_does_not_exist_is_a_fault_of_the_system(monkeypatch):
    assert subscribers_hear_real_events(None) == []

    monkeypatch.setitem(events._subscribers, "sample.memo.sumbit", ["tests.nobody"])

    assert [error.id for error in subscribers_hear_real_events(None)] == ["b2b.E008"]


@dataclass(frozen=True)
class Call:
    """A call in the product's own code whose first argument is a text, or a constant of its module."""

    place: str
    name: str
    values: set[str]


def calls_of(*functions: str) -> list[Call]:
    """Parses only what mentions one: our formatter leaves nothing between a name and its parenthesis."""
    mentioning = [path for path, text in sources() if any(f"{function}(" in text for function in functions)]
    return [call for path in mentioning for call in _calls_in(parsed(path), path.name, functions)]


@cache
def sources() -> list[tuple[Path, str]]:
    root = Path(settings.BASE_DIR)
    files = [path for app_name in APPS for path in (root / app_name).rglob("*.py")]
    return [(path, path.read_text()) for path in files if "migrations" not in path.parts]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _calls_in(module: ast.Module, place: str, functions: tuple[str, ...]) -> Iterator[Call]:
    constants = {
        node.targets[0].id: node.value.value
        for node in module.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and node.args and _called(node) in functions:
            first = node.args[0]
            name = first.value if isinstance(first, ast.Constant) else constants.get(getattr(first, "id", ""))
            if name:
                yield Call(place, name, {keyword.arg for keyword in node.keywords})


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def of_steps() -> set[str]:
    return {f"{model._meta.label_lower}.{name}" for model in documents() for name in (*model.steps(), "create")}


def test_every_event_announced_in_the_code_exists_and_carries_its_values():
    load_tasks()
    known = dict.fromkeys(of_steps(), events.OF_A_STEP) | events.declared()

    announced = calls_of("announce")
    wrong = [call for call in announced if known.get(call.name) != call.values]
    wrong += [call for call in calls_of("announce_each") if call.name not in known]

    assert wrong == []


def test_every_declared_event_is_announced_somewhere():
    load_tasks()
    announced = {call.name for call in calls_of("announce", "announce_each")}

    assert {name for name in events.declared() if not name.startswith("tests.")} - announced == set()


def test_every_task_asked_for_in_the_code_exists():
    load_tasks()

    assert [call for call in calls_of("ask") if call.name not in app.tasks] == []
