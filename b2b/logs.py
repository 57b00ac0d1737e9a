"""What every log line carries: the request it belongs to, and no personal data."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

request_id: ContextVar[str] = ContextVar("request_id", default="")


@contextmanager
def on_behalf_of(request: str) -> Iterator[None]:
    """Log the work of the block under the request that asked for it."""
    before = request_id.set(request)
    try:
        yield
    finally:
        request_id.reset(before)


class RequestId(logging.Filter):
    """Adds the current request's id to the record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class Formatter(JsonFormatter):
    """One JSON object a line. PostgreSQL's DETAIL quotes the row it refused, which is nobody's business here."""

    def formatException(self, ei: Any) -> str:  # noqa: N802  — logging's own spelling
        told = str(super().formatException(ei))
        return "\n".join(line for line in told.splitlines() if not line.startswith("DETAIL:"))
