"""Read the cells of one column, and remember its texts: units, currencies and choices repeat on every row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from b2b.sheets.absent import says_nothing
from b2b.sheets.cells import Cell, Unreadable, shown
from b2b.sheets.days import Order
from b2b.sheets.headings import currencies_shown
from b2b.sheets.numbers import COMMA, POINT
from b2b.sheets.parser import UTC, Around, PricedIn
from b2b.sheets.sheet import Column
from b2b.sheets.speech import speeches
from b2b.sheets.survey import ColumnMarks, SurveyedTable

MOST_REMEMBERED = 5_000


@dataclass(slots=True)
class Taken:
    """What a cell was read as. ``is_plain`` where it already said exactly that, or an optional one says nothing.

    ``currencies`` and ``per`` are what stood beside a price; ``told`` is the value as a person reads it.
    """

    value: Any = None
    is_plain: bool = True
    is_blank: bool = False
    problem: Unreadable | None = None
    currencies: frozenset[str] | None = None
    per: PricedIn | None = None

    @property
    def told(self) -> str:
        if isinstance(self.value, Mapping):
            return "; ".join(f"{name}={one}" for name, one in self.value.items())
        return shown(self.value) if isinstance(self.value, (Decimal, str)) else str(self.value)


class CellReader:
    """Reads the cells of one column."""

    def __init__(
        self,
        name: str,
        column: Column,
        place: int,
        table: SurveyedTable,
        *,
        agreed: Callable[[], str | None] = lambda: None,
        zone: ZoneInfo = UTC,
    ) -> None:
        self.name, self.column, self.place, self.table = name, column, place, table
        mark = lambda: self._mark() or agreed()  # noqa: E731 — what others may agree on is asked for late
        self.around = Around(mark, table.from_1904, zone, self._order, column.required, lambda: speeches(table))
        self.nothing = Taken(is_plain=not column.required, is_blank=True)
        self.remembered: dict[type, dict[Any, Taken]] = defaultdict(dict)
        self._passing = Taken()
        self.currencies: frozenset[str] | None = None

    def told_by(self, heading: str) -> None:
        """A heading such as "Price (USD)", or how the cells show their numbers, says the currency of every price.

        No currency is left where they say different ones.
        """
        self.currencies = currencies_shown(heading, self._marks().signs)

    def taken(self, cell: Cell) -> Taken:
        """What a cell says, or what is wrong with it. Use it before the next one is read."""
        known = self.remembered[type(cell)]
        taken = known.get(cell)
        if taken is None:
            taken = self._fresh(cell)
            if len(known) < MOST_REMEMBERED:
                # What is handed out once may be used again for the next cell; what is remembered may not.
                known[cell] = taken = Taken(taken.value) if taken is self._passing else taken
        return taken

    def _fresh(self, cell: Cell) -> Taken:
        if isinstance(cell, str):
            if not cell.strip():
                return self.nothing
            if not self.column.required and says_nothing(cell):
                return Taken(is_plain=False, is_blank=True)
        parse = self.column.parse
        try:
            value = parse(cell, self.around)
        except Unreadable as problem:
            return Taken(is_plain=False, problem=problem)
        if value == "":
            return Taken(is_plain=False, is_blank=True)
        if value is cell or parse.same(cell, value):
            self._passing.value = value
            return self._passing
        return Taken(value, is_plain=False, currencies=parse.currencies(cell), per=parse.per(cell))

    @property
    def signs(self) -> Sequence[str]:
        """The currencies and bases the formats of the column's numbers show."""
        return self._marks().signs

    # --- What the rest of the column tells ----------------------------------------------------------
    def _marks(self) -> ColumnMarks:
        marks: Sequence[ColumnMarks] = self.table.marks
        return marks[self.place - 1] if 0 < self.place <= len(marks) else ColumnMarks()

    def _mark(self) -> str | None:
        return _only(self._marks().point, self._marks().comma)

    def _order(self) -> Order | None:
        marks = self._marks()
        if bool(marks.day_first) == bool(marks.month_first):
            return None
        return "day-month" if marks.day_first else "month-day"


def agreed_mark(table: SurveyedTable, places: Sequence[int]) -> str | None:
    """The decimal mark that the telling numbers of all these columns agree on."""
    found = [table.marks[place - 1] for place in places if place <= len(table.marks)]
    marks = {_only(marks.point, marks.comma) for marks in found} - {None}
    return marks.pop() if len(marks) == 1 else None


def _only(point: int, comma: int) -> str | None:
    if bool(point) == bool(comma):
        return None
    return POINT if point else COMMA
