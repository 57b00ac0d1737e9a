"""Published bid tabulations as bids on paper: every bidder's prices recorded, and nobody's estimate for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from b2b.models import Organisation
from b2b.unit import find_unit
from procurement.asked_lines import AskedLine
from quotations.models import Quotation, QuotationLine
from tests.b2b.shared_data import shared_data
from tests.factories.quotations import Tender, bid, open_all, tender
from tests.uploads_proof.sending import Sending, conversions, fault_codes, left_out, questions

pytestmark = pytest.mark.django_db
CENT = Decimal("0.01")
ESTIMATE = "Eng Est"


@dataclass(frozen=True)
class Published:
    """One proposal of a letting; ``counts`` to ``conversions`` are what the review of the whole file then says."""

    path: str
    proposal: str
    lines: int
    bidders: int
    counts: Mapping[str, int]
    faults: Mapping[str, int] = field(default_factory=dict)
    conversions: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.path}-{self.proposal}"


COLUMNS = {
    "number": 3, "section": 4, "item": 5, "unit": 6, "quantity": 7, "bidder": 8, "unit_price": 9, "amount": 10, "rank": 11,
}  # fmt: skip
SIGNED = {"Amount", "Line", "Unit", "Unit price"}
"""Headings whose cells are texts such as "$1,479,000.00", "0010" and "Syd"."""
LETTINGS = [
    Published("bids_mdot/2016-12-14.xlsx", "65041-125856", 13, 5, {"new": 50, "left_out": 13}, {}, {"Unit": 63, "Line": 63}),
    Published(
        "bids_mdot/2018-07-27.xlsx", "31031-203999", 2, 1, {"new": 2, "left_out": 2}, {}, dict.fromkeys(SIGNED, 4)
    ),
    Published(  # The file has three more proposals, whose rows are of other lines or other bidders.
        "bids_mdot/2022-05-11.xlsx", "40000-212984", 34, 3, {"new": 95, "faulty": 187, "left_out": 115},
        {"asked-differently": 241, "amount-differs": 128, "unknown-supplier": 82, "no-such-line": 45, "duplicate-key": 8},
        dict.fromkeys(SIGNED, 397) | {"Quantity": 72},
    ),
    Published(
        "bids_mdot/2024-02-23.xlsx", "33014-216564", 6, 2, {"new": 12, "left_out": 6}, {},
        dict.fromkeys(SIGNED, 18) | {"Quantity": 9},
    ),
]  # fmt: skip


def number(cell: Any) -> Decimal:
    """What a cell of these files says, by nothing of the product's."""
    return Decimal(str(cell).replace("$", "").replace(",", ""))


def rows_of(path: str, table: int | str = 0) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(str(shared_data(path)))
    sheet = book.get_sheet_by_index(table) if isinstance(table, int) else book.get_sheet_by_name(table)
    return sheet.to_python(skip_empty_area=False)


def asked(rows: list[tuple[int, Any, Any, Any]]) -> list[AskedLine]:
    """Lines of an RFQ from number, item, quantity and unit."""
    found = {place: (item, quantity, unit) for place, item, quantity, unit in rows}
    return [
        AskedLine(number=place, item=str(item), quantity=number(quantity), unit=code(unit), estimate_unit_price=CENT)
        for place, (item, quantity, unit) in sorted(found.items())
    ]


def code(unit: str) -> str:
    """In pieces where the unit is known no more: nothing new can be asked for in it."""
    known = find_unit(str(unit))
    assert known is not None, unit
    return known.code if known.is_current else "C62"


def opened(lines: list[AskedLine], bidders: set[str]) -> Tender:
    """An RFQ under evaluation that asks for these lines, and the companies that answered on paper."""
    side = tender(1, lines=lines, policy={"publish_limit": Decimal(10**12)})
    bid(side, 0, {line.number: 1 for line in lines})
    open_all(side)
    type(side.rfq).objects.filter(pk=side.rfq.pk).update(currency="USD")
    side.rfq.refresh_from_db()
    Organisation.objects.bulk_create(
        Organisation(name=name, is_supplier=True, country="US", currency="USD") for name in sorted(bidders)
    )
    return side


