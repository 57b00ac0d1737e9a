"""The columns every app shares: keys, amounts, prices, quantities, and a state only steps may change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_fsm as fsm
from django.db import models
from django.db.models.signals import class_prepared
from uuid_utils.compat import uuid7

AMOUNT_DIGITS, AMOUNT_PLACES = 20, 4
PRICE_DIGITS, PRICE_PLACES = 20, 6
QUANTITY_DIGITS, QUANTITY_PLACES = 20, 6


def new_key() -> UUID:
    """A UUIDv7 (RFC 9562): ordered in the index, nothing to enumerate, no volume leaked."""
    return uuid7()


def _defaults(given: dict[str, Any], **defaults: Any) -> dict[str, Any]:
    return defaults | given


class KeyField(models.UUIDField[Any, Any]):
    """The primary key of whatever the API shows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **_defaults(kwargs, primary_key=True, default=new_key, editable=False))


class AmountField(models.DecimalField[Any, Any]):
    """An amount of the document's currency; four places hold every ISO 4217 minor unit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **_defaults(kwargs, max_digits=AMOUNT_DIGITS, decimal_places=AMOUNT_PLACES))


class UnitPriceField(models.DecimalField[Any, Any]):
    """The price of one price base quantity, to six places."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **_defaults(kwargs, max_digits=PRICE_DIGITS, decimal_places=PRICE_PLACES))


class QuantityField(models.DecimalField[Any, Any]):
    """How many of a unit, to six places; the unit stands in a ``UnitField`` beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **_defaults(kwargs, max_digits=QUANTITY_DIGITS, decimal_places=QUANTITY_PLACES))


class UnitField(models.CharField[Any, Any]):
    """A UN/ECE Rec 20 code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **_defaults(kwargs, max_length=3))


class CurrencyField(models.CharField[Any, Any]):
    """An ISO 4217 code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **_defaults(kwargs, max_length=3))


class StateDescriptor(fsm.FSMFieldDescriptor):
    """Refuses assignment, except while the row itself is being reloaded.

    django-fsm-2 lifts the protection on the shared field object during a reload, where every
    thread sees it; this asks the one instance that is reloading.
    """

    def __set__(self, instance: Any, value: Any) -> None:
        if instance.__dict__.get("_reloading"):
            instance.__dict__[self.field.name] = value
        else:
            super().__set__(instance, value)


class StateField(fsm.FSMField):
    """A state only steps may change; assigning to it raises ``AttributeError``."""

    descriptor_class = StateDescriptor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **_defaults(kwargs, max_length=32, protected=True, db_index=True))

    def contribute_to_class(self, cls: type[models.Model], name: str, **kwargs: Any) -> None:  # type: ignore[override]
        """Migrations make thousands of stand-ins for models: were each to listen, every next one would wait longer."""
        super().contribute_to_class(cls, name, **kwargs)
        if cls.__module__ == "__fake__":
            class_prepared.disconnect(self._collect_transitions)
