"""The RFQ's own workbook: one supplier fills in prices, everything else is as asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import Blocked, Fault, NotAllowed
from b2b.policy import Actor, sales
from b2b.sheets import parsers
from b2b.sheets.sheet import Column, Row, Sheet, Wrong
from b2b.uploads.dashes import recall
from b2b.uploads.format import Act, Candidate, Format
from b2b.uploads.formats import register
from b2b.uploads.lines import Lines
from b2b.workflow.editing import require_editable
from quotations.models import Quotation
from quotations.saving import faults_in, save_offer
from quotations.sheets.answering import ANSWERED, Place, answered, offer_rows, place_of
from quotations.sheets.workbook_token import require_own, token_of
from quotations.workflow.quotation_guards import before_deadline

if TYPE_CHECKING:
    from procurement.models import RFQLine

OPEN_COLUMNS = ("alternative", "from_quantity", *ANSWERED)
ASKED = frozenset({"number", "item", "quantity", "unit"})
OF_A_LINE = re.compile(r"#/lines/(\d+)(?:/(\w+))?")


class QuotationSheet(Sheet):
    """Answers to the lines of an RFQ. A blank row leaves the line unanswered."""

    code = "quotation"
    title = _("Quotation")
    about = _(
        "Fill in the unit price, or mark the line “no bid”. A price of zero is a price; a blank cell is no answer. For "
        "prices by quantity, and for other things you offer instead, add rows with the same line number below the "
        "table: with the quantity from which the price holds, with a name for what you offer. The workbook knows whom "
        "it was given to and for what; a table of your own works by the line numbers. What you write stays sealed."
    )

    number = Column(
        ("Line", "行号"), parsers.whole_number(positive=True), ("No.", "Pos.", "Line no."), example="10",
        rests_on=("from_quantity", "alternative"),
    )  # fmt: skip
    item = Column(("Item", "品名"), parsers.text(max_length=500), ("Description",), required=False, width=48)
    quantity = Column(("Quantity", "数量"), parsers.quantity(), ("Qty",), required=False, rests_on=("number",))
    unit = Column(("Unit", "单位"), parsers.unit(), ("UOM",), required=False, width=10, rests_on=("number",))
    unit_price = Column(
        ("Unit price", "单价"),
        parsers.unit_price(),
        ("Price", "Your price"),
        required=False,
        example="12.50",
        note=_("In the quotation's currency, for one unit."),
        rests_on=("number", "no_bid", "from_quantity", "alternative"),
    )
    no_bid = Column(
        ("No bid", "不报价"), parsers.yes_no(), ("No-bid", "Not quoted"), required=False, width=10,
        rests_on=("number", "unit_price"),
    )  # fmt: skip
    lead_time_days = Column(
        ("Lead time in days", "交货天数"), parsers.whole_number(minimum=0, maximum=3650), ("Lead time",), required=False
    )
    note = Column(("Note", "备注"), parsers.text(max_length=500), ("Remark", "Comment"), required=False, width=40)
    from_quantity = Column(
        ("From quantity", "起订数量"), parsers.quantity(), ("From", "Tier", "Price break", "数量起"), required=False,
        note=_("Of a further row: from how many on this price holds."), width=14,
    )  # fmt: skip
    alternative = Column(
        ("Alternative offered", "替代方案"), parsers.text(max_length=200), ("Alternative", "替代品"), required=False,
        note=_("Of a further row: what you offer instead of what is asked."), width=32,
    )  # fmt: skip

    @classmethod
    def check(cls, row: Row) -> Iterable[Wrong]:
        if row["no_bid"] and row["unit_price"] is not None:
            detail = gettext("Give a price, or mark the line “no bid”: one of the two.")
            yield Wrong("no_bid", "price-or-no-bid", detail)
        if row["from_quantity"] is not None:
            for name in ("no_bid", "lead_time_days", "note"):
                if row[name]:
                    yield Wrong(name, "tier-says-price-only", gettext("A row with a quantity only gives a price."))


# --- The review -------------------------------------------------------------------------------------------
def asked_differently(row: Row, asked: Mapping[int, RFQLine]) -> Iterator[Wrong]:
    """Protection guards against slips only: what is asked for must come back as it went out."""
    line = asked.get(row["number"])
    if line is None:
        yield Wrong("number", "no-such-line", gettext("The RFQ has no line %(line)s.") % {"line": row["number"]})
        return
    for name, wanted in (("quantity", line.quantity), ("unit", line.unit)):
        if row[name] is not None and row[name] != wanted:
            detail = gettext("The RFQ asks for something else here; only prices and notes may be changed.")
            yield Wrong(name, "asked-differently", detail)


def _twice(row: Row, places: Mapping[Place, int]) -> Iterator[Wrong]:
    if places[place_of(row)] > 1:
        yield Wrong("number", "duplicate-key", gettext("Another row answers the same. Keep one of the two."))


class QuotationSession(Lines):
    """What the rows say is sealed, in the upload as in the quotation; it is shown to its supplier only."""

    def judge(self, rows: Sequence[Candidate]) -> None:
        quotation: Quotation = self.target
        require_own(quotation, self.upload.content(), self.upload.filename, home_made=True)
        require_editable(quotation, self.reviewer)
        if fault := before_deadline(quotation):
            raise Blocked(faults=[fault])
        present = quotation.offer()
        there = {place_of(row): row for row in offer_rows(quotation.rfq, present)}
        for row in rows:
            recall(row, there.get(place_of(row.row), {}))
        self._find_faults(rows)
        sound = [row for row in rows if not row.faults]
        self.planned = answered(present, [row.row for row in sound], rows[0].places)
        self._place_offer_faults(sound)
        for row in sound:
            self._compare(row, there)

    def _find_faults(self, rows: Sequence[Candidate]) -> None:
        asked = {line.number: line for line in self.target.rfq.lines.all()}
        places = Counter(place_of(row.row) for row in rows)
        further: Counter[int] = Counter()
        for row in rows:
            number = row.row["number"]
            is_further = row.row["alternative"] or row.row["from_quantity"] is not None
            further[number] += bool(is_further)
            # The key stands in clear, so it says which row of the line it is and not for what quantity.
            row.key = f"{number}/{further[number]}" if is_further else str(number)
            for wrong in (*asked_differently(row.row, asked), *_twice(row.row, places)):
                row.fault(wrong.column, wrong.code, wrong.detail)

    def _place_offer_faults(self, rows: Sequence[Candidate]) -> None:
        for fault in faults_in(self.planned, self.target):
            found = OF_A_LINE.match(fault.pointer)
            number = int(found[1]) if found else 0
            row = next((row for row in rows if row.row["number"] == number), rows[0] if rows else None)
            if row is not None:
                row.fault(self._column((found and found[2]) or "", row), fault.code, fault.detail)

    def _compare(self, row: Candidate, there: Mapping[Place, Mapping[str, Any]]) -> None:
        if row.faults:
            return
        before = there.get(place_of(row.row))
        row.row = Row(row.number, {**row.row, "no_bid": True if row.row["no_bid"] else None})
        self.compare(row, before, less=ASKED)
        if before is None and row.row["unit_price"] is None:
            row.outcome, row.after = "unchanged", None

    def write(self, acts: Sequence[Act], *, actor: Actor) -> Any:
        before = self.target.sealed_version
        save_offer(self.target, lambda _present: self.planned, actor=actor)
        return {"before": before, "after": self.target.sealed_version}

    def apply(self, acts: Sequence[Act], *, actor: Actor) -> None:
        self.target.lock()
        super().apply(acts, actor=actor)

    def dependents(self) -> Iterator[Fault]:
        basis = self.upload.basis or {}
        if self.target.state != "draft" or self.target.sealed_version != basis.get("after"):
            detail = gettext("The document was changed or went on since.")
            yield Fault("#/target", "gone-on-since", detail)

    def restore(self, basis: Any, acts: Sequence[Act], *, actor: Actor) -> None:
        before = self.target.offer_of(basis["before"])
        save_offer(self.target, lambda _present: before, actor=actor)


@register
class Quotations(Format):
    sheet, by, session_class, target = QuotationSheet, sales, QuotationSession, Quotation
    open_columns: ClassVar = OPEN_COLUMNS
    sealed: ClassVar = True

    def check_target(self, target: Quotation, actor: Actor) -> None:
        require_editable(target, actor)

    def metadata(self, target: Quotation) -> Mapping[str, Any]:
        return {"token": token_of(target)}

    def rows(self, *, organisation_id: UUID, target: Quotation, actor: Actor) -> Iterator[Mapping[str, Any]]:
        """Raises ``NotAllowed`` for anybody but its supplier, opened or not."""
        if organisation_id != target.supplier_id:
            raise NotAllowed
        return offer_rows(target.rfq, target.offer())
