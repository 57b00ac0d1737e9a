"""Exact decimals from outside: what a numeric column can hold, and nothing that could choke the machine."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache

from django.utils.translation import gettext as _

LONGEST_TEXT = 64
"""Characters; every number that fits our columns is shorter."""

ROOMY = Context(prec=120, rounding=ROUND_HALF_UP)
"""Two bounded numbers, multiplied, need fewer than 120 digits: inside it nothing is lost."""

_MILLIONTH = Decimal("0.000001")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)


class InvalidNumber(ValueError):
    """Not a number, not finite, or with more digits than there is room for."""


def exact(value: Decimal | int | str, *, whole: int, places: int) -> Decimal:
    """The same number, written without an exponent and never as minus zero.

    ``whole`` and ``places`` bound the digits before and after the point. Raises ``InvalidNumber`` for what
    does not fit and ``TypeError`` for a float, whose value is not what its author wrote.
    """
    number = _read(value)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -places <= exponent <= 0 and number.adjusted() < whole:
        return number or number.copy_abs()  # As nearly all are.
    if not number.is_finite():
        raise InvalidNumber(_("%(number)s is not a finite number.") % {"number": number})
    if number and number.adjusted() >= whole:
        raise InvalidNumber(_("The number has more than %(whole)s digits before the decimal point.") % {"whole": whole})
    exponent = int(exponent)
    if exponent < -places and number and _finest_place(number) > places:
        raise InvalidNumber(_("The number has more than %(places)s decimal places.") % {"places": places})
    plain = ROOMY.quantize(number, Decimal(1).scaleb(min(0, max(exponent, -places)), ROOMY))
    return plain or plain.copy_abs()


def is_small(number: Decimal) -> bool:
    """Below ten millions and to six places: two such numbers come to an amount without asking."""
    return number.is_finite() and number.adjusted() < 7 and number.quantize(_MILLIONTH) == number  # noqa: PLR2004


def half_up(value: Decimal | Fraction, places: int) -> Decimal:
    """Rounded to ``places``; a half goes away from zero, as EN 16931 and commerce round."""
    if isinstance(value, Fraction):
        return _half_up_fraction(value, places)
    return ROOMY.quantize(value, _step(places))


@cache
def _step(places: int) -> Decimal:
    """The smallest number of so many places."""
    return Decimal(1).scaleb(-places, ROOMY)


def decimal_of(fraction: Fraction, *, significant: int) -> Decimal:
    """The nearest decimal of that many significant digits, a half away from zero."""
    context = Context(prec=significant, rounding=ROUND_HALF_UP)
    return context.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))


def _read(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | str):
        message = f"A number is a Decimal, an int or a str here, not a {type(value).__name__}."
        raise TypeError(message)
    return _read_text(value) if isinstance(value, str) else _read_integer(value)


def _read_text(text: str) -> Decimal:
    stripped = text.strip()
    if len(stripped) > LONGEST_TEXT:
        raise InvalidNumber(_("The number is too long."))
    if not _PLAIN.fullmatch(stripped):
        raise InvalidNumber(_("“%(text)s” is not a plain decimal number.") % {"text": stripped})
    return Decimal(stripped)


def _read_integer(value: int) -> Decimal:
    if value.bit_length() > LONGEST_TEXT * 3:
        raise InvalidNumber(_("The number is too long."))
    return Decimal(value)


def _finest_place(number: Decimal) -> int:
    """How many places the number needs once its trailing zeros are gone; bounded work for any exponent."""
    _sign, digits, exponent = number.as_tuple()
    trailing = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return -(int(exponent) + trailing)


def _half_up_fraction(value: Fraction, places: int) -> Decimal:
    scaled = abs(value) * 10**places
    nearest = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(nearest if value >= 0 else -nearest).scaleb(-places, ROOMY)
