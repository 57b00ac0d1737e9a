"""Attributes of a product in one cell: ``thread=M8; length=40``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b2b.sheets.cells import Cell, Unreadable
from b2b.sheets.parser import Around, Parser, wrong_kind

LONGEST_SHOWN = 60
_BETWEEN = re.compile(r"[;；\n]")
_PAIR = re.compile(r"\s*([A-Za-z][\w-]*)\s*[=:＝：]\s*(\S.*?)\s*")


@dataclass(frozen=True)
class AttributeValues(Parser[Mapping[str, str]]):
    """Codes and values; what they must be is asked of the category later."""

    expects: ClassVar[str | Promise] = gettext_lazy("attributes such as thread=M8; length=40")

    def read(self, cell: Cell, around: Around) -> Mapping[str, str]:
        if not isinstance(cell, str):
            raise wrong_kind(cell, self.expects)
        pairs = [self._pair(part) for part in _BETWEEN.split(cell) if part.strip()]
        if len(dict(pairs)) < len(pairs):
            raise Unreadable("attribute-twice", _("An attribute stands here twice. Keep one of the two."))
        return dict(pairs)

    def write(self, value: Mapping[str, object]) -> str:
        return "; ".join(f"{code}={_written(one)}" for code, one in value.items())

    def _pair(self, part: str) -> tuple[str, str]:
        found = _PAIR.fullmatch(part)
        if found is None:
            said = {"part": part.strip()[:LONGEST_SHOWN], "expects": self.expects}
            raise Unreadable("attribute-form", _("“%(part)s” is no attribute. Write %(expects)s.") % said)
        return found[1], found[2]


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
