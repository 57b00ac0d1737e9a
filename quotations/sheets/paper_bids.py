"""Bids on paper as a reviewed table: each bidder's rows become a quotation that is opened from the start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext

from b2b.errors import Fault, NotAllowed
from b2b.fields import new_key
from b2b.models import Organisation
from b2b.policy import Actor, buyer
from b2b.sheets.sheet import Row
from b2b.together import together
from b2b.uploads.format import Act, Candidate, Format
from b2b.uploads.formats import register
from b2b.uploads.lines import Lines
from procurement.models import RequestForQuotation
from quotations.models import Quotation, QuotationLine
from quotations.naming_bidders import Bidders, misnamed, numbers_of_namesakes
from quotations.paper import record, require_opened
from quotations.policy import buying
from quotations.sheets.bid_tabulation import BidTabulationSheet, differences
from quotations.sheets.line_names import LineNames
from quotations.tabulation.bidders import canonical, is_estimate
from quotations.workflow.quotation import OPENED

TOLD = frozenset({"number", "section", "item", "unit", "quantity", "amount", "rank", "bidder", "bidder_number"})
"""Columns that say nothing a quotation keeps."""


class BidTabulationSession(Lines):
    of_whole_rows: ClassVar = frozenset({"already-quoting"})

    def judge(self, rows: Sequence[Candidate]) -> None:
        rfq: RequestForQuotation = self.target
        require_opened(rfq)
        self.bids: dict[UUID, list[Row]] = defaultdict(list)
        self.keys: dict[UUID, UUID] = {}
        known, names = Bidders(rfq), LineNames(rfq.lines.all())
        opened = _opened(rfq)
        for row in rows:
            if is_estimate(row.row["bidder"]):
                row.outcome, row.remark = "left_out", gettext("The engineer's estimate is nobody's bid.")
                continue
            name, number = row.row["bidder"], row.row["bidder_number"]
            called = known.called(name, number)
            line = names.line_of(row)
            row.key = _key(row.row, called)
            for wrong in differences(row.row, line) if line else ():
                row.fault(wrong.column, wrong.code, wrong.detail)
            if len(called) != 1:
                row.fault(*misnamed(called, numbered=bool(number) and known.is_named(name)))
            elif called[0].pk in opened:
                self._compare_opened(row, opened[called[0].pk])
            elif not row.faults:
                self._add(row, called[0].pk)

    def _add(self, row: Candidate, supplier_id: UUID) -> None:
        row.document_id = self.keys.setdefault(supplier_id, row.document_id or new_key())
        self.bids[supplier_id].append(row.row)
        self.compare(row, None, less=TOLD - {"bidder"})

    def _compare_opened(self, row: Candidate, lines: Mapping[int, QuotationLine]) -> None:
        """What was opened is not changed; a table that only repeats it changes nothing."""
        line = lines.get(row.row["number"])
        if line is not None:
            row.document_id = line.quotation_id
            row.row = Row(row.number, {**row.row, "no_bid": True if row.row["no_bid"] else None})
            before = {"unit_price": line.net_unit_price, "no_bid": True if line.no_bid else None}
            self.compare(row, before, less=TOLD)
        if line is None or row.outcome != "unchanged":
            row.fault("bidder", "already-quoting", gettext("This bidder's quotation was opened already."))

    def apply(self, acts: Sequence[Act], *, actor: Actor) -> None:
        self.target.lock()
        super().apply(acts, actor=actor)

    def write(self, acts: Sequence[Act], *, actor: Actor) -> Any:
        if not buying(actor, self.target):
            raise NotAllowed(gettext("This step is for: %(who)s.") % {"who": buying.name})
        with together():
            made = record(self.target, self.bids, actor, self.upload.filename, keys=self.keys)
        return [str(quotation.pk) for quotation in made]

    def _made(self) -> list[Quotation]:
        return list(Quotation.objects.filter(pk__in=self.upload.basis or ()).select_related("rfq").order_by("pk"))

    def dependents(self) -> Iterator[Fault]:
        for quotation in self._made():
            if quotation.state != "opened" or quotation.award_lines.exists():
                detail = gettext("Quotation %(number)s went on since.") % {"number": quotation.number}
                yield Fault("#/quotations", "gone-on-since", detail)
        if self.target.state != "under_evaluation":
            yield Fault("#/target", "gone-on-since", gettext("The RFQ is not under evaluation."))

    def restore(self, basis: Any, acts: Sequence[Act], *, actor: Actor) -> None:
        reason = gettext("The upload “%(file)s” was undone.") % {"file": self.upload.filename}
        with together():
            for quotation in self._made():
                quotation.strike(actor=actor, reason=reason)


def _key(row: Row, called: Sequence[Organisation]) -> str:
    """Namesakes are kept apart by who they are; a person reads the name."""
    name = f"{canonical(row['bidder'])}/{row['number']}"
    return f"{name} / {called[0].pk}" if len(called) == 1 else name


def _opened(rfq: RequestForQuotation) -> dict[UUID, dict[int, QuotationLine]]:
    """The lines of every opened quotation by supplier and number."""
    found: dict[UUID, dict[int, QuotationLine]] = {
        key: {} for key in rfq.quotations.filter(state__in=OPENED).values_list("supplier_id", flat=True)
    }
    lines = QuotationLine.objects.filter(quotation__rfq=rfq, quotation__state__in=OPENED).select_related("quotation")
    for line in lines:
        found[line.quotation.supplier_id][line.number] = line
    return found


@register
class BidTabulation(Format):
    sheet, by, session_class, target = BidTabulationSheet, buyer, BidTabulationSession, RequestForQuotation

    def check_target(self, target: RequestForQuotation, actor: Actor) -> None:
        if not buying(actor, target):
            raise NotAllowed(gettext("This step is for: %(who)s.") % {"who": buying.name})
        require_opened(target)

    def rows(self, *, organisation_id: UUID, target: RequestForQuotation, actor: Actor) -> Iterator[Mapping[str, Any]]:
        """What was opened, in the RFQ's currency only. Raises ``NotAllowed`` for anybody but the buyer."""
        if organisation_id != target.buyer_id:
            raise NotAllowed
        lines = QuotationLine.objects.filter(quotation__rfq=target, quotation__state__in=OPENED)
        same = lines.filter(quotation__currency=target.currency).select_related("quotation__supplier", "rfq_line")
        numbers = numbers_of_namesakes(dict(same.values_list("quotation__supplier_id", "quotation__supplier__name")))
        for line in same.order_by("number", "quotation_id").iterator(chunk_size=2_000):
            yield {
                "number": line.number,
                "section": line.rfq_line.section or None,
                "item": line.rfq_line.item,
                "unit": line.rfq_line.unit,
                "quantity": line.quantity,
                "bidder": line.quotation.supplier.name,
                "bidder_number": numbers.get(line.quotation.supplier_id),
                "unit_price": line.net_unit_price,
                "no_bid": True if line.no_bid else None,
                "amount": line.amount,
                "rank": None,
            }
