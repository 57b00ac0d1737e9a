"""Parsers of numbers: whole, decimal, quantities, prices, amounts, percentages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b2b.fields import AMOUNT_DIGITS, AMOUNT_PLACES, PRICE_DIGITS, PRICE_PLACES, QUANTITY_DIGITS, QUANTITY_PLACES
from b2b.sheets.absent import says_no_number
from b2b.sheets.cells import Cell, Unreadable, level, shown
from b2b.sheets.numbers import Readings, readings, unmistakable
from b2b.sheets.parser import Around, Parser, PricedIn, Written, wrong_kind
from b2b.unit import find_unit

_WITH_UNIT = re.compile(r"(.*\d)\s*([^\d\s].{0,20})")
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
        if says_no_number(cell):
            raise self._no_number(cell, around)
        return self.checked(self._one_reading(cell, around))

    def write(self, value: Decimal) -> Written:
        """As a number, or as text where a spreadsheet would lose its last digits."""
        kept = len(value.normalize().as_tuple().digits) <= KEPT_DIGITS
        return value if kept else f"{value:f}"

    def same(self, cell: Cell, value: Decimal) -> bool:
        return isinstance(cell, Decimal) or shown(cell).strip() == f"{value:f}"

    def checked(self, number: Decimal) -> Decimal:
        """The number in range, without more decimals than the column holds. Raises ``Unreadable``."""
        low, high, step = self._bounds
        if low <= number <= high and number % step == 0 and not (self.positive and number == 0):
            return number
        problem = next(self._problems(number), None)
        if problem is not None:
            raise Unreadable("out-of-range", problem)
        return number

    @cached_property
    def _bounds(self) -> tuple[Decimal, Decimal, Decimal]:
        """The least and the greatest number that surely has no problem, and its smallest step."""
        most = Decimal(10) ** (self.digits - self.places) - 1
        low = -most if self.minimum is None else Decimal(self.minimum)
        if self.positive:
            low = max(low, Decimal(0))
        return low, most if self.maximum is None else min(most, Decimal(self.maximum)), Decimal(1).scaleb(-self.places)

    def _one_reading(self, text: str, around: Around) -> Decimal:
        found = self.found(text)
        if found.is_rounded:
            raise digits_lost()
        values = found.values()
        if not values:
            raise self._not_a_number(text, found)
        if len(values) == 1:
            return values[0]
        if (mark := around.decimal_mark()) and (value := found.by(mark)) is not None:
            return value
        fitting = [value for value in values if not any(self._problems(value))]
        if len(fitting) == 1:
            return fitting[0]
        raise two_readings(*(f"{value:f}" for value in values), suggest=[unmistakable(value) for value in values])

    def found(self, text: str) -> Readings:
        """Every number the text may be."""
        return readings(text, money=self.carries_currency)

    def _no_number(self, text: str, around: Around) -> Unreadable:
        detail = (
            _("“%(text)s” is no number. Write %(expects)s; where there is none yet, leave the row out.")
            if around.is_required
            else _("“%(text)s” is no number. Write %(expects)s; where there is none yet, leave the cell empty.")
        )
        return Unreadable("no-number-yet", detail % {"text": text.strip(), "expects": self.expects})

    def _not_a_number(self, text: str, found: Readings) -> Unreadable:
        if found.is_for_several:
            detail = _("This price is for several units. Write the price of one, %(expects)s.")
            return Unreadable("price-for-several", detail % {"expects": self.expects})
        detail = _("This is not a number. Write %(expects)s.") % {"expects": self.expects}
        return Unreadable("not-a-number", detail, lambda: self._without_unit(text))

    def _without_unit(self, text: str) -> Iterator[str]:
        """The 250 of "250 pcs": whether the unit is the row's, only a person knows."""
        found = _WITH_UNIT.fullmatch(level(text).strip())
        values = readings(found[1], money=self.carries_currency).values() if found and find_unit(found[2]) else ()
        if len(values) == 1:
            yield unmistakable(values[0])

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
        return int(self._number.read(cell, around))

    def write(self, value: int) -> Written:
        return value

    def same(self, cell: Cell, value: int) -> bool:
        return f"{cell:f}" == str(value) if isinstance(cell, Decimal) else super().same(cell, value)

    @cached_property
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
        return readings(cell, money=True).currencies or None if isinstance(cell, str) else None

    def per(self, cell: Cell) -> PricedIn | None:
        found = readings(cell, money=True) if isinstance(cell, str) else None
        return PricedIn(Decimal(1), found.per) if found and found.per else None


@dataclass(frozen=True)
class UnitPrice(_Money):
    """A unit price of zero or more, to six places.

    ``for_several`` where the sheet has a place for what a price is for: then "5.20/100 pcs" is read too.
    """

    places: int = PRICE_PLACES
    digits: int = PRICE_DIGITS
    minimum: Decimal | int | None = field(default=0, kw_only=True)
    for_several: bool = field(default=False, kw_only=True)

    number_format: ClassVar[str] = "#,##0.00####"

    def currencies(self, cell: Cell) -> frozenset[str] | None:
        several = self._several(cell)
        return several[1].currencies or None if several else super().currencies(cell)

    def per(self, cell: Cell) -> PricedIn | None:
        several = self._several(cell)
        return PricedIn(several[0], several[1].per) if several else super().per(cell)

    def found(self, text: str) -> Readings:
        several = self._several(text)
        return several[1] if several else super().found(text)

    def _several(self, cell: Cell) -> tuple[Decimal, Readings] | None:
        return readings(cell, money=True).several if self.for_several and isinstance(cell, str) else None


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


def two_readings(one: str, other: str, *, suggest: Sequence[str] = ()) -> Unreadable:
    """``suggest`` is how each could be written so that only it is possible, where that is another way."""
    return Unreadable(
        "two-readings",
        _("This may mean %(one)s or %(other)s. Write it so that only one of them is possible.")
        % {"one": one, "other": other},
        lambda: suggest or (one, other),
    )


def digits_lost() -> Unreadable:
    return Unreadable(
        "digits-lost",
        _("The spreadsheet has dropped digits of this number. Format the column as text and type it again in full."),
    )


def _not_so_fine(places: int) -> str:
    if places == 0:
        return _("The number must be whole.")
    return _("The number may have at most %(places)s decimal places.") % {"places": places}
