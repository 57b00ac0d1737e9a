"""From rows to an offer and back: a line's price, its tiers, and what is offered instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from b2b.sheets.sheet import Row
from procurement.models import RequestForQuotation
from quotations.offer import Alternative, Offer, OfferedLine, Tier

ANSWERED = ("unit_price", "no_bid", "lead_time_days", "note")
"""Columns a row answers with."""
Place = tuple[int, str, Decimal | None]
"""Line, alternative (folded, empty for the line as asked), and quantity from which the price holds."""


def place_of(row: Mapping[str, Any]) -> Place:
    return row["number"], (row["alternative"] or "").casefold(), row["from_quantity"]


def answered(offer: Offer, rows: Sequence[Row], columns: Collection[str]) -> Offer:
    """The offer with what the rows say, of the columns the file has; a blank row takes an answer back.

    Answers the rows do not name stay.
    """
    by_line: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_line[row["number"]].append(row)
    said = {number: _line(offer.lines.get(number), own, columns) for number, own in by_line.items()}
    return offer.with_lines(said)


def _line(present: OfferedLine | None, rows: Sequence[Row], columns: Collection[str]) -> OfferedLine | None:
    line = present or OfferedLine()
    for row in rows:
        if row["alternative"]:
            line = replace(line, alternatives=_alternatives(line.alternatives, row, columns))
        elif row["from_quantity"] is not None:
            line = replace(line, tiers=_tiers(line.tiers, row))
        else:
            line = _base(line, row, columns)
    is_answer = line.no_bid or line.unit_price is not None or line.tiers or line.alternatives
    return line if is_answer else None


def _base(line: OfferedLine, row: Row, columns: Collection[str]) -> OfferedLine:
    if row["unit_price"] is None and not row["no_bid"]:
        return replace(OfferedLine(), tiers=line.tiers, alternatives=line.alternatives)
    said = {name: row[name] for name in ("lead_time_days", "note") if name in columns}
    said = {**said, "note": said.get("note", line.note) or ""}
    return replace(line, unit_price=row["unit_price"], no_bid=bool(row["no_bid"]), **said)


def _tiers(tiers: Sequence[Tier], row: Row) -> tuple[Tier, ...]:
    others = [tier for tier in tiers if tier.from_quantity != row["from_quantity"]]
    added = [] if row["unit_price"] is None else [Tier(row["from_quantity"], row["unit_price"])]
    return tuple(sorted([*others, *added], key=lambda tier: tier.from_quantity))


def _alternatives(alternatives: Sequence[Alternative], row: Row, columns: Collection[str]) -> tuple[Alternative, ...]:
    folded = row["alternative"].casefold()
    present = next((one for one in alternatives if one.name.casefold() == folded), None)
    others = [one for one in alternatives if one is not present]
    changed = _alternative(present, row, columns)
    return tuple(sorted([*others, *([changed] if changed else [])], key=lambda one: one.name.casefold()))


def _alternative(present: Alternative | None, row: Row, columns: Collection[str]) -> Alternative | None:
    if row["from_quantity"] is not None:
        return present and replace(present, tiers=_tiers(present.tiers, row))
    if row["unit_price"] is None:
        return None
    said = {name: row[name] for name in ("lead_time_days", "note") if name in columns}
    kept = present or Alternative(row["alternative"], row["unit_price"])
    said = {**said, "note": said.get("note", kept.note) or ""}
    return replace(kept, name=row["alternative"], unit_price=row["unit_price"], **said)


def offer_rows(rfq: RequestForQuotation, offer: Offer) -> Iterator[dict[str, Any]]:
    """As the sheet writes it: of each line what is asked with its answer, then its tiers and alternatives."""
    for line in rfq.lines.order_by("number"):
        asked = {"number": line.number, "item": line.item, "quantity": line.quantity, "unit": line.unit}
        answer = offer.lines.get(line.number, OfferedLine())
        yield asked | _told(answer) | {"no_bid": True if answer.no_bid else None}
        yield from (asked | _told_tier(tier) for tier in answer.tiers)
        for one in answer.alternatives:
            yield asked | _told(one) | {"alternative": one.name}
            yield from (asked | _told_tier(tier) | {"alternative": one.name} for tier in one.tiers)


def _told(answer: OfferedLine | Alternative) -> dict[str, Any]:
    return {
        "alternative": None,
        "from_quantity": None,
        "unit_price": answer.unit_price,
        "no_bid": None,
        "lead_time_days": answer.lead_time_days,
        "note": answer.note or None,
    }


def _told_tier(tier: Tier) -> dict[str, Any]:
    return {
        "alternative": None,
        "from_quantity": tier.from_quantity,
        "unit_price": tier.unit_price,
        "no_bid": None,
        "lead_time_days": None,
        "note": None,
    }
