"""The packages of an item in one cell: ``carton=24; pallet=960``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b2b.sentences import in_language
from b2b.sheets.amounts import QuantityNumber
from b2b.sheets.cells import Cell, Unreadable
from b2b.sheets.codes import LANGUAGES, UnitCode
from b2b.sheets.parser import Around, Parser, wrong_kind

LONGEST_SHOWN = 60
_PART = re.compile(r"(?:1\s+)?(?P<unit>[^=＝:：]+?)\s*[=＝:：]\s*(?P<content>[^=＝:：]+)")
_UNIT, _CONTENT = UnitCode(), QuantityNumber()


def _in(language: str, write: Callable[[], str]) -> str:
    with in_language(language):
        return write()


@dataclass(frozen=True)
class Packages(Parser[Mapping[str, str]]):
    """Units and how much of the item's own each holds."""

    expects: ClassVar[str | Promise] = gettext_lazy("packages and how much of the item's unit each holds: carton=24")

    def read(self, cell: Cell, around: Around) -> Mapping[str, str]:
        if not isinstance(cell, str):
            raise wrong_kind(cell, self.expects)
        pairs = list(self._pairs(cell, around))
        if len(dict(pairs)) < len(pairs):
            raise Unreadable("package-twice", _("A package stands here twice. Keep one of the two."))
        return dict(sorted(pairs))

    def write(self, value: Mapping[str, str]) -> str:
        return "; ".join(f"{_UNIT.write(code)}={content}" for code, content in value.items())

    def same(self, cell: Cell, value: Mapping[str, str]) -> bool:
        """In whichever language."""
        return str(cell).strip() in {_in(language, lambda: self.write(value)) for language in LANGUAGES}

    def _pairs(self, cell: str, around: Around) -> Iterator[tuple[str, str]]:
        for part in filter(None, map(str.strip, re.split(r"[;；\n]", cell))):
            found = _PART.fullmatch(part)
            if found is None:
                said = {"part": part[:LONGEST_SHOWN], "expects": self.expects}
                raise Unreadable("package-form", _("“%(part)s” is no package. Write %(expects)s.") % said)
            content: Decimal = _CONTENT.read(found["content"].strip(), around)
            yield _UNIT.read(found["unit"], around), f"{content.normalize():f}"
