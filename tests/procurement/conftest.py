"""What the promises of this app are told with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from b2b import gates
from procurement.workflow import answers
from tests.factories.procurement import Trade, trade


@pytest.fixture
def side() -> Trade:
    """A buyer and its supplier, with everybody they need."""
    return trade()


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """This app without those above it: no gates on its steps, nobody who counts quotations."""
    monkeypatch.setattr(gates, "_guards", {})
    monkeypatch.setattr(answers, "_counters", [])


@pytest.fixture
def codes() -> Callable[[Any], list[str]]:
    """The codes of a refusal's faults."""
    return lambda refusal: [fault.code for fault in refusal.value.faults]


@pytest.fixture
def state_of() -> Callable[[Any], str]:
    """What the database says, whatever the copy at hand does."""
    return lambda document: type(document).objects.get(pk=document.pk).state
