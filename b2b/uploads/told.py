"""Values as rows of an upload keep them: plain JSON that PostgreSQL can cast back, equal when the values are equal."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


def told(value: Any) -> Any:
    """Numbers as text without trailing zeros, days and keys as text; the rest is JSON already."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
