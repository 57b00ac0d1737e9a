"""What apps above announce, as marks from 0 to 1.

- *On time in full*: of each order line, the share of the ordered quantity that came by the promised
  day; a line counts one altogether, each receipt for its part. What never came counts as late (SCOR
  metric RL.2.2, delivery performance to customer commit date, taken by quantity). The promise is
  the one frozen when the order was acknowledged.
- *Quality*: the share of a receipt's quantity that was not rejected, with the same weight.
- *Responsiveness*: 1 for an answer in time, a refusal included; 0 for none or one taken back.
- *Price*: best total / own total of the same RFQ, so the best bid has 1 and one twice as dear 0.5.

The same document told twice, or told again after a correction, replaces its facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Sum

from suppliers.models import ScoreFact
from suppliers.models.score import Component

ANSWERED = frozenset({"submitted", "declined"})
RECEIPT, ORDER, QUOTATION, RFQ = (
    "procurement.goodsreceipt",
    "procurement.purchaseorder",
    "quotations.quotation",
    "procurement.requestforquotation",
)
_PLACES = Decimal("0.000001")
_ONE = Decimal(1)
TOLD = ("supplier", "buyer", "mark", "weight", "happened_on", "subject", "title", "detail", "recorded_at")


def keep(facts: Iterable[ScoreFact]) -> None:
    """Write facts, each in the place of what was known of the same document, line and component."""
    ScoreFact.objects.bulk_create(
        list(facts),
        update_conflicts=True,
        unique_fields=["source", "line", "component"],
        update_fields=list(TOLD),
    )


def of_delivery(told: Mapping[str, Any]) -> list[ScoreFact]:
    """One receipt's line, or, without a receipt, what never came of an order's line."""
    return _of_receipt(told) if told["receipt_id"] else _of_missing(told)


def _of_receipt(told: Mapping[str, Any]) -> list[ScoreFact]:
    ordered, received, rejected = (Decimal(told[name]) for name in ("ordered", "received", "rejected"))
    weight = _share(received, ordered)
    good = _share(received - rejected, received) if received else _ONE
    facts = [_delivered(told, Component.QUALITY, mark=good, weight=weight)]
    if told["promised_on"]:
        on_time = told["received_on"] <= told["promised_on"]
        facts.append(_delivered(told, Component.ON_TIME_IN_FULL, mark=Decimal(on_time), weight=weight))
    return facts


def _delivered(told: Mapping[str, Any], component: Component, *, mark: Decimal, weight: Decimal) -> ScoreFact:
    return _fact(
        told,
        component,
        mark=mark,
        weight=weight,
        happened_on=date.fromisoformat(told["received_on"]),
        source=f"{RECEIPT}/{told['receipt_id']}",
    )


def _of_missing(told: Mapping[str, Any]) -> list[ScoreFact]:
    """Due on the promised day and never there: the part of the line that no receipt accounts for."""
    if not told["promised_on"]:
        return []
    subject = f"{ORDER}/{told['order_id']}"
    came = ScoreFact.objects.filter(subject=subject, line=told["line"], component=Component.ON_TIME_IN_FULL)
    part = came.exclude(source=subject).aggregate(sum=Sum("weight"))["sum"] or Decimal(0)
    missing = _fact(
        told,
        Component.ON_TIME_IN_FULL,
        mark=Decimal(0),
        weight=max(_ONE - part, Decimal(0)),
        happened_on=date.fromisoformat(told["promised_on"]),
        source=subject,
    )
    return [missing]


def _fact(told: Mapping[str, Any], component: Component, **more: Any) -> ScoreFact:
    names = ("promised_on", "received_on", "ordered", "received", "rejected")
    return ScoreFact(
        supplier_id=told["supplier_id"],
        buyer_id=told["buyer_id"],
        component=component,
        line=str(told["line"]),
        subject=f"{ORDER}/{told['order_id']}",
        title=told["order_number"],
        detail={name: told[name] if told[name] is None else str(told[name]) for name in names},
        **more,
    )


def of_response(told: Mapping[str, Any], *, heard_on: date) -> list[ScoreFact]:
    """How an invitation was answered."""
    answered = told["answered_at"]
    fact = ScoreFact(
        supplier_id=told["supplier_id"],
        buyer_id=told["buyer_id"],
        component=Component.RESPONSIVENESS,
        mark=Decimal(told["outcome"] in ANSWERED),
        happened_on=datetime.fromisoformat(answered).date() if answered else heard_on,
        source=f"{QUOTATION}/{told['quotation_id']}",
        subject=f"{RFQ}/{told['rfq_id']}",
        detail={name: told[name] for name in ("invited_at", "answered_at", "outcome")},
    )
    return [fact]


def of_price(told: Mapping[str, Any], *, heard_on: date) -> list[ScoreFact]:
    """How a quoted total compares; ``ratio`` is own total / best total, or below 1 against a market price."""
    ratio = Decimal(told["ratio"])
    fact = ScoreFact(
        supplier_id=told["supplier_id"],
        buyer_id=told["buyer_id"],
        component=Component.PRICE,
        mark=min(_share(_ONE, ratio), _ONE) if ratio > 0 else _ONE,
        happened_on=heard_on,
        source=f"{QUOTATION}/{told['quotation_id']}",
        subject=f"{RFQ}/{told['rfq_id']}",
        detail={"ratio": str(told["ratio"])},
    )
    return [fact]


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return (part / whole).quantize(_PLACES, ROUND_HALF_UP)
