"""New documents of a supplier, numbered in its own series."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from b2b.clock import database_now
from b2b.numbering import next_number
from b2b.policy import Actor
from b2b.workflow import create
from suppliers.models import PriceList, Qualification


@transaction.atomic
def draft_qualification(supplier_id: UUID, *, actor: Actor, **content: Any) -> Qualification:
    """A draft for a ``buyer`` and a ``category``, or without them for all."""
    qualification = Qualification(supplier_id=supplier_id, **content)
    qualification.number = next_number("QUAL", supplier_id, database_now().date())
    return create(qualification, actor=actor, inputs=content)


@transaction.atomic
def draft_price_list(supplier_id: UUID, *, actor: Actor, **content: Any) -> PriceList:
    """A draft without prices."""
    price_list = PriceList(supplier_id=supplier_id, **content)
    price_list.number = next_number("PL", supplier_id, database_now().date())
    return create(price_list, actor=actor, inputs=content)
