"""How a tabulation names the lines of the RFQ: by number, or by the buyer's own item number, such as 1-001."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from b2b.sheets.amounts import WholeNumber
from b2b.sheets.cells import Cell, shown
from b2b.sheets.faults import Conversion
from b2b.sheets.numbers import readings
from b2b.sheets.parser import Around, Parser
from b2b.sheets.texts import Text
from b2b.uploads.format import Candidate

if TYPE_CHECKING:
    from procurement.models import RFQLine

_NUMBER, _NAME = WholeNumber(positive=True), Text(max_length=60)


@dataclass(frozen=True)
class LineName(Parser[int | str]):
    """What is a whole number is the line's; any other text its item number."""

    expects: ClassVar[str | Promise] = gettext_lazy("the line's number such as 10, or its item number such as 1-001")
    is_number: ClassVar[bool] = True
    number_format: ClassVar[str] = WholeNumber.number_format

    def read(self, cell: Cell, around: Around) -> int | str:
        if isinstance(cell, str) and not readings(cell).values():
            return _NAME.read(cell, around)
        return _NUMBER.read(cell, around)

    def write(self, value: int | str) -> int | str:
        return value

    def same(self, cell: Cell, value: int | str) -> bool:
        return shown(cell).strip() == str(value)


class LineNames:
    """The lines of one RFQ."""

    def __init__(self, lines: Iterable[RFQLine]) -> None:
        self.by_number = {line.number: line for line in lines}
        self.by_code: dict[str, list[RFQLine]] = defaultdict(list)
        for line in self.by_number.values():
            if line.code:
                self.by_code[line.code.casefold()].append(line)

    def line_of(self, row: Candidate) -> RFQLine | None:
        """The line a row answers; its number stands in the row then. ``None`` with a fault where none is meant."""
        named = row.row["number"]
        if isinstance(named, int):
            line = self.by_number.get(named)
            if line is None:
                detail = gettext("The RFQ has no line %(line)s.")
                row.fault("number", "no-such-line", detail % {"line": named})
            return line
        return self._coded(row, named)

    def _coded(self, row: Candidate, named: str) -> RFQLine | None:
        found = self.by_code.get(named.casefold(), [])
        if len(found) == 1:
            row.row["number"] = found[0].number
            self._tell(row, named)
            return found[0]
        if found:
            detail = gettext("%(count)s lines of the RFQ have the item number %(line)s. Write the line's number.")
            suggestions = tuple(str(line.number) for line in found[:5])
        else:
            detail = gettext("The RFQ has no line with the item number %(line)s.")
            suggestions = ()
        said = {"line": named, "count": len(found)}
        row.fault("number", "no-such-line", detail % said, suggestions=suggestions)
        return None

    def _tell(self, row: Candidate, named: str) -> None:
        place, heading = row.places.get("number", 0), row.sheet.columns["number"].here
        taken = gettext("line %(line)s") % {"line": row.row["number"]}
        row.conversions.append(Conversion(row.table, row.number, place, heading, named, taken, "text"))
