"""The parsers under the names a declaration uses: ``parse=text(max_length=64)``."""

from __future__ import annotations

from b2b.sheets.amounts import Amount, Number, Percent, QuantityNumber, UnitPrice, WholeNumber
from b2b.sheets.moments import Day, Instant
from b2b.sheets.priced import PricedUnit
from b2b.sheets.texts import Choice, CountryCode, CurrencyCode, Email, Text, UnitCode, YesNo

text = Text
whole_number = WholeNumber
decimal = Number
unit_price = UnitPrice
amount = Amount
quantity = QuantityNumber
percent = Percent
unit = UnitCode
priced_unit = PricedUnit
currency = CurrencyCode
country = CountryCode
day = Day
instant = Instant
choice = Choice
yes_no = YesNo
email = Email

__all__ = [
    "amount",
    "choice",
    "country",
    "currency",
    "day",
    "decimal",
    "email",
    "instant",
    "percent",
    "priced_unit",
    "quantity",
    "text",
    "unit",
    "unit_price",
    "whole_number",
    "yes_no",
]
