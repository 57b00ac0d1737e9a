"""The dates a supplier promises when it acknowledges; scoring uses them for ever."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext

from b2b.errors import Fault, Invalid
from b2b.rows import insert

if TYPE_CHECKING:
    from procurement.models import PurchaseOrder, PurchaseOrderLine

MOST_FAULTS = 100
AS_REQUESTED = """
    UPDATE procurement_purchaseorderline SET promised_on = requested_on
    WHERE order_id = %s AND promised_on IS NULL RETURNING number, promised_on
"""
"""Lines that nobody asked for by a day still have none afterwards."""


@dataclass(frozen=True, slots=True)
class Promise:
    """The day on which a line, by its number, will be delivered."""

    number: int
    promised_on: date


def promise(order: PurchaseOrder, promises: Sequence[Promise]) -> None:
    """Freeze a date on every line: the promise given, else the date requested.

    A date agreed in a change stands already. Raises ``Invalid`` for a line without any date, for a
    promise later than requested (that is a change to propose) and for an unknown line.
    """
    unpromised = order.lines.filter(promised_on__isnull=True)
    _keep(order, promises, {line.number: line for line in unpromised.filter(number__in=[p.number for p in promises])})
    with connection.cursor() as cursor:
        cursor.execute(AS_REQUESTED, [order.pk])
        left = sorted(number for number, promised_on in cursor.fetchall() if promised_on is None)
    if left:
        raise Invalid(faults=[_undated(number) for number in left[:MOST_FAULTS]])


def _keep(order: PurchaseOrder, promises: Sequence[Promise], lines: dict[int, PurchaseOrderLine]) -> None:
    if faults := [*_faults(promises, lines)]:
        raise Invalid(faults=faults)
    for given in promises:
        lines[given.number].promised_on = given.promised_on
    keep_dates(order, lines.values())


def keep_dates(order: PurchaseOrder, lines: Collection[PurchaseOrderLine]) -> None:
    insert(list(lines), updating=["promised_on"])


def _faults(promises: Sequence[Promise], lines: dict[int, PurchaseOrderLine]) -> Iterator[Fault]:
    for index, given in enumerate(promises):
        line = lines.get(given.number)
        if line is None:
            yield Fault(f"#/promised/{index}/number", "unknown-line", gettext("No such line waits for a promise."))
        elif line.requested_on is not None and given.promised_on > line.requested_on:
            yield Fault(
                f"#/promised/{index}/promised_on",
                "promise-too-late",
                gettext("Line %(number)s is requested for %(date)s; propose a change instead.")
                % {"number": given.number, "date": line.requested_on.isoformat()},
            )


def _undated(number: int) -> Fault:
    return Fault("#/promised", "no-promised-date", gettext("Promise a date for line %(number)s.") % {"number": number})
