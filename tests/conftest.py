"""Fixtures every test may use."""

from __future__ import annotations

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations


@pytest.fixture(autouse=True, scope="session")
def _tables_can_be_emptied() -> None:
    """Between tests that commit, tables are truncated, which the written-once triggers rightly refuse."""
    flush = DatabaseOperations.execute_sql_flush

    def with_triggers_off(self: DatabaseOperations, statements: list[str]) -> None:
        flush(self, ["SET LOCAL session_replication_role = replica", *statements])

    DatabaseOperations.execute_sql_flush = with_triggers_off
