"""The kinds of jobs uploads need."""

from __future__ import annotations

from datetime import timedelta

from b2b.jobs import job
from b2b.uploads import applying, reading

LEASE = timedelta(seconds=180)
"""A chunk, or the reading of a whole old .xls before its first row, is shorter."""

job("uploads.read", lease=LEASE)(reading.read)
job("uploads.apply", lease=LEASE)(applying.apply)
job("uploads.undo", lease=LEASE)(applying.undo)