@pytest.mark.parametrize("letting", LETTINGS, ids=str)
def test_every_bidders_prices_are_recorded_as_they_were_read_out(
    letting: Published, sending: Callable[..., Sending], do_jobs: Callable[[], int]
) -> None:
    rows = [row for row in rows_of(letting.path) if row[1] == letting.proposal]
    bids = [row for row in rows if row[7] != ESTIMATE]
    lines = asked([(int(row[2]), row[4], row[6], row[5]) for row in rows])
    names = {row[7] for row in bids}
    side = opened(lines, names)
    sender = sending("bid_tabulation", actor=side.clerk, target=side.rfq)

    upload = sender.file(shared_data(letting.path).read_bytes(), "letting.xlsx")

    if upload.state == "needs_mapping":
        upload = sender.confirm(upload, COLUMNS, table="Sheet1", header_rows=[1])

    assert (len(lines), len(names)) == (letting.lines, letting.bidders)
    assert (upload.state, upload.counts) == ("reviewed", letting.counts)
    assert (fault_codes(upload), conversions(upload)) == (letting.faults, letting.conversions)
    assert set(left_out(upload).values()) == {"The engineer's estimate is nobody's bid."}
    upload.apply(actor=side.clerk, only_valid=True)
    do_jobs()
    faulty = set(upload.rows.filter(outcome="faulty").values_list("number", flat=True))
    recorded = Quotation.objects.filter(pk__in=type(upload).objects.get(pk=upload.pk).basis or ())
    wanted = sums(letting, faulty)
    assert {one.supplier.name: one.total for one in recorded} == wanted
    assert QuotationLine.objects.filter(quotation__in=recorded).count() == len(bids) - len(faulty & own(letting))


def own(letting: Published) -> set[int]:
    """The numbers of the rows that bid for this proposal."""
    rows = enumerate(rows_of(letting.path), start=1)
    return {place for place, row in rows if row[1] == letting.proposal and row[7] != ESTIMATE}


def sums(letting: Published, faulty: set[int]) -> dict[str, Decimal]:
    """Quantity times price, rounded line by line, of every row without a fault."""
    rows = rows_of(letting.path)
    found: Counter[str] = Counter()
    for place in own(letting) - faulty:
        row = rows[place - 1]
        found[row[7]] += (number(row[6]) * number(row[8])).quantize(CENT, ROUND_HALF_UP)
    return dict(found)


HIO = "bids_pdx/HIO Runway and Taxway Seals Bid Tab.xlsx"
SIDE_BY_SIDE = [
    (HIO, "Base Bid Tabulation", 9, 3, {"title": 5, "total": 1}),
    (HIO, "Alternate Bid Tabulation", 6, 3, {"title": 5, "hidden": 3, "total": 1}),
    ("bids_pdx/PDX_2018D015.xlsx", "Bid Tabulation", 19, 6, {"title": 6, "total": 1}),
    ("bids_pdx/PDX_2020D022.xlsx", "Bid Tabulation", 27, 6, {"title": 6, "total": 1}),
    ("bids_pdx/T5 Berth 503 Rehab Bid Tab.xlsx", "Bid Tabulation", 25, 2, {"title": 6, "total": 1}),
]
HEAD, FIRST_BIDDER = 7, 5


@pytest.mark.parametrize(("path", "table", "lines", "bidders", "aside"), SIDE_BY_SIDE)
def test_bidders_side_by_side_are_brought_one_by_one(
    path: str, table: str, lines: int, bidders: int, aside: Mapping[str, int],
    sending: Callable[..., Sending], do_jobs: Callable[[], int],
) -> None:  # fmt: skip
    """A person says for each pair of columns whose they are."""
    rows = rows_of(path, table)
    items = [row for row in rows[HEAD:] if str(row[0]).isdecimal() and row[3]]
    names = {place: str(cell).strip() for place, cell in enumerate(rows[0], start=1) if cell and place >= FIRST_BIDDER}
    companies = {place: name for place, name in names.items() if "estimate" not in name.casefold()}
    side = opened(
        asked([(int(row[0]), " ".join(str(row[1]).split()), row[2], row[3]) for row in items]), set(companies.values())
    )
    sender = sending("bid_tabulation", actor=side.clerk, target=side.rfq)
    content = shared_data(path).read_bytes()

    assert (len(items), len(companies)) == (lines, bidders)
    for place, name in companies.items():
        columns = {"number": 1, "quantity": 3, "unit": 4, "unit_price": place, "amount": place + 1}
        asked_for = sender.file(content, "tabulation.xlsx")
        upload = sender.confirm(asked_for, columns, table=table, header_rows=[HEAD], constants={"bidder": name})
        assert (upload.state, upload.counts.get("new"), fault_codes(upload)) == ("reviewed", lines, {})
        assert conversions(upload) == dict.fromkeys(("Line", "Quantity", "Unit", "Amount"), lines)
        assert Counter(left_out(upload).values()) == aside
        upload.apply(actor=side.clerk)
        do_jobs()
        recorded = Quotation.objects.get(rfq=side.rfq, supplier__name=name)
        wanted = [(number(row[2]) * number(row[place - 1])).quantize(CENT, ROUND_HALF_UP) for row in items]
        assert recorded.total == sum(wanted)


