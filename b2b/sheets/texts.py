"""Parsers of words: texts, choices, yes and no, e-mail addresses, and codes of units, currencies and countries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import ClassVar

import pycountry
from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Choices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from b2b.currency import currencies
from b2b.likeness import closest
from b2b.sheets.amounts import KEPT_DIGITS, digits_lost
from b2b.sheets.cells import Cell, Unreadable, level, plain, shown
from b2b.sheets.numbers import readings
from b2b.sheets.parser import Around, Parser, wrong_kind
from b2b.sheets.signs import meant_by
from b2b.unit import Unit, find_unit, similar_units, unit, units

LANGUAGES = ("en", "zh-hans")
_ROUNDED = re.compile(r"\d[.,]?\d*E\+\d{2}", re.ASCII)
_BETWEEN_NAMES = re.compile(r"[/(),;（），；、|]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def words(cell: Cell, expects: str | Promise) -> str:
    """The cell's text without outer spaces; a number becomes the digits it shows. Raises ``Unreadable``."""
    if isinstance(cell, Decimal):
        return _digits(cell)
    if not isinstance(cell, str):
        raise wrong_kind(cell, expects)
    if _CONTROL.search(cell):
        raise Unreadable("control-characters", _("The text holds invisible control characters. Type it again."))
    return cell.strip().replace("\r\n", "\n").replace("\r", "\n")


def _digits(number: Decimal) -> str:
    if number.adjusted() >= KEPT_DIGITS:
        raise Unreadable(
            "digits-lost",
            _("A spreadsheet keeps only 15 digits of a number. Format the cell as text and type it again."),
        )
    return shown(number)


@dataclass(frozen=True)
class Text(Parser[str]):
    """Any text of at most ``max_length`` characters.

    Part numbers that a spreadsheet took for numbers are their digits, unless it has dropped some.
    """

    max_length: int = 200

    expects: ClassVar[str | Promise] = gettext_lazy("a text")
    number_format: ClassVar[str] = "@"

    def read(self, cell: Cell, around: Around) -> str:
        if type(cell) is str and cell.isprintable() and len(cell) <= self.max_length and "E+" not in cell:
            return cell.strip()
        text = words(cell, self.expects)
        if _ROUNDED.fullmatch(text) and readings(text).is_rounded:
            raise digits_lost()
        if len(text) > self.max_length:
            raise Unreadable(
                "too-long",
                _("The text has %(length)s characters; at most %(most)s fit.")
                % {"length": len(text), "most": self.max_length},
            )
        return text

    def same(self, cell: Cell, value: str) -> bool:
        return cell == value or shown(cell).strip().replace("\r\n", "\n").replace("\r", "\n") == value


@dataclass(frozen=True)
class Choice(Parser[str]):
    """One of a few codes, written as the code or as its label in either language.

    ``options`` is a Django ``Choices`` class, or codes with their (lazy) labels.
    """

    options: type[Choices] | Mapping[str, str | Promise]
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Other spellings people use, and the code each stands for."""

    def __hash__(self) -> int:
        return id(self.options)

    @property
    def expects(self) -> str:  # type: ignore[override]  # depends on the options
        return _("one of: %(choices)s") % {"choices": ", ".join(self.choices())}

    def read(self, cell: Cell, around: Around) -> str:
        text = words(cell, self.expects)
        code = self._spellings().get(plain(text))
        if code is None:
            detail = _("This is not a choice here. Write %(expects)s.") % {"expects": self.expects}
            raise Unreadable("unknown-choice", detail, lambda: self._alike(text))
        return code

    def write(self, value: str) -> str:
        return str(self._labels()[value])

    def choices(self) -> tuple[str, ...]:
        return tuple(str(label) for label in self._labels().values())

    def same(self, cell: Cell, value: str) -> bool:
        names = {str(value), *(_in(language, self._labels()[value]) for language in LANGUAGES)}
        return shown(cell).strip() in names

    def _alike(self, text: str) -> Iterator[str]:
        spellings = self._spellings()
        for code in dict.fromkeys(spellings[name] for name in closest(plain(text), spellings)):
            yield self.write(code)

    def _labels(self) -> dict[str, str | Promise]:
        if isinstance(self.options, Mapping):
            return dict(self.options)
        return {str(code): label for code, label in self.options.choices}

    def _spellings(self) -> dict[str, str]:
        known = {plain(alias): code for alias, code in self.aliases.items()}
        for code, label in self._labels().items():
            known |= {plain(name): code for name in (code, *(_in(language, label) for language in LANGUAGES))}
        return known


def _in(language: str, label: str | Promise) -> str:
    with override(language):
        return str(label)


_YES = frozenset(
    {
        "yes",
        "y",
        "true",
        "1",
        "on",
        "是",
        "对",
        "有",
        "√",
        "✓",
        "✔",
        "☑",
        "ja",
        "j",
        "wahr",
        "oui",
        "vrai",
        "sí",
        "si",
        "sì",
    }
    | {"verdadero", "vero", "sim", "verdadeiro", "tak", "prawda", "ano", "да", "истина", "waar"}
)
_NO = frozenset(
    {
        "no",
        "n",
        "false",
        "0",
        "off",
        "否",
        "不",
        "不是",
        "无",
        "没有",
        "✗",
        "✘",
        "☐",
        "nein",
        "falsch",
        "non",
        "faux",
        "falso",
    }
    | {"não", "nao", "nie", "fałsz", "ne", "нет", "ложь", "nee", "onwaar"}
)


@dataclass(frozen=True)
class YesNo(Parser[bool]):
    expects: ClassVar[str | Promise] = gettext_lazy("yes or no")

    def read(self, cell: Cell, around: Around) -> bool:
        if isinstance(cell, bool):
            return cell
        word = level(words(cell, self.expects)).strip(" .!").casefold()
        if word in _YES or word in _NO:
            return word in _YES
        detail = _("This is neither yes nor no. Write %(expects)s.") % {"expects": self.expects}
        raise Unreadable("not-yes-or-no", detail, self.choices)

    def write(self, value: bool) -> str:  # noqa: FBT001 — the value itself
        return _("yes") if value else _("no")

    def choices(self) -> tuple[str, ...]:
        return (self.write(True), self.write(False))

    def same(self, cell: Cell, value: bool) -> bool:  # noqa: FBT001
        return True


@dataclass(frozen=True)
class Email(Parser[str]):
    expects: ClassVar[str | Promise] = gettext_lazy("one e-mail address such as name@example.com")

    def read(self, cell: Cell, around: Around) -> str:
        address = words(cell, self.expects)
        try:
            validate_email(address)
        except ValidationError:
            raise Unreadable(
                "not-an-address", _("This is not an e-mail address. Write %(expects)s.") % {"expects": self.expects}
            ) from None
        return address


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
        found = None if text.isdecimal() and text != "1" else find_unit(text) or _numbered(text) or _of_parts(text)
        if found is None:
            detail = _("This unit is not known. Write %(expects)s.") % {"expects": self.expects}
            raise Unreadable("unknown-unit", detail, lambda: (_unit_text(one) for one in similar_units(text)))
        return found.code

    def write(self, value: str) -> str:
        """By its name where people mean another unit by the code: CTN is a carton to them, no content ton."""
        meant = None if value.isdecimal() else find_unit(value)
        known = unit(value)
        named = meant is None or meant.code != value
        return known.name if named and (value.isdecimal() or find_unit(known.name) == known) else value

    def same(self, cell: Cell, value: str) -> bool:
        known = unit(value)
        return shown(cell).strip() in {known.code, known.symbol, known.name, known.chinese}


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
