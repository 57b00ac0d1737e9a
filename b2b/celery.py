"""The queue: a doorbell for work whose truth is in the database (see ``b2b.outbox`` and ``b2b.jobs``)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b2b.settings")

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
