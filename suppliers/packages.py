"""What the packages of an item hold: "a carton is 24 pieces".

Of each package's unit so much is kept as the item's own unit measures: ``{"XCT": "24"}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext

from b2b.errors import Fault
from b2b.number import InvalidNumber, exact
from b2b.quantity import IncompatibleUnits, ratio
from b2b.sentences import Measure
from b2b.unit import UnknownUnit, unit

MOST = 20
WHOLE, PLACES = 14, 6


def package_faults(packages: Mapping[str, Any], own: str) -> Iterator[Fault]:
    """One for each package that is none, or that the item's unit itself contradicts."""
    if len(packages) > MOST:
        yield _fault("", "too-many", gettext("An item may have %(most)s packages at most.") % {"most": MOST})
        return
    for code, held in packages.items():
        try:
            unit(code)
        except UnknownUnit as unknown:
            yield _fault(code, "unknown-unit", str(unknown))
            continue
        if not _is_content(held):
            detail = gettext("Say how much of the item's unit one “%(package)s” holds, as a number above zero.")
            yield _fault(code, "package-content", detail % {"package": Measure(code)})
        elif _measures(code, own):
            detail = gettext("“%(package)s” and “%(own)s” convert into each other already. Leave it out.")
            yield _fault(code, "package-fixed", detail % {"package": Measure(code), "own": Measure(own)})


def plain_packages(packages: Mapping[str, Any]) -> dict[str, str]:
    """In one order and one spelling, so that equal ones are equal; only of such without faults."""
    return {code: f"{Decimal(packages[code]).normalize():f}" for code in sorted(packages)}


def factor(code: str, own: str, packages: Mapping[str, str]) -> tuple[Fraction, bool] | None:
    """How much of the item's own unit one of ``code`` is, and whether a package tells it; ``None`` if unknown."""
    if _measures(code, own):
        return ratio(code, own), False
    for package, held in packages.items():
        if _measures(code, package):
            return ratio(code, package) * Fraction(held), True
    return None


def _measures(code: str, other: str) -> bool:
    """Whether the units themselves say how many of the one the other is."""
    try:
        return ratio(code, other) > 0
    except (IncompatibleUnits, UnknownUnit):
        return False


def _is_content(held: Any) -> bool:
    try:
        return isinstance(held, str) and exact(held, whole=WHOLE, places=PLACES) > 0
    except InvalidNumber:
        return False


def _fault(code: str, kind: str, detail: str) -> Fault:
    return Fault(f"#/packages/{code}" if code else "#/packages", kind, detail)
