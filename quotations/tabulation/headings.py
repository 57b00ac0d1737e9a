"""Finding the table on a sheet: the row of headings, and which column says what, under any of its names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from b2b.sheets.cells import Cell, plain, shown

DEEPEST_HEADING = 50
"""Rows searched for headings; titles and notes above a table are shorter."""

FEWEST_HEADINGS = 3
"""A row with so many known headings is meant as one, even if a needed heading is missing."""

ALIASES: Mapping[str, tuple[str, ...]] = {
    "call": ("Call", "Call No", "Call Number", "Call Order", "Call Nbr", "Call Num"),
    "proposal": (
        "Proposal ID",
        "Proposal",
        "Proposal No",
        "Proposal Number",
        "Contract ID",
        "Contract",
        "Contract No",
        "Contract Number",
        "Project ID",
        "Project",
        "Project No",
        "Project Number",
        "Job Number",
        "DES No",
    ),
    "line": (
        "Ln Num",
        "Line Num",
        "Line Number",
        "Line No",
        "Line",
        "Ln",
        "Ln No",
        "Line Nbr",
        "Prop Line",
        "Proposal Line Number",
        "Item Line Number",
    ),
    "section": ("Section", "Section No", "Section Number", "Sec", "Sect", "Section ID", "Section Num"),
    "alternate": ("Alt Set", "Alternate Set", "Alt Set ID", "Alternate", "Alt", "Alternate Set ID"),
    "member": ("Alt Mbr", "Alt Member", "Alternate Member", "Alt Mbr ID", "Alternate Member ID"),
    "code": ("Pay Item", "Item", "Item Code", "Item Number", "Item No", "Item ID", "Pay Item Number", "Pay Item No"),
    "description": (
        "Item Description/Supplemental Description",
        "Description",
        "Item Description",
        "Item Desc",
        "Desc",
        "Pay Item Description",
        "Long Description",
    ),
    "supplement": ("Supplemental Description", "Supp Description", "Supplemental Desc"),
    "unit": ("Unit", "Units", "Unit of Measure", "UOM", "Unit Meas", "Unit Code"),
    "quantity": ("Quantity", "Qty", "Quantities", "Bid Quantity", "Plan Quantity", "Est Quantity", "Item Quantity"),
    "bidder": (
        "Vendor Name",
        "Bidder Name",
        "Bidder",
        "Vendor",
        "Contractor",
        "Contractor Name",
        "Company",
        "Company Name",
    ),
    "bidder_id": (
        "Vendor ID",
        "Vendor Number",
        "Vendor No",
        "Vendor Num",
        "Vendor Code",
        "Bidder ID",
        "Bidder Number",
        "Bidder No",
        "Contractor ID",
        "Contractor Number",
    ),
    "price": ("Bid Price", "Unit Price", "Price", "Unit Bid Price", "Bid Unit Price", "Unit Cost"),
    "amount": (
        "Ext Amount",
        "Extension",
        "Extended Amount",
        "Extended Price",
        "Ext Price",
        "Ext Amt",
        "Extended",
        "Amount",
        "Bid Amount",
        "Total Price",
    ),
    "rank": ("Vend Rank", "Vendor Rank", "Rank", "Pos", "Position", "Bid Rank", "Bidder Rank"),
    "bid_date": (
        "Bid Date",
        "Letting Date",
        "Date of Letting",
        "Opening Date",
        "Bid Opening Date",
        "Let Date",
        "Letting",
    ),
    "title": (
        "Job Desc",
        "Job Description",
        "Project Description",
        "Project Desc",
        "Work Type",
        "Contract Description",
    ),
    "place": ("County", "Counties", "Location"),
    "first_total": ("Job Size", "Low Bid", "Low Bid Total", "Bidder1Total"),
    "second_total": ("Bidder2Total",),
    "third_total": ("Bidder3Total",),
}
"""Field to the headings it is found under, the likeliest first."""

_BY_NAME = {plain(alias): (field, place) for field, names in ALIASES.items() for place, alias in enumerate(names)}

Columns = Mapping[str, int]
"""Field to the place of its column, counted from zero."""


@dataclass(frozen=True, slots=True)
class Headings:
    """Where the headings stand (row, counted from one) and what each column says."""

    row: int
    columns: Columns

    def missing(self) -> tuple[str, ...]:
        """The needed headings that are not there, by their usual names."""
        needed: list[str] = [ALIASES[name][0] for name in ("bidder", "quantity") if name not in self.columns]
        if not {"price", "amount"} & self.columns.keys():
            needed.append(ALIASES["price"][0])
        if not {"description", "code", "line"} & self.columns.keys():
            needed.append(ALIASES["description"][0])
        return tuple(needed)


def columns_of(cells: Sequence[Cell]) -> dict[str, int]:
    """What the known headings of a row are; of two headings for one field the likelier counts."""
    found: dict[str, tuple[int, int]] = {}
    for place, cell in enumerate(cells):
        name, likelihood = _BY_NAME.get(plain(shown(cell)), ("", 0))
        if name and (name not in found or likelihood < found[name][0]):
            found[name] = likelihood, place
    return {name: place for name, (_likelihood, place) in found.items()}


def find_headings(rows: Sequence[Sequence[Cell]]) -> Headings | None:
    """The row with most known headings near the top; ``None`` where no row is meant as headings."""
    candidates = [Headings(number, columns_of(cells)) for number, cells in enumerate(rows[:DEEPEST_HEADING], start=1)]
    best = max(candidates, key=lambda found: len(found.columns), default=None)
    return best if best is not None and len(best.columns) >= FEWEST_HEADINGS else None


def missing_sentence(names: Sequence[str]) -> str:
    return _("No column is headed %(names)s.") % {"names": _(" or ").join(f"“{name}”" for name in names)}
