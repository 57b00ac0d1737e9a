"""What the drop-down of a column offers. It is help, not a rule: anything the column reads may be written."""

from __future__ import annotations

from collections.abc import Iterable

from b2b.currency import currencies
from b2b.sheets.codes import CurrencyCode, UnitCode
from b2b.sheets.priced import PricedUnit
from b2b.sheets.sheet import Column

USUAL_UNITS = "H87 SET PR KGM GRM TNE MTR CMT MMT MTK MTQ LTR MLT XBX XCT XPK XRO HUR DAY"
USUAL_CURRENCIES = "CNY EUR USD GBP JPY HKD CHF SGD KRW INR AUD CAD PLN CZK SEK"


def offered(column: Column, given: Iterable[str] | None = None) -> tuple[str, ...]:
    """``given``, else the parser's own choices, else the usual units or all currencies, as the reader names them."""
    if given is not None:
        return tuple(dict.fromkeys(str(one) for one in given))
    if isinstance(column.parse, (UnitCode, PricedUnit)):
        return tuple(map(UnitCode().write, USUAL_UNITS.split()))
    if isinstance(column.parse, CurrencyCode):
        return tuple(_currencies())
    return column.parse.choices()


def _currencies() -> Iterable[str]:
    known = {currency.code for currency in currencies()}
    usual = [code for code in USUAL_CURRENCIES.split() if code in known]
    return [*usual, *sorted(known - set(usual))]
