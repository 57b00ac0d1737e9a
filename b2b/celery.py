"""The queue: a doorbell for work whose truth is in the database (see ``b2b.outbox`` and ``b2b.jobs``)."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from celery import Celery, Task
from celery.signals import setup_logging

from b2b import folder_broker, pulse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b2b.settings")
folder_broker.install()
pulse.begin_with_worker()

app = Celery("hanse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Threads of the web server find this app as the current one, too.
app.set_default()


@app.on_after_configure.connect
def make_folders(sender: Celery, **_: Any) -> None:
    """The broker in files and beat's schedule need folders that exist."""
    options = sender.conf.broker_transport_options
    folders = [Path(value) for name, value in options.items() if "folder" in name]
    for folder in (*folders, Path(sender.conf.beat_schedule_filename).parent):
        folder.mkdir(parents=True, exist_ok=True)


@cache
def load_tasks() -> None:
    """Import every app's ``tasks``, as a worker does when it starts; other processes do it when they need one."""
    app.loader.import_default_modules()


def task_named(name: str) -> Task[Any, Any]:
    """The registered task. Raises ``celery.exceptions.NotRegistered``."""
    load_tasks()
    return app.tasks[name]


@setup_logging.connect
def leave_logging_to_django(**_: object) -> None:
    """Somebody who listens keeps Celery from replacing the handlers that Django's settings declare."""
