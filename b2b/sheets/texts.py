"""Parsers of words: texts, choices, yes and no, e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Choices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b2b.likeness import closest
from b2b.sentences import in_language, listed
from b2b.sheets.amounts import digits_lost
from b2b.sheets.cells import Cell, Unreadable, level, plain, shown
from b2b.sheets.codes import CountryCode, CurrencyCode, UnitCode
from b2b.sheets.numbers import readings
from b2b.sheets.parser import Around, Parser
from b2b.sheets.words import words

__all__ = ["Choice", "CountryCode", "CurrencyCode", "Email", "Text", "UnitCode", "YesNo", "words"]

LANGUAGES = ("en", "zh-hans")
_ROUNDED = re.compile(r"\d[.,]?\d*E\+\d{2}", re.ASCII)


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
        return _("one of: %(choices)s") % {"choices": listed(self.choices())}

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
    with in_language(language):
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
