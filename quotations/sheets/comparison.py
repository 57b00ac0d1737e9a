"""A comparison as a workbook: one row per line, three columns per bidder, totals and ranks at the foot."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
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


def comparison_workbook(compared: Comparison) -> bytes:
    """An .xlsx in the reader's language. Texts are written as texts, whatever they begin with."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Comparison")[:31]
    _head(sheet, compared)
    for number, line in enumerate(compared.lines, start=3):
        _line(sheet, number, line)
    _foot(sheet, compared, len(compared.lines) + 3)
    _explain(book, compared)
    sheet.freeze_panes = sheet.cell(3, LEADING + 1)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _text(cell: Any, text: str) -> Any:
    cell.value = text
    cell.data_type = "s"
    return cell


def _head(sheet: Any, compared: Comparison) -> None:
    titles = (
        _("Line"), _("Section"), _("Item"), _("Quantity"), _("Unit"),
        _("Estimated unit price"), _("Estimated amount"), _("Mandatory"),
    )  # fmt: skip
    for place, title in enumerate(titles, start=1):
        _text(sheet.cell(2, place), title).font = BOLD
    for place, bidder in enumerate(compared.bidders):
        column = LEADING + 1 + place * PER_BIDDER
        _text(sheet.cell(1, column), f"{bidder.supplier} · {bidder.number}").font = BOLD
        said = (_("Quoted (%(currency)s)"), _("Unit price (%(currency)s)"), _("Amount (%(currency)s)"))
        codes = (bidder.currency, compared.currency, compared.currency)
        for offset, (title, code) in enumerate(zip(said, codes, strict=True)):
            _text(sheet.cell(2, column + offset), title % {"currency": code}).font = BOLD
    sheet.column_dimensions[get_column_letter(3)].width = 48
    _text(sheet.cell(1, 1), f"{compared.number} · {compared.currency}").font = BOLD


def _line(sheet: Any, row: int, line: ComparedLine) -> None:
    sheet.cell(row, 1, line.number)
    _text(sheet.cell(row, 2), line.section)
    _text(sheet.cell(row, 3), line.item).alignment = WRAPPED
    sheet.cell(row, 4, line.quantity)
    _text(sheet.cell(row, 5), line.unit)
    sheet.cell(row, 6, line.estimate_unit_price).number_format = PRICE_FORMAT
    sheet.cell(row, 7, line.estimate_amount).number_format = AMOUNT_FORMAT
    _text(sheet.cell(row, 8), _("yes") if line.mandatory else _("no"))
    for place, cell in enumerate(line.cells):
        _answer(sheet, row, LEADING + 1 + place * PER_BIDDER, cell)


def _answer(sheet: Any, row: int, column: int, cell: Cell) -> None:
    if cell.kind != PRICED:
        _text(sheet.cell(row, column), _("no bid") if cell.kind == NO_BID else "–")
        return
    sheet.cell(row, column, cell.unit_price).number_format = PRICE_FORMAT
    sheet.cell(row, column + 1, cell.compared_unit_price).number_format = PRICE_FORMAT
    sheet.cell(row, column + 2, cell.compared_amount).number_format = AMOUNT_FORMAT
    if cell.is_best:
        for offset in range(PER_BIDDER):
            sheet.cell(row, column + offset).fill = BEST


def _foot(sheet: Any, compared: Comparison, row: int) -> None:
    titles = (_("Total"), _("Rank"), _("Above the best"), _("Mandatory lines missing"))
    for offset, title in enumerate(titles):
        _text(sheet.cell(row + offset, 3), title).font = BOLD
    sheet.cell(row, 7, compared.estimate_total).number_format = AMOUNT_FORMAT
    for place, bidder in enumerate(compared.bidders):
        _column_foot(sheet, row, LEADING + PER_BIDDER + place * PER_BIDDER, bidder)


def _column_foot(sheet: Any, row: int, column: int, bidder: Bidder) -> None:
    sheet.cell(row, column, bidder.compared_total).number_format = AMOUNT_FORMAT
    if bidder.rank is None:
        _text(sheet.cell(row + 1, column), unranked(bidder))
    else:
        sheet.cell(row + 1, column, bidder.rank).font = BOLD
        sheet.cell(row + 2, column, bidder.above_best or Decimal(0)).number_format = AMOUNT_FORMAT
    _text(sheet.cell(row + 3, column), ", ".join(map(str, bidder.missing)) or "–")


def unranked(bidder: Bidder) -> str:
    """Why a bidder has no rank, in the reader's language."""
    said = {"disqualified": _("Disqualified"), "expired": _("Expired"), "incomplete": _("Incomplete")}
    return said.get(bidder.unranked, "")


def _explain(book: Workbook, compared: Comparison) -> None:
    sheet: Any = book.create_sheet(_("How it was computed")[:31])
    sheet.column_dimensions["A"].width = 110
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
        sheet.append([""])
        _text(sheet.cell(sheet.max_row, 1), str(text))
