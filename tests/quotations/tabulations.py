"""Bid tabulations of our own making, in the two layouts agencies publish."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook

from quotations.tabulation.files import read_file
from quotations.tabulation.proposals import Proposal
from quotations.tabulation.rows import Remark

NUMBERED = (
    "Call ", "Proposal ID", "Ln Num", "Section", "Item Description/Supplemental Description", "Unit", "Quantity",
    "Vendor Name", "Bid Price", "Ext Amount", "Vend Rank",
)  # fmt: skip
UNNUMBERED = (
    "Pay Item", "Description", "Quantity", "Unit", "Unit Price", "Bid Date", "Bidder Name", "ProjectID", "Job Size",
    "Job Desc", "County", "Pos", "Extension", "Bidder2Name", "Bidder2Total", "Bidder3Total",
)  # fmt: skip

TWO = {"Eng Est": (0, {10: 5, 20: 6}), "Alpha, Inc.": (1, {10: 4, 20: 6}), "Beta Co": (2, {10: 5, 20: 7})}


def dollars(value: Any) -> str:
    return f"${value:,.2f}"


def numbered(
    bids: dict[str, tuple[Any, dict[int, Any]]], *, call: str = "101", proposal: str = "11000-100", **texts: Any
) -> list[list[Any]]:
    """Rows as one agency prints them: ``bids`` is bidder → (rank, {line: price}); every quantity is 100 feet."""
    return [
        [
            call, proposal, f"{line:04d}", texts.get("section", "1"), f"Item {line}", texts.get("unit", "Ft"), "100.000",
            bidder, dollars(price), dollars(price * 100), str(rank),
        ]
        for bidder, (rank, prices) in bids.items()
        for line, price in prices.items()
    ]  # fmt: skip


def unnumbered(
    bids: dict[str, tuple[Any, list[tuple[str, float, float]]]], *, project: str = "R -1-A"
) -> list[list[Any]]:
    """Rows as the other agency prints them: bidder → (position, [(pay item, quantity, price)])."""
    return [
        [item, item.title(), quantity, "EACH", price, "04/05/2023", bidder, project, "", "PATCHING", "CLARK", rank,
         quantity * price, "", "", ""]
        for bidder, (rank, prices) in bids.items()
        for item, quantity, price in prices
    ]  # fmt: skip


def workbook(*sheets: list[list[Any]], heading: tuple[str, ...] = NUMBERED, above: int = 0) -> bytes:
    """An .xlsx with the rows of each sheet under the headings, ``above`` rows of title before them."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for _ in range(above):
            sheet.append(["Letting of May"])
        sheet.append(list(heading))
        for row in rows:
            sheet.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def proposals(
    *sheets: list[list[Any]], name: str = "2022-05-11.xlsx", **values: Any
) -> tuple[list[Proposal], list[Remark]]:
    """What is read in a workbook of these sheets: its proposals, and the remarks on all of it."""
    return read_file(workbook(*sheets, **values), name)


def only(*sheets: list[list[Any]], **values: Any) -> Proposal:
    """The one proposal there is."""
    found, remarks = proposals(*sheets, **values)
    assert len(found) == 1, remarks
    return found[0]


def told(proposal: Proposal) -> list[str]:
    return [str(remark) for remark in proposal.remarks]


def wrong(proposal: Proposal) -> list[str]:
    return [str(fault) for fault in proposal.faults]
