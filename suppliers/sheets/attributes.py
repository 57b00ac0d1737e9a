"""Attributes of a product: all in one cell (``thread=M8; length=40``), or each in a column of its own.

A value that holds what separates attributes stands in quotation marks: ``note="M8; M10"``, one inside it twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b2b.sheets.cells import Cell, Unreadable, plain
from b2b.sheets.headings import names_of
from b2b.sheets.parser import Around, Parser, wrong_kind
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.texts import words

LONGEST_SHOWN = 60
LONGEST_VALUE = 200
_PART = re.compile(
    r"""\s*(?:(?P<code>[^\s=:＝：;；"][^=:＝：;；"\n]*?)\s*[=:＝：]\s*(?:"(?P<quoted>(?:[^"]|"")*+)"|(?P<plain>[^\s;；][^;；\n]*?))\s*)?
    (?:[;；\n]|$)""",
    re.VERBOSE,
)
_NEEDS_QUOTES = re.compile(r'[;；\n]|^["\s]|\s$|^$')
PREFIX = "attribute."
Told = tuple[str, str, str]
"""Code, name and name in Chinese of an attribute."""


@dataclass(frozen=True)
class AttributeValues(Parser[Mapping[str, str]]):
    """Codes, or names in either language, and values; what they must be is asked of the category later."""

    expects: ClassVar[str | Promise] = gettext_lazy("attributes such as thread=M8; length=40")

    def read(self, cell: Cell, around: Around) -> Mapping[str, str]:
        if not isinstance(cell, str):
            raise wrong_kind(cell, self.expects)
        pairs = list(self._pairs(cell.replace("\r\n", "\n")))
        if len(dict(pairs)) < len(pairs):
            raise Unreadable("attribute-twice", _("An attribute stands here twice. Keep one of the two."))
        return dict(pairs)

    def write(self, value: Mapping[str, object]) -> str:
        return "; ".join(f"{code}={_written(one)}" for code, one in value.items())

    def _pairs(self, cell: str) -> Iterator[tuple[str, str]]:
        place = 0
        while place < len(cell):
            found = _PART.match(cell, place)
            if found is None:
                part = re.split(r"[;；\n]", cell[place:], maxsplit=1)[0]
                said = {"part": part.strip()[:LONGEST_SHOWN], "expects": self.expects}
                raise Unreadable("attribute-form", _("“%(part)s” is no attribute. Write %(expects)s.") % said)
            place = found.end()
            if found["code"]:
                quoted = found["quoted"]
                yield found["code"], found["plain"] if quoted is None else quoted.replace('""', '"')


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


@dataclass(frozen=True)
class AttributeValue(Parser[str]):
    """The value of one attribute as a text; what it must be is asked of the category later."""

    expects: ClassVar[str | Promise] = gettext_lazy("the attribute's value")

    def read(self, cell: Cell, around: Around) -> str:
        if isinstance(cell, bool):
            return str(cell).lower()
        text = f"{cell.normalize():f}" if isinstance(cell, Decimal) else words(cell, self.expects)
        if len(text) > LONGEST_VALUE:
            said = {"length": len(text), "most": LONGEST_VALUE}
            raise Unreadable("too-long", _("The text has %(length)s characters; at most %(most)s fit.") % said)
        return text


def with_columns(sheet: type[Sheet], attributes: Iterable[Told]) -> type[Sheet]:
    """The sheet with a column for each attribute besides, headed by its name in either language or its code.

    Attributes of one name share a column, whatever their code is in this category or that one. A name that one of
    the sheet's own columns answers to is left to that column.
    """
    return _with_columns(sheet, tuple(sorted(set(attributes))))  # type: ignore[arg-type]  # a class has a hash


def codes_of(column: str) -> tuple[str, ...]:
    """The codes an attribute's column may stand for."""
    return tuple(column.removeprefix(PREFIX).split(","))


@lru_cache(maxsize=8)
def _with_columns(sheet: type[Sheet], attributes: tuple[Told, ...]) -> type[Sheet]:
    taken = set(names_of(sheet).known)
    columns = {}
    for group in _groups(attributes):
        codes = sorted({code for code, *_names in group})
        if column := _column(group, taken):
            columns[PREFIX + ",".join(codes)] = column
    return type(sheet.__name__, (sheet,), columns) if columns else sheet


def _groups(attributes: tuple[Told, ...]) -> list[list[Told]]:
    """Those that share a spelling belong together."""
    group_of: dict[str, int] = {}
    members: dict[int, list[Told]] = defaultdict(list)
    for place, told in enumerate(attributes):
        spellings = {plain(one) for one in told if plain(one)}
        meets = {group_of[one] for one in spellings if one in group_of}
        members[place].append(told)
        for other in meets:
            members[place] += members.pop(other)
        group_of |= dict.fromkeys((plain(one) for each in members[place] for one in each), place)
    return list(members.values())


def _column(group: list[Told], taken: set[str]) -> Column | None:
    free = [name for told in group for name in (told[1], told[2], told[0]) if plain(name) and plain(name) not in taken]
    if not free:
        return None
    english = free[0]
    chinese = next((told[2] for told in group if told[2] in free), english)
    aliases = tuple(name for name in dict.fromkeys(free) if name not in (english, chinese))
    return Column((english, chinese), AttributeValue(), aliases, required=False, rests_on=("sku", "category"))
