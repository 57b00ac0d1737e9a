"""How values stand in a journal entry."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class JournalEncoder(DjangoJSONEncoder):
    """Rows stand as their keys, value objects as their fields."""

    def default(self, o: Any) -> Any:
        if type(o) is Decimal or type(o) is date:  # As most of what lines are made of.
            return str(o)
        if isinstance(o, models.Model):
            return o.pk
        if is_dataclass(o) and not isinstance(o, type):
            return asdict(o)
        if isinstance(o, set | frozenset):
            return sorted(o)
        return super().default(o)
