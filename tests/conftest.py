"""Fixtures every test may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.management.commands import flush as flushing
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils.translation import override
from rest_framework.test import APIClient

from b2b import garbage, jobs, outbox
from b2b.celery import app, load_tasks
from b2b.models import Job, Organisation, OutboxMessage
from tests.clients import signed_in
from tests.factories.b2b import MembershipFactory

RUN_TOGETHER = {"tests/test_demo.py"}
BROWSER_TESTS = "tests/browser/"
MADE_BY_MIGRATING = {"django_content_type", "auth_permission"}
"""Tables that Django itself fills after migrating, and that no test changes."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """One process runs all tests of a file that shares what is slow to make; all others are dealt out singly."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 — only where tests run in parallel

    class FilesTogether(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", maxsplit=1)[0]
            return file if file in RUN_TOGETHER or file.startswith(BROWSER_TESTS) else nodeid

    return FilesTogether(config, log)


def pytest_collection_finish() -> None:
    """All tests and all they import are loaded now: looking through them for garbage took a twentieth of the time."""
    garbage.leave_out_what_is_loaded()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A run without a browser has not seen what people see, and says so where nobody overlooks it."""
    skipped = [one for one in terminalreporter.stats.get("skipped", []) if one.nodeid.startswith(BROWSER_TESTS)]
    if skipped:
        terminalreporter.section("BROWSER TESTS WERE SKIPPED", red=True, bold=True)
        for reason in sorted({str(one.longrepr[2]).removeprefix("Skipped: ") for one in skipped}):
            count = sum(reason in str(one.longrepr[2]) for one in skipped)
            terminalreporter.write_line(f"{count} of them: {reason}", red=True)


@pytest.fixture(autouse=True, scope="session")
def _tables_can_be_emptied() -> None:
    """Between tests that commit, tables are emptied, which the written-once triggers rightly refuse.

    Deleting the few rows of a test takes milliseconds, truncating all tables seconds: PostgreSQL
    gives every truncated table new files. What migrating makes stays, since making it anew takes
    ten times as long as all the rest.
    """
    flush = DatabaseOperations.execute_sql_flush

    def with_triggers_off(self: DatabaseOperations, statements: list[str]) -> None:
        flush(self, ["SET LOCAL session_replication_role = replica", *statements])

    def by_deleting(self: DatabaseOperations, style: Any, tables: list[str], **options: Any) -> list[str]:
        return [f"DELETE FROM {self.quote_name(table)};" for table in tables if table not in MADE_BY_MIGRATING]

    DatabaseOperations.execute_sql_flush = with_triggers_off
    DatabaseOperations.sql_flush = by_deleting
    flushing.emit_post_migrate_signal = lambda *_arguments: None


@pytest.fixture(autouse=True, scope="session")
def _quiet_broker() -> None:
    """Bells ring in memory, where nobody hears them; ``deliver`` and ``do_jobs`` are the workers."""
    app.conf.update(broker_url="memory://", broker_transport_options={})
    load_tasks()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A request leaves its reader's language active in the thread; the next test begins in English."""
    with override("en"):
        yield


@pytest.fixture(scope="session")
def _storages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for each test, made by the first file it stores: few store any."""
    root = tmp_path_factory.mktemp("storages")
    return (root / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_storage(settings, _storages: Iterator[Path]) -> None:
    settings.MEDIA_ROOT = next(_storages)


@pytest.fixture
def deliver() -> Callable[[], int]:
    """Hand over all that was asked for, and what that asks for in turn; a task that fails fails the test."""

    def until_empty() -> int:
        done = outbox.deliver()
        assert not [message.error for message in OutboxMessage.objects.exclude(error="")]
        return done

    return until_empty


@pytest.fixture
def do_jobs() -> Callable[[], int]:
    """Do every job that waits for a worker, as one would; return how many there were."""
    return lambda: sum(jobs.work(job.pk) for job in Job.objects.without_worker().order_by("id"))


@pytest.fixture
def client_for() -> Callable[..., APIClient]:
    """A browser signed in as ``user`` and acting for ``organisation``; ``second_factor=True`` as after a one-time code."""
    return signed_in


@pytest.fixture
def client_of() -> Callable[..., APIClient]:
    """A browser of a new member of an organisation, with just the roles named."""

    def client(organisation: Organisation, *roles: str, second_factor: bool = False) -> APIClient:
        membership = MembershipFactory(organisation=organisation, roles=list(roles))
        return signed_in(membership.user, organisation, second_factor=second_factor)

    return client
