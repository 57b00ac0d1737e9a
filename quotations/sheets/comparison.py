"""A comparison as a workbook: one row per line, three columns per bidder, totals and ranks at the foot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from quotations.comparison import NO_BID, PRICED, Bidder, Cell, ComparedLine, Comparison

BOLD = Font(bold=True)
BEST = PatternFill("solid", fgColor="E2F0D9")
WRAPPED = Alignment(wrap_text=True, vertical="top")
PRICE_FORMAT, AMOUNT_FORMAT = "#,##0.00####", "#,##0.00"
LEADING = 8
"""Columns before the first bidder."""
PER_BIDDER = 3


def write_comparison(target: BinaryIO, compared: Comparison) -> None:
    """An .xlsx in the reader's language, row by row. Texts are write as texts, whatever they begin with."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(_("Comparison")[:31])
    sheet.column_dimensions[get_column_letter(3)].width = 48
    sheet.freeze_panes = f"{get_column_letter(LEADING + 1)}3"
    write = _Writer(sheet)
    for row in _head(write, compared):
        sheet.append(row)
    for line in compared.lines:
        sheet.append(_line(write, line))
    for row in _foot(write, compared):
        sheet.append(row)
    _explain(book, compared)
    book.save(target)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Makes cells of one sheet."""

    sheet: Any

    def text(self, text: str, **looks: Any) -> Any:
        cell = self._cell(text, looks)
        cell.data_type = "s"
        return cell

    def number(self, number: Decimal | None, number_format: str, **looks: Any) -> Any:
        return self._cell(number, {**looks, "number_format": number_format})

    def _cell(self, value: Any, looks: Mapping[str, Any]) -> Any:
        cell = WriteOnlyCell(self.sheet, value)
        for name, look in looks.items():
            setattr(cell, name, look)
        return cell


def _head(write: _Writer, compared: Comparison) -> Iterator[list[Any]]:
    first: list[Any] = [write.text(f"{compared.number} · {compared.currency}", font=BOLD), *[None] * (LEADING - 1)]
    titles = (
        _("Line"), _("Section"), _("Item"), _("Quantity"), _("Unit"),
        _("Estimated unit price"), _("Estimated amount"), _("Mandatory"),
    )  # fmt: skip
    second = [write.text(title, font=BOLD) for title in titles]
    said = (_("Quoted (%(currency)s)"), _("Unit price (%(currency)s)"), _("Amount (%(currency)s)"))
    for bidder in compared.bidders:
        first += [write.text(f"{bidder.supplier} · {bidder.number}", font=BOLD), *[None] * (PER_BIDDER - 1)]
        codes = (bidder.currency, compared.currency, compared.currency)
        second += [write.text(title % {"currency": code}, font=BOLD) for title, code in zip(said, codes, strict=True)]
    yield first
    yield second


def _line(write: _Writer, line: ComparedLine) -> list[Any]:
    cells = [
        line.number,
        write.text(line.section),
        write.text(line.item, alignment=WRAPPED),
        line.quantity,
        write.text(line.unit),
        write.number(line.estimate_unit_price, PRICE_FORMAT),
        write.number(line.estimate_amount, AMOUNT_FORMAT),
        write.text(_("yes") if line.mandatory else _("no")),
    ]
    return [*cells, *(one for cell in line.cells for one in _answer(write, cell))]


def _answer(write: _Writer, cell: Cell) -> list[Any]:
    if cell.kind != PRICED:
        return [write.text(_("no bid") if cell.kind == NO_BID else "–"), None, None]
    looks = {"fill": BEST} if cell.is_best else {}
    return [
        write.number(cell.unit_price, PRICE_FORMAT, **looks),
        write.number(cell.compared_unit_price, PRICE_FORMAT, **looks),
        write.number(cell.compared_amount, AMOUNT_FORMAT, **looks),
    ]


def _foot(write: _Writer, compared: Comparison) -> Iterator[list[Any]]:
    """Totals, ranks, distances from the best, and what is missing: one row each."""
    columns = [_column_foot(write, bidder) for bidder in compared.bidders]
    titles = (_("Total"), _("Rank"), _("Above the best"), _("Mandatory lines missing"))
    for place, title in enumerate(titles):
        estimate = write.number(compared.estimate_total, AMOUNT_FORMAT) if place == 0 else None
        leading = [None, None, write.text(title, font=BOLD), None, None, None, estimate, None]
        yield [*leading, *(cell for column in columns for cell in (None, None, column[place]))]


def _column_foot(write: _Writer, bidder: Bidder) -> list[Any]:
    missing = write.text(", ".join(map(str, bidder.missing)) or "–")
    total = write.number(bidder.compared_total, AMOUNT_FORMAT)
    if bidder.rank is None:
        return [total, write.text(unranked(bidder)), None, missing]
    rank = write.number(Decimal(bidder.rank), "General", font=BOLD)
    return [total, rank, write.number(bidder.above_best or Decimal(0), AMOUNT_FORMAT), missing]


def unranked(bidder: Bidder) -> str:
    """Why a bidder has no rank, in the reader's language."""
    said = {"disqualified": _("Disqualified"), "expired": _("Expired"), "incomplete": _("Incomplete")}
    return said.get(bidder.unranked, "")


def _explain(book: Workbook, compared: Comparison) -> None:
    sheet: Any = book.create_sheet(_("How it was computed")[:31])
    sheet.column_dimensions["A"].width = 110
    write = _Writer(sheet)
    for text in (
        _(
            "Each amount is quantity × unit price less the quotation's discount, "
            "rounded once to the quotation's currency."
        ),
        _(
            "Amounts in other currencies are converted at the rates frozen when the quotations were opened, "
            "and rounded once."
        ),
        _("A total is the sum of the converted lines. Equal totals share a rank. Green is the lowest price of a line."),
        _("A bidder without a price for a mandatory line is not ranked."),
        _("Rates of %(day)s:") % {"day": compared.rates_on or "–"},
        *(
            f"1 {bidder.currency} = {bidder.rate:f} {compared.currency} ({bidder.supplier})"
            for bidder in compared.bidders
        ),
    ):
        sheet.append([write.text(str(text))])
