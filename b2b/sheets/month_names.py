"""The names of months and weekdays in the languages of the trade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "ru")
_SHORTEST = 3
_ALSO = {
    "sept": 9,
    "mär": 3,
    "mrz": 3,
    "maerz": 3,
    "märz": 3,
    "jänner": 1,
    "januar": 1,
    "fevrier": 2,
    "aout": 8,
    "decembre": 12,
}


def month(name: str) -> int:
    """From 1 to 12, by a name or its usual abbreviation; 0 for what is no month, or another one elsewhere."""
    return _months().get(name.rstrip("."), 0)


def is_weekday(name: str) -> bool:
    return name.rstrip(".") in _weekdays()


@cache
def _weekdays() -> frozenset[str]:
    names = (
        name.casefold().rstrip(".")
        for language in LANGUAGES
        for widths in Locale.parse(language).days.values()
        for width in ("wide", "abbreviated", "short")
        for name in widths.get(width, {}).values()
    )
    return frozenset(names)


@cache
def _months() -> Mapping[str, int]:
    found: dict[str, set[int]] = defaultdict(set)
    for name, number in _all_names():
        found[name].add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1} | _ALSO


def _all_names() -> Iterator[tuple[str, int]]:
    for language in LANGUAGES:
        for widths in Locale.parse(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in widths[width].items():
                    yield name.casefold().rstrip("."), number
                    if len(name) > _SHORTEST:
                        yield name.casefold()[:_SHORTEST], number
