"""A real published tender, as its buyer and its bidders would put it into Hanse."""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal

import openpyxl

from quotations.tabulation.files import read_file
from quotations.tabulation.proposals import Proposal
from tests.b2b.shared_data import shared_data


@dataclass(frozen=True)
class Tender:
    """One proposal of a published bid tabulation."""

    proposal: Proposal

    @property
    def ranked(self) -> list[str]:
        """The bidders by their published rank."""
        return [bid.bidder for bid in sorted(self.proposal.bids, key=lambda bid: bid.rank or 0)]

    def lines_workbook(self) -> io.BytesIO:
        """What the buyer has in Excel: the lines without a price."""
        rows = [
            (line.number, line.item, str(line.quantity), line.unit, str(self.proposal.estimates.get(line.number, "")))
            for line in self.proposal.lines
        ]
        return _workbook([("Line", "Item Description", "Quantity", "Unit", "Engineer's estimate"), *rows])

    def prices(self, bidder: str) -> dict[int, Decimal]:
        """The bidder's real unit prices by line number."""
        bid = next(bid for bid in self.proposal.bids if bid.bidder == bidder)
        return {number: price.unit_price for number, price in bid.prices.items()}


def real_tender() -> Tender:
    """34 lines and three bidders of a letting of May 2022; skips where the file is missing."""
    path = shared_data("bids_mdot/2022-05-11.xlsx")
    proposals, _remarks = read_file(path.read_bytes(), path.name)
    return Tender(next(proposal for proposal in proposals if proposal.reference == "40000-212984"))


def filled(workbook: bytes, prices: dict[int, Decimal]) -> io.BytesIO:
    """The quotation workbook with the open price cells filled in, as a salesperson would in Excel."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any(str(cell.value or "").startswith("Unit price") for cell in row))
    columns = {str(cell.value).split("\n")[0].split(" / ")[0]: cell.column for cell in head if cell.value}
    for row in range(head[0].row + 1, sheet.max_row + 1):
        number = sheet.cell(row, columns["Line"]).value
        if str(number or "").isdigit():
            sheet.cell(row, columns["Unit price"]).value = str(prices[int(number)])
    return _saved(book, "quotation.xlsx")


def _workbook(rows: list[tuple]) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return _saved(book, "lines.xlsx")


def _saved(book: openpyxl.Workbook, name: str) -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = name
    return file
