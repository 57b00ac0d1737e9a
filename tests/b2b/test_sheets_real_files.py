"""Files nobody here wrote, where they are at hand: bid tabulations of three agencies."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from b2b.sheets.parsers import amount, quantity, text, unit, unit_price, whole_number
from b2b.sheets.reading import Reading, best_table, read
from b2b.sheets.sheet import Column, Row, Sheet
from b2b.sheets.survey import survey
from b2b.sheets.table import Table
from b2b.sheets.workbook import open as open_workbook

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the optional data folder ../shared/data is not here")


class Bids(Sheet):
    """A bid tabulation as road agencies publish it: one row for each bidder's price of each line."""

    proposal = Column(("Proposal", "项目"), text(40), aliases=("Proposal ID", "ProjectID"))
    item = Column(("Description", "说明"), text(400), aliases=("Item Description/Supplemental Description",))
    unit = Column(("Unit", "单位"), unit())
    quantity = Column(("Quantity", "数量"), quantity())
    bidder = Column(("Bidder", "投标人"), text(200), aliases=("Vendor Name", "Bidder Name"))
    price = Column(("Unit price", "单价"), unit_price(), aliases=("Bid Price",))
    amount = Column(("Amount", "金额"), amount(), aliases=("Ext Amount", "Extension"))
    rank = Column(("Rank", "名次"), whole_number(), aliases=("Vend Rank",), required=False)


def tables(path: str) -> list[Table]:
    return open_workbook((DATA / path).read_bytes(), path)


def bids(path: str) -> Reading:
    return read(Bids, best_table(Bids, tables(path)))


def agrees(row: Row) -> bool:
    """Whether the amount is quantity times price, the price having been printed to the cent."""
    return abs(row["quantity"] * row["price"] - row["amount"]) <= row["quantity"] * Decimal("0.005") + Decimal("0.005")


@pytest.mark.parametrize(
    ("path", "rows", "texts_that_are_numbers"),
    [
        ("bids_mdot/2016-12-14.xlsx", 63, False),
        ("bids_mdot/2018-07-27.xlsx", 4, True),
        ("bids_mdot/2022-05-11.xlsx", 397, True),
        ("bids_mdot/2024-02-23.xlsx", 18, True),
    ],
)
def test_michigan_tabulations_are_read_to_the_cent(path: str, rows: int, texts_that_are_numbers: bool) -> None:
    reading = bids(path)

    assert (len(reading.rows), reading.faults) == (rows, [])
    assert all(map(agrees, reading.rows))
    assert any("$" in conversion.shown for conversion in reading.conversions) == texts_that_are_numbers


@pytest.mark.parametrize(("path", "rows"), [("bids_indot/2023-04-05.xls", 22), ("bids_indot/2025-11-19.xls", 138)])
def test_indiana_tabulations_are_read_or_name_the_unit_that_is_none(path: str, rows: int) -> None:
    reading = bids(path)

    assert len(reading.rows) + len({fault.row for fault in reading.faults}) == rows
    assert {(fault.code, fault.value) for fault in reading.faults} <= {("unknown-unit", "$"), ("unknown-unit", "DOL")}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("PDX_2018D015.xlsx", {"Bid Item List": 39, "Bid Tabulation": 27, "Summary": 16}),
        ("PDX_2020D022.xlsx", {"Bid Schedule": 47, "Bid Tabulation": 35, "Summary": 15}),
        ("PDX_2021D007 Bid Tab.xlsx", {"Bid Tab Schedule 1": 26, "Bid Tab Schedule 2": 10, "Summary": 12}),
        ("T5 Berth 503 Rehab Bid Tab.xlsx", {"Bid Item List": 45, "Bid Tabulation": 33, "Summary": 12}),
    ],
)
def test_portland_workbooks_open_with_every_sheet(path: str, expected: dict[str, int]) -> None:
    assert {table.name: len(table.rows) for table in tables(f"bids_pdx/{path}")} == expected


def test_a_workbook_that_links_to_another_is_read_without_following() -> None:
    path = DATA / "bids_pdx/HIO Runway and Taxway Seals Bid Tab.xlsx"

    with survey(path.read_bytes(), path.name) as found:
        assert [note.code for note in found.notes] == ["links-not-followed"]
        assert [(table.name, table.filled_rows) for table in found.tables] == [
            ("Base Bid Item List", 26),
            ("Alternate Item List", 23),
            ("Base Bid Tabulation", 16),
            ("Alternate Bid Tabulation", 16),
            ("Summary", 13),
        ]


def test_a_header_below_a_page_of_titles_is_found() -> None:
    class Items(Sheet):
        number = Column(("Item No.", "编号"), text(10))
        item = Column(("Item Description", "说明"), text(200))
        quantity = Column(("Estimated Quantity", "数量"), quantity())
        unit = Column(("Units", "单位"), unit())

    reading = read(Items, tables("bids_pdx/PDX_2018D015.xlsx")[0])

    assert reading.header is not None
    assert reading.header.row == 19
    assert [row["number"] for row in reading.rows] == [f"{number:04}" for number in range(1, 20)]
    assert (reading.faults, reading.left_out) == ([], {39: "total"})