@pytest.mark.parametrize(
    ("name", "item", "times"), [("2023-04-05.xls", "801-06209", 2), ("2025-11-19.xls", "104-05404", 24)]
)
def test_a_tabulation_without_line_numbers_is_asked_for_them(
    name: str, item: str, times: int, sending: Callable[..., Sending]
) -> None:
    """Its pay items cannot stand for them: a bidder prices the same one on several lines."""
    path = f"bids_indot/{name}"
    rows = rows_of(path)[1:]
    assert max(Counter((row[6], row[0]) for row in rows).values()) == times
    assert item in {row[0] for row in rows}
    side = opened(asked([(1, "Mobilization", 1, "EACH")]), {str(row[6]) for row in rows})

    upload = sending("bid_tabulation", actor=side.clerk, target=side.rfq).file(shared_data(path).read_bytes(), name)

    assert upload.state == "needs_mapping"
    assert "column-missing" in questions(upload)
    assert not Quotation.objects.exclude(supplier=side.bidders[0]).exists()


SCHEDULES = "bids_pdx/PDX_2021D007 Bid Tab.xlsx"


@pytest.mark.parametrize(
    ("table", "lines", "totals", "converted"),
    [
        ("Bid Tab Schedule 1", 18, ["453834.20", "883714.19"], {"Line": 18, "Unit": 6, "Amount": 18}),
        ("Bid Tab Schedule 2", 1, ["10972.00", "23676.00"], {"Line": 1, "Unit": 1, "Amount": 1}),
    ],
)
def test_schedules_whose_lines_have_item_numbers_are_brought_by_those(
    table: str, lines: int, totals: list[str], converted: Mapping[str, int],
    sending: Callable[..., Sending], do_jobs: Callable[[], int],
) -> None:  # fmt: skip
    """Its lines are 1-001 and 2-001: each schedule is an RFQ of its own, as a bidder may win one and not the other."""
    rows = rows_of(SCHEDULES, table)
    items = [row for row in rows[HEAD:] if row[0]]
    names = {place: str(rows[0][place - 1]).strip() for place in (5, 7)}
    side = opened(
        [
            replace(line, code=row[0])
            for line, row in zip(
                asked([(place, " ".join(row[1].split()), row[2], row[3]) for place, row in enumerate(items, start=1)]),
                items,
                strict=True,
            )
        ],
        set(names.values()),
    )
    sender = sending("bid_tabulation", actor=side.clerk, target=side.rfq)
    content = shared_data(SCHEDULES).read_bytes()

    for place, name in names.items():
        columns = {"number": 1, "item": 2, "quantity": 3, "unit": 4, "unit_price": place, "amount": place + 1}
        upload = sender.confirm(
            sender.file(content, "PDX.xlsx"), columns, table=table, header_rows=[HEAD], constants={"bidder": name}
        )
        assert (upload.state, upload.counts.get("new"), fault_codes(upload)) == ("reviewed", lines, {})
        assert conversions(upload) == converted
        upload.apply(actor=side.clerk)
        do_jobs()

    recorded = Quotation.objects.filter(rfq=side.rfq, supplier__name__in=names.values())
    assert sorted(f"{one.total.quantize(CENT)}" for one in recorded) == sorted(totals)


def test_a_line_of_another_schedule_is_refused_by_its_own_item_number(sending: Callable[..., Sending]) -> None:
    (line,) = asked([(1, "One-Year Landscape Maintenance", 1, "LS")])
    side = opened([replace(line, code="1-001")], {"Somebody"})
    sender = sending("bid_tabulation", actor=side.clerk, target=side.rfq)
    columns = {"number": 1, "unit_price": 5}

    upload = sender.confirm(
        sender.file(shared_data(SCHEDULES).read_bytes(), "PDX.xlsx"),
        columns, table="Bid Tab Schedule 2", header_rows=[HEAD], constants={"bidder": "Somebody"},
    )  # fmt: skip

    assert upload.counts.get("faulty") == 1
    (fault,) = upload.rows.get(outcome="faulty").faults
    assert (fault["code"], fault["detail"]) == ("no-such-line", "The RFQ has no line with the item number 2-001.")
