"""What is wrong with an uploaded table, cell by cell, and the refusals that carry it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl.utils import get_column_letter

from b2b.errors import DomainError, Fault, Invalid

LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class CellFault(Fault):
    """One fault at its place. ``pointer`` is the cell as people write it: ``Sheet1!C4``.

    ``row`` and ``column`` count from 1; both are 0 where the fault is the whole sheet's, and ``column`` is 0
    where it is the row's. ``value`` is what the cell shows; ``suggestions`` what may stand there instead, each as it
    could be written, most likely first. All of it is the sender's data: show it to the sender, never log it.
    """

    sheet: str = ""
    row: int = 0
    column: int = 0
    heading: str = ""
    value: str = ""
    suggestions: tuple[str, ...] = ()

    @property
    def suggestion(self) -> str:
        """The one that is most likely meant; empty where there is none."""
        return self.suggestions[0] if self.suggestions else ""

    @property
    def cell(self) -> str:
        """``C4``; empty for a fault of the whole sheet."""
        return address(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Conversion:
    """A cell that was understood as something other than it literally says."""

    sheet: str
    row: int
    column: int
    heading: str
    shown: str
    taken: str
    kind: str = ""
    """Why, where it is not the column's own way to read: "blank", "merged", "formula" or "section"."""

    @property
    def cell(self) -> str:
        return address(self.row, self.column)


def address(row: int, column: int) -> str:
    """``C4``, ``4:4`` for a whole row, nothing for a whole sheet."""
    if not row:
        return ""
    return f"{get_column_letter(column)}{row}" if column else f"{row}:{row}"


def cell_fault(
    code: str,
    detail: str,
    *,
    sheet: str,
    row: int = 0,
    column: int = 0,
    heading: str = "",
    value: str = "",
    suggestions: tuple[str, ...] = (),
) -> CellFault:
    place = address(row, column)
    pointer = f"{sheet}!{place}" if place else sheet
    return CellFault(pointer, code, detail, sheet, row, column, heading, value[:LONGEST_VALUE], suggestions)


class Faulty(Invalid):
    """The table was read and has faults; nothing was done with it."""

    code, title = "sheet-faults", _("Some cells of the spreadsheet cannot be used as they are.")

    def __init__(self, faults: Iterable[CellFault], detail: str = "") -> None:
        super().__init__(detail, faults=faults)


class SheetRefused(DomainError):
    """The file as a whole is refused before any cell is looked at."""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "sheet-unreadable"
    title: ClassVar[str | Promise] = _("The spreadsheet cannot be read.")


class SheetUnreadable(SheetRefused):
    code, title = "sheet-unreadable", _("The spreadsheet cannot be read.")


class SheetHostile(SheetRefused):
    code, title = "sheet-hostile", _("The file holds what no plain spreadsheet needs.")


class SheetFormat(SheetRefused):
    code, title = "sheet-format", _("This is not a spreadsheet we read.")


class SheetTooLong(SheetRefused):
    code, title = "sheet-too-long", _("The table has more rows than can be taken at once.")


class SheetEmpty(SheetRefused):
    code, title = "sheet-empty", _("The spreadsheet holds no rows.")
