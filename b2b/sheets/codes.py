"""Parsers of codes: units, currencies and countries, however people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import pycountry
from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b2b.currency import currencies
from b2b.likeness import closest
from b2b.sheets.amounts import two_readings
from b2b.sheets.cells import Cell, Unreadable, plain, shown
from b2b.sheets.parser import Around, Parser
from b2b.sheets.signs import meant_by
from b2b.sheets.speech import Speech
from b2b.sheets.words import words
from b2b.unit import Unit, find_unit, similar_units, unit, units

LANGUAGES = ("en", "zh-hans")
_BETWEEN_NAMES = re.compile(r"[/(),;（），；、|]")


@dataclass(frozen=True)
class UnitCode(Parser[str]):
    """A UN/ECE Rec 20 code, from the code, a symbol, a name in either language or a usual spelling.

    Some codes are numbers (20 is a container), but a number in a column of units is nearly always how many there are
    in a pack: such a unit is written, and read, by its name.
    """

    expects: ClassVar[str | Promise] = gettext_lazy(
        "a unit such as piece, kg or m², or its UN/ECE code such as H87, KGM or MTK"
    )

    def read(self, cell: Cell, around: Around) -> str:
        text = words(cell, self.expects)
        if doubtful := _doubtful(text, around):
            labels = [known.label() for known in doubtful]
            raise two_readings(*labels, suggest=[_unit_text(known) for known in doubtful])
        found = None if text.isdecimal() and text != "1" else find_unit(text) or _numbered(text) or _of_parts(text)
        if found is None:
            detail = _("This unit is not known. Write %(expects)s.") % {"expects": self.expects}
            raise Unreadable("unknown-unit", detail, lambda: (_unit_text(one) for one in similar_units(text)))
        return found.code

    def write(self, value: str) -> str:
        """By its name in the reader's language, which is what the drop-down offers, where that leads back to it."""
        known = unit(value)
        named = known.label()
        if (found := find_unit(named)) is not None and found.code == value:
            return named
        return _coded(known)

    def same(self, cell: Cell, value: str) -> bool:
        known = unit(value)
        return shown(cell).strip() in {known.code, known.symbol, known.name, known.chinese}


_DOUBTS = {
    "ml": (("MLT", "LM"), {Speech.ROMANCE}),
    "mt": (("MTR", "TNE"), {Speech.ROMANCE}),
    "ton": (("TNE", "STN"), {Speech.ROMANCE, Speech.CHINESE}),
}
_SAME = {"mts": "mt", "tons": "ton", "tn": "ton"}
_WITHOUT_DOUBT = frozenset({"mL", "m.l.", "M.L."})


def _doubtful(text: str, around: Around) -> tuple[Unit, ...]:
    """What a spelling means in some languages, where the table is in one of them and others mean another unit.

    "ml" is a millilitre, and in a French or Spanish list of cables a mètre linéaire; a ton is the American one, and in
    China always a tonne.
    """
    spelling = text.casefold().rstrip(".")
    codes, speeches = _DOUBTS.get(_SAME.get(spelling, spelling), ((), set()))
    if not codes or text in _WITHOUT_DOUBT or speeches.isdisjoint(around.speeches()):
        return ()
    return tuple(unit(code) for code in codes)


def _coded(known: Unit) -> str:
    """By its code, unless people mean another unit by that: CTN is a carton to them, no content ton."""
    meant = None if known.code.isdecimal() else find_unit(known.code)
    is_misread = meant is None or meant.code != known.code
    return known.name if is_misread and (known.code.isdecimal() or find_unit(known.name) == known) else known.code


def _numbered(text: str) -> Unit | None:
    """The unit whose code is a number, by its name, also where the recommendation has withdrawn it."""
    return _numbered_units().get(plain(text))


@cache
def _numbered_units() -> dict[str, Unit]:
    return {plain(known.name): known for code, known in units().items() if code.isdecimal()}


def _of_parts(text: str) -> Unit | None:
    """The unit of "件 / pcs" or "Stk. (piece)": one unit in several words."""
    found = [find_unit(part) for part in _BETWEEN_NAMES.split(text) if part.strip()]
    return found[0] if len(found) > 1 and all(one == found[0] for one in found) else None


def _unit_text(known: Unit) -> str:
    """As a person reads it and as it reads back: its name, or its code where the name means several."""
    label = known.label()
    found = find_unit(label)
    return label if found is not None and found.code == known.code else known.code


@dataclass(frozen=True)
class CurrencyCode(Parser[str]):
    """An ISO 4217 code, from the code, a name in either language or a sign only one currency uses."""

    expects: ClassVar[str | Promise] = gettext_lazy("a currency code such as CNY, EUR or USD")

    def read(self, cell: Cell, around: Around) -> str:
        text = words(cell, self.expects)
        named = _currency_names().get(plain(text)) if plain(text) else None
        meant = {named} if named else set(meant_by(text))
        if len(meant) == 1:
            return meant.pop()
        if meant:
            some = [code for code in _USED_MOST if code in meant] or sorted(meant)
            detail = _("“%(sign)s” is the sign of several currencies: %(codes)s. Write the code.")
            said = {"sign": text, "codes": ", ".join(sorted(meant)[:4])}
            raise Unreadable("two-readings", detail % said, lambda: some[:4])
        detail = _("This currency is not known. Write %(expects)s.") % {"expects": self.expects}
        raise Unreadable("unknown-currency", detail, lambda: _similar(text, _currency_names()))


_USED_MOST = ("USD", "EUR", "CNY", "GBP", "JPY", "HKD", "CHF", "AUD", "CAD", "SGD", "INR", "TWD", "KRW")


@cache
def _currency_names() -> dict[str, str]:
    names = {plain(known.name(language)): known.code for known in currencies() for language in LANGUAGES}
    return names | {plain(known.code): known.code for known in currencies()} | {"rmb": "CNY", "人民币": "CNY"}


@dataclass(frozen=True)
class CountryCode(Parser[str]):
    """An ISO 3166-1 alpha-2 code, from that, the alpha-3 code or the name in either language."""

    expects: ClassVar[str | Promise] = gettext_lazy("a country code such as CN, DE or US, or the country's name")

    def read(self, cell: Cell, around: Around) -> str:
        text = words(cell, self.expects)
        code = _country_names().get(plain(text))
        if code is None:
            detail = _("This country is not known. Write %(expects)s.") % {"expects": self.expects}
            raise Unreadable("unknown-country", detail, lambda: _similar(text, _country_names()))
        return code


@cache
def _country_names() -> dict[str, str]:
    names = dict(_localised_countries())
    for country in pycountry.countries:
        official = getattr(country, "official_name", country.name)
        names |= {plain(name): country.alpha_2 for name in (country.name, official, country.alpha_3, country.alpha_2)}
    return names | {"uk": "GB", "usa": "US", "uae": "AE"}


def _localised_countries() -> Iterator[tuple[str, str]]:
    codes = {country.alpha_2 for country in pycountry.countries}
    for language in ("zh_Hans", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "ru", "en"):
        for code, name in Locale.parse(language).territories.items():
            if code in codes:
                yield plain(name), code


def _similar(text: str, codes: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(codes[name] for name in closest(plain(text), codes)))
