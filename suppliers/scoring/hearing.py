"""Hears what apps above announce about suppliers, and rates them anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from b2b.clock import database_now
from b2b.events import event, on
from suppliers.models import ScoreFact
from suppliers.scoring import facts
from suppliers.scoring.recomputation import rate

event(
    "scoring.delivery",
    "supplier_id",
    "buyer_id",
    "order_id",
    "order_number",
    "receipt_id",
    "line",
    "promised_on",
    "received_on",
    "ordered",
    "received",
    "rejected",
    "final",
)
event("scoring.response", "supplier_id", "buyer_id", "rfq_id", "quotation_id", "invited_at", "answered_at", "outcome")
event("scoring.price", "supplier_id", "buyer_id", "rfq_id", "quotation_id", "ratio")


@on("scoring.delivery", name="suppliers.rate_delivery")
def rate_delivery(**told: Any) -> None:
    _one_at_a_time(told["supplier_id"])
    _rate(told["supplier_id"], facts.of_delivery(told))


@on("scoring.response", name="suppliers.rate_response")
def rate_response(**told: Any) -> None:
    _one_at_a_time(told["supplier_id"])
    _rate(told["supplier_id"], facts.of_response(told, heard_on=database_now().date()))


@on("scoring.price", name="suppliers.rate_price")
def rate_price(**told: Any) -> None:
    _one_at_a_time(told["supplier_id"])
    _rate(told["supplier_id"], facts.of_price(told, heard_on=database_now().date()))


def _one_at_a_time(supplier_id: str) -> None:
    """Of two facts about one supplier, the second is rated when the first is committed, so neither is left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"suppliers.score/{supplier_id}"])


def _rate(supplier_id: str, found: Sequence[ScoreFact]) -> None:
    facts.keep(found)
    rate([UUID(supplier_id)], as_of=database_now().date())
