"""Several bidders' prices on one sheet: recorded from paper, or exported from what was opened.

One row for each bidder and line, as public buyers publish their bid tabulations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.sheets import parsers
from b2b.sheets.sheet import Column, Row, Sheet, Wrong
from quotations.comparison import NO_BID, PRICED, Comparison
from quotations.naming_bidders import numbers_of_namesakes
from quotations.sheets.line_names import LineName

if TYPE_CHECKING:
    from procurement.models import RFQLine

CENT = Decimal("0.01")


class BidTabulationSheet(Sheet):
    """A line a bidder neither prices nor marks as no bid is not answered; leave its row out."""

    code = "bid_tabulation"
    title = _("Bid tabulation")
    about = _(
        "One row for each bidder and line. Bidders are named as they are registered; prices are in the RFQ's currency."
    )
    key: ClassVar = ("bidder", "bidder_number", "number")

    number = Column(
        ("Line", "行号"), LineName(), ("Ln Num", "Line no.", "No."), example="10",
        note=_("Or the line's item number, where only one line has it."),
    )  # fmt: skip
    section = Column(("Section", "部分"), parsers.text(max_length=200), required=False)
    item = Column(
        ("Item", "品名"), parsers.text(max_length=500), ("Item Description", "Description"), required=False, width=48
    )
    unit = Column(("Unit", "单位"), parsers.unit(), ("UOM",), required=False, width=10, rests_on=("number",))
    quantity = Column(("Quantity", "数量"), parsers.quantity(), ("Qty",), required=False, rests_on=("number",))
    bidder = Column(
        ("Bidder", "投标人"), parsers.text(max_length=200), ("Vendor Name", "Bidder Name", "Supplier"), width=36,
        rests_on=("bidder_number",),
    )  # fmt: skip
    bidder_number = Column(
        ("Registration number", "登记号码"), parsers.text(max_length=60), ("Bidder's registration number",),
        required=False, width=24, note=_("Only where several suppliers have the name: which of them is meant."),
    )  # fmt: skip
    unit_price = Column(
        ("Unit price", "单价"), parsers.unit_price(), ("Bid Price", "Price"), required=False, example="12.50",
        rests_on=("no_bid",),
    )  # fmt: skip
    no_bid = Column(("No bid", "不报价"), parsers.yes_no(), ("No-bid",), required=False, width=10)
    amount = Column(
        ("Amount", "金额"), parsers.amount(), ("Ext Amount", "Extension"), required=False,
        rests_on=("number", "unit_price"),
    )  # fmt: skip
    rank = Column(
        ("Rank", "排名"), parsers.whole_number(minimum=0), ("Vend Rank", "Pos"), required=False, width=8,
        note=_("Only to read by; the engineer's estimate has rank 0 in many tabulations."),
    )  # fmt: skip

    @classmethod
    def check(cls, row: Row) -> Iterable[Wrong]:
        if bool(row["no_bid"]) == (row["unit_price"] is not None):
            yield Wrong(
                "unit_price", "price-or-no-bid", gettext("Give a price, or mark the line “no bid”: one of the two.")
            )


def differences(row: Row, line: RFQLine) -> Iterator[Wrong]:
    """Where the row does not agree with the line it answers, or with itself."""
    for name, wanted in (("quantity", line.quantity), ("unit", line.unit)):
        if row[name] is not None and row[name] != wanted:
            yield Wrong(name, "asked-differently", gettext("The RFQ asks for something else on this line."))
    if row["amount"] is not None and row["unit_price"] is not None and _off(row, line):
        yield Wrong("amount", "amount-differs", gettext("The amount is not the quantity times the unit price."))


def _off(row: Row, line: RFQLine) -> bool:
    """By more than rounding to whole cents can explain."""
    return bool(abs(line.quantity * row["unit_price"] - row["amount"]) >= CENT)


def tabulation_rows(compared: Comparison) -> Iterator[Mapping[str, Any]]:
    """Every opened price, as the sheet writes it and reads it back."""
    bidders = {bidder.quotation_id: bidder for bidder in compared.bidders}
    numbers = numbers_of_namesakes({bidder.supplier_id: bidder.supplier for bidder in compared.bidders})
    for line in compared.lines:
        for cell in line.cells:
            if cell.kind in {PRICED, NO_BID}:
                yield {
                    "number": line.number,
                    "section": line.section or None,
                    "item": line.item,
                    "unit": line.unit,
                    "quantity": line.quantity,
                    "bidder": bidders[cell.quotation_id].supplier,
                    "bidder_number": numbers.get(bidders[cell.quotation_id].supplier_id),
                    "unit_price": cell.compared_unit_price,
                    "no_bid": True if cell.kind == NO_BID else None,
                    "amount": cell.compared_amount,
                    "rank": bidders[cell.quotation_id].rank,
                }
