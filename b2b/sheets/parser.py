"""What a column does with its cells: read one strictly, write one back, and say what it expects."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import ClassVar, Generic, TypeVar
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from b2b.sheets.cells import Broken, Cell, Unreadable, shown
from b2b.sheets.days import Order
from b2b.sheets.speech import Speech

T = TypeVar("T")
UTC = ZoneInfo("UTC")
Written = str | Decimal | int | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class PricedIn:
    """What a price is for: so many of a unit; no unit where only a number is said, as in "5.20 per 100"."""

    count: Decimal
    unit: str

    def also(self, other: PricedIn) -> PricedIn | None:
        """Both in one, as one may say the number and the other the unit; ``None`` where they contradict."""
        counts, units = {self.count, other.count} - {1}, {self.unit, other.unit} - {""}
        if len(counts) > 1 or len(units) > 1:
            return None
        return PricedIn(next(iter(counts), Decimal(1)), next(iter(units), ""))

    def __str__(self) -> str:
        return self.unit if self.count == 1 and self.unit else f"{self.count.normalize():f} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Around:
    """What the rest of the table tells about one cell.

    ``decimal_mark`` answers the mark the column's, or else the sheet's, telling numbers agree on; ``day_order`` how
    those dates of the column are written that leave no doubt. ``is_required`` where the cell may not be left empty.
    ``speeches`` answers the languages the table is in, where they decide what a unit means.
    """

    decimal_mark: Callable[[], str | None] = lambda: None
    from_1904: bool = False
    zone: ZoneInfo = UTC
    day_order: Callable[[], Order | None] = lambda: None
    is_required: bool = False
    speeches: Callable[[], frozenset[Speech]] = frozenset


ALONE = Around()


class Parser(ABC, Generic[T]):
    """Reads one kind of value. Small and frozen; columns share them freely."""

    number_format: ClassVar[str] = "General"
    is_number: ClassVar[bool] = False
    carries_currency: ClassVar[bool] = False
    repeats_when_merged: ClassVar[bool] = True
    """Whether a cell merged over several rows says the same of each: a price does, a quantity is shared."""
    expects: ClassVar[str | Promise] = ""
    """What to write into such a cell, completing "Write …"."""

    def __call__(self, cell: Cell, around: Around = ALONE) -> T:
        """Read a cell that is not blank. Raises ``Unreadable``."""
        if isinstance(cell, Broken):
            raise broken(cell)
        return self.read(cell, around)

    @abstractmethod
    def read(self, cell: Cell, around: Around) -> T: ...

    def write(self, value: T) -> Written:
        """The value as a cell that reads back as the same value."""
        return str(value)

    def choices(self) -> tuple[str, ...]:
        """What a drop-down offers; nothing where anything may be written."""
        return ()

    def currencies(self, cell: Cell) -> frozenset[str] | None:
        """The currencies a sign in the cell may stand for; ``None`` where there is no sign."""
        return None

    def per(self, cell: Cell) -> PricedIn | None:
        """What a price in the cell says it is for; ``None`` where it does not say."""
        return None

    def same(self, cell: Cell, value: T) -> bool:
        """Whether the cell already said exactly this; where not, the reading lists a conversion."""
        written = self.write(value)
        if isinstance(cell, str) and isinstance(written, (Decimal, int)) and not isinstance(written, bool):
            return cell.strip() == shown(Decimal(written))
        return shown(cell).strip() == shown(written if not isinstance(written, int) else Decimal(written))


def broken(cell: Broken) -> Unreadable:
    if not cell.shown:
        return Unreadable(
            "formula-without-value",
            _("The formula's value was not stored in the file. Open and save it in Excel, or write the value itself."),
        )
    return Unreadable(
        "error-value",
        _("The formula ends in the error %(error)s. Mend the formula or write the value itself.")
        % {"error": cell.shown},
    )


def wrong_kind(cell: Cell, expects: str | Promise) -> Unreadable:
    """Refuse a cell of another kind than the column's, such as a date where a number belongs."""
    kinds: dict[type, str] = {
        bool: _("a yes/no value"),
        datetime: _("a date and time"),
        date: _("a date"),
        time: _("a time of day"),
        Decimal: _("a number"),
    }
    kind = kinds.get(type(cell), _("a text"))
    return Unreadable("wrong-kind", _("This is %(kind)s. Write %(expects)s.") % {"kind": kind, "expects": expects})
