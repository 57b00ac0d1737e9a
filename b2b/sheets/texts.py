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
from b2b.sheets.amounts import KEPT_DIGITS
from b2b.sheets.cells import Cell, Unreadable, plain, shown
from b2b.sheets.parser import Around, Parser, wrong_kind
from b2b.sheets.signs import meant_by
from b2b.unit import find_unit, unit

LANGUAGES = ("en", "zh-hans")
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
    """Any text of at most ``max_length`` characters."""

    max_length: int = 200

    expects: ClassVar[str | Promise] = gettext_lazy("a text")
    number_format: ClassVar[str] = "@"

    def read(self, cell: Cell, around: Around) -> str:
        text = words(cell, self.expects)
        if len(text) > self.max_length:
            raise Unreadable(
                "too-long",
                _("The text has %(length)s characters; at most %(most)s fit.")
                % {"length": len(text), "most": self.max_length},
            )
        return text

    def same(self, cell: Cell, value: str) -> bool:
        return shown(cell).strip().replace("\r\n", "\n").replace("\r", "\n") == value


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
        code = self._spellings().get(plain(words(cell, self.expects)))
        if code is None:
            raise Unreadable(
                "unknown-choice", _("This is not a choice here. Write %(expects)s.") % {"expects": self.expects}
            )
        return code

    def write(self, value: str) -> str:
        return str(self._labels()[value])

    def choices(self) -> tuple[str, ...]:
        return tuple(str(label) for label in self._labels().values())

    def same(self, cell: Cell, value: str) -> bool:
        names = {str(value), *(_in(language, self._labels()[value]) for language in LANGUAGES)}
        return shown(cell).strip() in names

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


_YES = frozenset(["yes", "y", "true", "1", "是", "对", "有", "√", "✓", "✔"])
_NO = frozenset(["no", "n", "false", "0", "否", "不", "无", "没有"])


@dataclass(frozen=True)
class YesNo(Parser[bool]):
    expects: ClassVar[str | Promise] = gettext_lazy("yes or no")

    def read(self, cell: Cell, around: Around) -> bool:
        if isinstance(cell, bool):
            return cell
        word = words(cell, self.expects).casefold()
        if word not in _YES | _NO:
            raise Unreadable(
                "not-yes-or-no", _("This is neither yes nor no. Write %(expects)s.") % {"expects": self.expects}
            )
        return word in _YES

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
    """A UN/ECE Rec 20 code, from the code, a symbol, a name in either language or a usual spelling."""

    expects: ClassVar[str | Promise] = gettext_lazy(
        "a unit such as piece, kg or m², or its UN/ECE code such as H87, KGM or MTK"
    )

    def read(self, cell: Cell, around: Around) -> str:
        found = find_unit(words(cell, self.expects))
        if found is None:
            raise Unreadable(
                "unknown-unit", _("This unit is not known. Write %(expects)s.") % {"expects": self.expects}
            )
        return found.code

    def same(self, cell: Cell, value: str) -> bool:
        known = unit(value)
        return shown(cell).strip() in {known.code, known.symbol, known.name, known.chinese}


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
            some = ", ".join(sorted(meant)[:4])
            raise Unreadable(
                "two-readings",
                _("“%(sign)s” is the sign of several currencies: %(codes)s. Write the code.")
                % {"sign": text, "codes": some},
            )
        raise Unreadable(
            "unknown-currency", _("This currency is not known. Write %(expects)s.") % {"expects": self.expects}
        )


@cache
def _currency_names() -> dict[str, str]:
    names = {plain(known.name(language)): known.code for known in currencies() for language in LANGUAGES}
    return names | {plain(known.code): known.code for known in currencies()} | {"rmb": "CNY", "人民币": "CNY"}


@dataclass(frozen=True)
class CountryCode(Parser[str]):
    """An ISO 3166-1 alpha-2 code, from that, the alpha-3 code or the name in either language."""

    expects: ClassVar[str | Promise] = gettext_lazy("a country code such as CN, DE or US, or the country's name")

    def read(self, cell: Cell, around: Around) -> str:
        code = _country_names().get(plain(words(cell, self.expects)))
        if code is None:
            raise Unreadable(
                "unknown-country", _("This country is not known. Write %(expects)s.") % {"expects": self.expects}
            )
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
    for language in ("en", "zh_Hans"):
        for code, name in Locale.parse(language).territories.items():
            if code in codes:
                yield plain(name), code
