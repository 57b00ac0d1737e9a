"""The queue: a doorbell for work whose truth is in the database (see ``b2b.outbox`` and ``b2b.jobs``)."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b2b.settings")

app = Celery("hanse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
