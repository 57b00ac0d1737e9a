"""Field types of the API's own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers


class DecimalField(serializers.DecimalField):
    """A decimal as people write it: Python's ``1_000`` and ``１２`` are refused."""

    def to_internal_value(self, data: Any) -> Decimal:
        text = str(data)
        if isinstance(data, bool) or "_" in text or not text.isascii():
            self.fail("invalid")
        return super().to_internal_value(data)
