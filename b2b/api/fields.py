"""Field types of the API's own."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any

from rest_framework import serializers

from b2b.unit import unit
from b2b.workflow import Document


class DecimalField(serializers.DecimalField):
    """A decimal as people write it: Python's ``1_000`` and ``１２`` are refused."""

    def to_internal_value(self, data: Any) -> Decimal:
        text = str(data)
        if isinstance(data, bool) or "_" in text or not text.isascii():
            self.fail("invalid")
        return super().to_internal_value(data)


class StateLabelField(serializers.CharField):
    """What people call the state a document is in. The labels are found once for a whole list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(source="*", read_only=True, help_text="In the reader's language.", **options)

    def to_representation(self, value: Any) -> str:
        return self._labels[str(value.state)]

    @cached_property
    def _labels(self) -> dict[str, str]:
        document: Any = self.parent
        model: type[Document] = document.Meta.model
        return {state: str(label) for state, label in model.states().items()}


class UnitLabelField(serializers.CharField):
    """What people call the unit whose code stands in the column ``unit``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(source="unit", read_only=True, help_text="In the reader's language.", **options)

    def to_representation(self, value: Any) -> str:
        return unit(value).label()
