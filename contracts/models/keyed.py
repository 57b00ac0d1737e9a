from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def keyed(rows: Iterable[Mapping[str, Any]], name: str, *, prefix: str = "") -> dict[str, dict[str, Any]]:
    """Rows by the value of one of their columns, without it, as ``journal_lines`` wants them."""
    return {f"{prefix}{row[name]}": {column: value for column, value in row.items() if column != name} for row in rows}
