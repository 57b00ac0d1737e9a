"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

from collections.abc import Iterator

from amqp.exceptions import AMQPError
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from b2b.api.problems import problem
from b2b.api.refusals import Unavailable
from b2b.celery import app
from b2b.errors import Fault

BROKER_WAIT_SECONDS = 2


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nobody else."""
    return JsonResponse({"status": "alive"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration, and the broker takes messages; otherwise 503 says what lacks."""
    if faults := [*database_faults(), *broker_faults()]:
        return problem(Unavailable(faults=faults))
    return JsonResponse({"status": "ready"})


def database_faults() -> Iterator[Fault]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError):
        yield Fault("#/database", "database-unreachable", gettext("The database does not answer."))
        return
    if waiting:
        detail = ngettext(
            "%(count)s migration is not applied yet.", "%(count)s migrations are not applied yet.", len(waiting)
        ) % {"count": len(waiting)}
        yield Fault("#/database", "migrations-waiting", detail)


def broker_faults() -> Iterator[Fault]:
    try:
        with app.connection_for_write(connect_timeout=BROKER_WAIT_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_WAIT_SECONDS)
            broker.default_channel  # noqa: B018  — opening it is the question
    except (KombuError, AMQPError, RedisError, OSError):
        yield Fault("#/broker", "broker-unreachable", gettext("The broker does not answer."))
