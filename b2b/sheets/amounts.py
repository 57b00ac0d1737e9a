"""Parsers of numbers: whole, decimal, quantities, prices, amounts, percentages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b2b.fields import AMOUNT_DIGITS, AMOUNT_PLACES, PRICE_DIGITS, PRICE_PLACES, QUANTITY_DIGITS, QUANTITY_PLACES
from b2b.sheets.cells import Cell, Unreadable, shown
from b2b.sheets.numbers import readings
from b2b.sheets.parser import Around, Parser, Written, wrong_kind
from b2b.sheets.signs import meant_by

KEPT_DIGITS = 15
"""A spreadsheet keeps this many significant digits of a number; longer ones are written as text."""


@dataclass(frozen=True)
class Number(Parser[Decimal]):
    """A decimal number of at most ``digits`` digits, ``places`` of them behind the mark."""

    places: int = 6
    digits: int = 20
    positive: bool = field(default=False, kw_only=True)
    minimum: Decimal | int | None = field(default=None, kw_only=True)
    maximum: Decimal | int | None = field(default=None, kw_only=True)

    is_number: ClassVar[bool] = True
    number_format: ClassVar[str] = "#,##0.######"
    expects: ClassVar[str | Promise] = gettext_lazy("a number such as 1234.5")

    def read(self, cell: Cell, around: Around) -> Decimal:
        if isinstance(cell, Decimal):
            return self.checked(cell)
        if not isinstance(cell, str):
            raise wrong_kind(cell, self.expects)
        return self.checked(self._one_reading(cell, around))

    def write(self, value: Decimal) -> Written:
        """As a number, or as text where a spreadsheet would lose its last digits."""
        kept = len(value.normalize().as_tuple().digits) <= KEPT_DIGITS
        return value if kept else f"{value:f}"

    def same(self, cell: Cell, value: Decimal) -> bool:
        return isinstance(cell, Decimal) or shown(cell).strip() == f"{value:f}"

    def checked(self, number: Decimal) -> Decimal:
        """The number in range, without more decimals than the column holds. Raises ``Unreadable``."""
        problem = next(self._problems(number), None)
        if problem is not None:
            raise Unreadable("out-of-range", problem)
        return number

    def _one_reading(self, text: str, around: Around) -> Decimal:
        found = readings(text, money=self.carries_currency)
        values = found.values()
        if not values:
            raise Unreadable("not-a-number", _("This is not a number. Write %(expects)s.") % {"expects": self.expects})
        if len(values) == 1:
            return values[0]
        if (mark := around.decimal_mark()) and (value := found.by(mark)) is not None:
            return value
        fitting = [value for value in values if not any(self._problems(value))]
        if len(fitting) == 1:
            return fitting[0]
        raise two_readings(*(f"{value:f}" for value in values))

    def _problems(self, number: Decimal) -> Iterator[str]:
        plain = number.normalize()
        if -int(plain.as_tuple().exponent) > self.places:
            yield _not_so_fine(self.places)
        if plain and plain.adjusted() >= self.digits - self.places:
            yield _("The number is too large for this column.")
        if self.positive and number <= 0:
            yield _("The number must be greater than zero.")
        if self.minimum is not None and number < self.minimum:
            yield _("The number must be at least %(minimum)s.") % {"minimum": self.minimum}
        if self.maximum is not None and number > self.maximum:
            yield _("The number must be at most %(maximum)s.") % {"maximum": self.maximum}


@dataclass(frozen=True)
class WholeNumber(Parser[int]):
    """A whole number of at most nine digits."""

    positive: bool = field(default=False, kw_only=True)
    minimum: int | None = field(default=None, kw_only=True)
    maximum: int | None = field(default=None, kw_only=True)

    is_number: ClassVar[bool] = True
    number_format: ClassVar[str] = "#,##0"
    expects: ClassVar[str | Promise] = gettext_lazy("a whole number such as 12")

    def read(self, cell: Cell, around: Around) -> int:
        return int(self._number().read(cell, around))

    def write(self, value: int) -> Written:
        return value

    def _number(self) -> Number:
        return _Whole(0, 9, positive=self.positive, minimum=self.minimum, maximum=self.maximum)


class _Whole(Number):
    expects = WholeNumber.expects


@dataclass(frozen=True)
class _Money(Number):
    """A number that may carry a currency sign; the reading compares it with the row's currency."""

    carries_currency: ClassVar[bool] = True
    expects: ClassVar[str | Promise] = gettext_lazy("a price such as 12.50")

    def currencies(self, cell: Cell) -> frozenset[str] | None:
        if not isinstance(cell, str):
            return None
        sign = readings(cell, money=True).currency
        return meant_by(sign) if sign else None


@dataclass(frozen=True)
class UnitPrice(_Money):
    """A unit price of zero or more, to six places."""

    places: int = PRICE_PLACES
    digits: int = PRICE_DIGITS
    minimum: Decimal | int | None = field(default=0, kw_only=True)

    number_format: ClassVar[str] = "#,##0.00####"


@dataclass(frozen=True)
class Amount(_Money):
    """An amount of money; ``places`` may be narrowed to the currency's minor unit."""

    places: int = AMOUNT_PLACES
    digits: int = AMOUNT_DIGITS

    repeats_when_merged: ClassVar[bool] = False
    number_format: ClassVar[str] = "#,##0.00##"


@dataclass(frozen=True)
class QuantityNumber(Number):
    """How many of the row's unit: more than zero, to six places."""

    places: int = QUANTITY_PLACES
    digits: int = QUANTITY_DIGITS
    positive: bool = field(default=True, kw_only=True)

    repeats_when_merged: ClassVar[bool] = False
    expects: ClassVar[str | Promise] = gettext_lazy("a quantity such as 250, without its unit")


@dataclass(frozen=True)
class Percent(Number):
    """Percentage points: 12.5 for 12.5 %. A bare number under one may be either and is refused."""

    places: int = 6
    digits: int = 12
    minimum: Decimal | int | None = field(default=0, kw_only=True)
    maximum: Decimal | int | None = field(default=100, kw_only=True)

    number_format: ClassVar[str] = "0.######%"
    expects: ClassVar[str | Promise] = gettext_lazy("a percentage such as 13%")

    def read(self, cell: Cell, around: Around) -> Decimal:
        text = cell.strip().replace("％", "%") if isinstance(cell, str) else None
        if text is not None and text.endswith("%"):
            return super().read(text[:-1], around)
        number = super().read(cell, around)
        if 0 < abs(number) < 1:
            raise two_readings(f"{number:f}%", f"{(number * 100).normalize():f}%")
        return number

    def write(self, value: Decimal) -> Written:
        return value / 100

    def same(self, cell: Cell, value: Decimal) -> bool:
        return isinstance(cell, Decimal) or shown(cell).strip().removesuffix("%") == f"{value:f}"


def two_readings(one: str, other: str) -> Unreadable:
    return Unreadable(
        "two-readings",
        _("This may mean %(one)s or %(other)s. Write it so that only one of them is possible.")
        % {"one": one, "other": other},
    )


def _not_so_fine(places: int) -> str:
    if places == 0:
        return _("The number must be whole.")
    return _("The number may have at most %(places)s decimal places.") % {"places": places}
