"""A quantity: an exact number of a unit, converted only when asked and only where that is true.

Units of one dimension convert by Rec 20's factors. What belongs to an item ("1 box is 24 pieces") is a ``Conversion``;
these compose.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import total_ordering

from babel.numbers import format_decimal
from django.utils.translation import gettext as _

from b2b.currency import reader_locale
from b2b.number import ROOMY, InvalidNumber, decimal_of, exact, half_up
from b2b.unit import Unit, unit

QUANTITY_WHOLE, QUANTITY_PLACES = 14, 24
_SIGNIFICANT = 34


class IncompatibleUnits(ValueError):
    """Two units with no known way from one to the other."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(_("%(one)s cannot be converted to %(other)s.") % {"one": _named(one), "other": _named(other)})


class UnequalUnits(IncompatibleUnits):
    """A sum over two units of one dimension: say first in which unit the answer is wanted."""

    def __init__(self, one: str, other: str) -> None:
        ValueError.__init__(
            self, _("Convert %(other)s to %(one)s first.") % {"one": _named(one), "other": _named(other)}
        )


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """So many of a unit. Equal and ordered by what they measure: 12 in equals 1 ft, and 3 C62 equals 3 EA."""

    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        unit(self.unit)
        object.__setattr__(self, "value", exact(self.value, whole=QUANTITY_WHOLE, places=QUANTITY_PLACES))

    @property
    def measure(self) -> Unit:
        """The unit with its names and dimension."""
        return unit(self.unit)

    def to(self, code: str) -> Quantity:
        """In another unit of the dimension: exact where a decimal can be, else to 34 significant digits.

        Raises ``IncompatibleUnits``.
        """
        if code == self.unit:
            return self
        target = _same_dimension(self.measure, unit(code))
        return Quantity(_decimal(_in_base(self) / _factor(target) - target.offset), code)

    def rounded(self) -> Quantity:
        """To the places that make sense for the unit, a half away from zero."""
        return Quantity(half_up(self.value, self.measure.places), self.unit)

    def __add__(self, other: Quantity) -> Quantity:
        if not isinstance(other, Quantity):
            return NotImplemented
        return Quantity(ROOMY.add(self.value, self._same_unit(other)), self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        if not isinstance(other, Quantity):
            return NotImplemented
        return Quantity(ROOMY.subtract(self.value, self._same_unit(other)), self.unit)

    def __neg__(self) -> Quantity:
        return Quantity(ROOMY.minus(self.value), self.unit)

    def __mul__(self, factor: Decimal | int) -> Quantity:
        if isinstance(factor, bool) or not isinstance(factor, Decimal | int):
            return NotImplemented
        times = exact(factor, whole=20, places=40)
        return Quantity(half_up(ROOMY.multiply(self.value, times), QUANTITY_PLACES), self.unit)

    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Quantity):
            return NotImplemented
        if self.unit == other.unit:
            return self.value == other.value
        return _meaning(self) == _meaning(other)

    def __hash__(self) -> int:
        return hash(_meaning(self))

    def __lt__(self, other: Quantity) -> bool:
        if not isinstance(other, Quantity):
            return NotImplemented
        if self.unit == other.unit:
            return self.value < other.value
        _same_dimension(self.measure, other.measure)
        return _in_base(self) < _in_base(other)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        """For machines: ``12.5 KGM``. People read ``display()``."""
        return f"{self.value:f} {self.unit}"

    def display(self, language: str | None = None) -> str:
        """For people: the number as CLDR writes it, and the unit's symbol or name in their language."""
        number = format_decimal(self.value, locale=reader_locale(language), decimal_quantization=False)
        return f"{number} {self.measure.symbol or self.measure.label(language)}"

    def _same_unit(self, other: Quantity) -> Decimal:
        if other.unit != self.unit:
            _same_dimension(self.measure, other.measure)
            raise UnequalUnits(self.unit, other.unit)
        return other.value


@dataclass(frozen=True, slots=True)
class Conversion:
    """One ``source`` is ``factor`` of ``target``, for one item: ``Conversion("XBX", "H87", Fraction(24))``."""

    source: str
    target: str
    factor: Fraction

    def __post_init__(self) -> None:
        unit(self.source)
        unit(self.target)
        object.__setattr__(self, "factor", _ratio(self.factor))

    def apply(self, quantity: Quantity) -> Quantity:
        """In the target unit. A quantity in another unit of the source's dimension is converted on the way."""
        value = Fraction(quantity.value) * ratio(quantity.unit, self.source) * self.factor
        return Quantity(_decimal(value), self.target)

    def inverse(self) -> Conversion:
        return Conversion(self.target, self.source, 1 / self.factor)

    def then(self, following: Conversion) -> Conversion:
        """From this source to that target, exactly; between them one dimension, or ``IncompatibleUnits``."""
        between = ratio(self.target, following.source)
        return Conversion(self.source, following.target, self.factor * between * following.factor)


def ratio(source: str, target: str) -> Fraction:
    """How many of ``target`` one ``source`` is, exactly. Scales with an offset (°C, °F) have no ratio."""
    if source == target:
        return Fraction(1)
    one, other = unit(source), unit(target)
    if one.offset or other.offset:
        raise IncompatibleUnits(source, target)
    return _factor(one) / _factor(_same_dimension(one, other))


def _meaning(quantity: Quantity) -> tuple[str, Fraction]:
    """What is measured, and how much of it: in the dimension's base, or in the unit itself when it stands alone."""
    if quantity.measure.factor is None:
        return quantity.unit, Fraction(quantity.value)
    return f"in {quantity.measure.dimension}", _in_base(quantity)


def _in_base(quantity: Quantity) -> Fraction:
    return (Fraction(quantity.value) + quantity.measure.offset) * _factor(quantity.measure)


def _same_dimension(one: Unit, other: Unit) -> Unit:
    if one.factor is None or other.factor is None or one.dimension != other.dimension:
        raise IncompatibleUnits(one.code, other.code)
    return other


def _factor(measure: Unit) -> Fraction:
    if measure.factor is None:
        raise IncompatibleUnits(measure.code, measure.code)
    return measure.factor


def _decimal(value: Fraction) -> Decimal:
    return half_up(decimal_of(value, significant=_SIGNIFICANT), QUANTITY_PLACES)


def _ratio(value: Fraction | Decimal | int) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, Fraction | Decimal | int):
        message = f"A conversion factor is a Fraction, a Decimal or an int, not a {type(value).__name__}."
        raise TypeError(message)
    factor = value if isinstance(value, Fraction) else Fraction(exact(value, whole=20, places=40))
    if factor <= 0:
        raise InvalidNumber(_("A conversion factor must be greater than zero."))
    return factor


def _named(code: str) -> str:
    return f"{unit(code).label()} ({code})"
