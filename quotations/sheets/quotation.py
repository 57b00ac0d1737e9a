"""The RFQ's own workbook: one supplier fills in prices, everything else is as asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import DomainError
from b2b.sheets import parsers, workbook
from b2b.sheets.exporting import export, metadata_of
from b2b.sheets.reading import best_table, read
from b2b.sheets.sheet import Column, Row, Sheet, Wrong
from quotations.offer import Offer, OfferedLine

if TYPE_CHECKING:
    from b2b.sheets.faults import CellFault
    from b2b.sheets.reading import Reading
    from quotations.models import Quotation

SALT = "quotations.workbook"
OPEN_COLUMNS = ("unit_price", "no_bid", "lead_time_days", "note")


class WorkbookStrange(DomainError):
    """Not the workbook this quotation gave out: another supplier's, another RFQ's, or home-made."""

    status, code, title = 422, "workbook-strange", _("This is not the workbook of this quotation.")


class WorkbookStale(DomainError):
    code, title = "workbook-stale", _("The quotation was changed after this workbook was taken.")


class QuotationSheet(Sheet):
    """Answers to the lines of an RFQ. A blank row leaves the line unanswered."""

    code = "quotation"
    title = _("Quotation")
    about = _(
        "Fill in the unit price, or mark the line “no bid”. A price of zero is a price; a blank cell is no answer."
    )
    key: ClassVar = ("number",)

    number = Column(("Line", "行号"), parsers.whole_number(positive=True), ("No.", "Pos.", "Line no."), example="10")
    item = Column(("Item", "品名"), parsers.text(max_length=500), ("Description",), required=False, width=48)
    quantity = Column(("Quantity", "数量"), parsers.quantity(), ("Qty",), required=False)
    unit = Column(("Unit", "单位"), parsers.unit(), ("UOM",), required=False, width=10)
    unit_price = Column(
        ("Unit price", "单价"),
        parsers.unit_price(),
        ("Price", "Your price"),
        required=False,
        example="12.50",
        note=_("In the quotation's currency, for one unit."),
    )
    no_bid = Column(("No bid", "不报价"), parsers.yes_no(), ("No-bid", "Not quoted"), required=False, width=10)
    lead_time_days = Column(
        ("Lead time in days", "交货天数"), parsers.whole_number(minimum=0, maximum=3650), ("Lead time",), required=False
    )
    note = Column(("Note", "备注"), parsers.text(max_length=500), ("Remark", "Comment"), required=False, width=40)

    @classmethod
    def check(cls, row: Row) -> Iterable[Wrong]:
        if row["no_bid"] and row["unit_price"] is not None:
            yield Wrong(
                "no_bid", "price-or-no-bid", gettext("Give a price, or mark the line “no bid”: one of the two.")
            )


def workbook_of(quotation: Quotation, offer: Offer, *, language: str) -> bytes:
    """The protected workbook with the present answers; only ``OPEN_COLUMNS`` may be changed."""
    metadata = {"token": token_of(quotation)}
    return export(QuotationSheet, _rows(quotation, offer), language=language, unlocked=OPEN_COLUMNS, metadata=metadata)


def _rows(quotation: Quotation, offer: Offer) -> Iterator[Mapping[str, Any]]:
    for line in quotation.rfq.lines.order_by("number"):
        answer = offer.lines.get(line.number, OfferedLine())
        yield {
            "number": line.number,
            "item": line.item,
            "quantity": line.quantity,
            "unit": line.unit,
            "unit_price": answer.unit_price,
            "no_bid": True if answer.no_bid else None,
            "lead_time_days": answer.lead_time_days,
            "note": answer.note or None,
        }


def token_of(quotation: Quotation) -> str:
    """Signed: whose workbook it is, for which RFQ, over which version."""
    said = {
        "quotation": str(quotation.pk),
        "rfq": str(quotation.rfq_id),
        "supplier": str(quotation.supplier_id),
        "version": quotation.sealed_version,
    }
    return signing.dumps(said, salt=SALT)


def answers_in(quotation: Quotation, data: bytes, file_name: str) -> dict[int, OfferedLine | None]:
    """The answers of an uploaded workbook by line number; ``None`` for a line left blank.

    Raises ``WorkbookStrange``, ``WorkbookStale``, ``SheetRefused``, or ``Faulty`` with every fault by its cell.
    """
    _require_own(quotation, data, file_name)
    reading = read(
        QuotationSheet, best_table(QuotationSheet, workbook.open(data, file_name)), currency=quotation.currency
    )
    _compare_with_rfq(quotation, reading)
    return {row["number"]: _answer(row) for row in reading.sound()}


def _require_own(quotation: Quotation, data: bytes, file_name: str) -> None:
    kept = metadata_of(data, file_name) or {}
    try:
        said = signing.loads(str(kept.get("token", "")), salt=SALT)
    except signing.BadSignature:
        raise WorkbookStrange(gettext("Take the workbook from this quotation, fill it in and send it back.")) from None
    whose = {"quotation": quotation.pk, "rfq": quotation.rfq_id, "supplier": quotation.supplier_id}
    if any(said[name] != str(key) for name, key in whose.items()):
        raise WorkbookStrange(gettext("The workbook belongs to another supplier, quotation or RFQ."))
    if said["version"] != quotation.sealed_version:
        raise WorkbookStale(gettext("Take the workbook again; it then holds what was saved since."))


def _compare_with_rfq(quotation: Quotation, reading: Reading) -> list[CellFault]:
    """Protection guards against slips only: what is asked for must come back as it went out."""
    asked = {line.number: line for line in quotation.rfq.lines.all()}
    faults = []
    for row in reading.rows:
        line = asked.get(row["number"])
        if line is None:
            detail = gettext("The RFQ has no line %(line)s.") % {"line": row["number"]}
            faults.append(reading.fault(row, "number", "no-such-line", detail))
            continue
        for name, wanted in (("quantity", line.quantity), ("unit", line.unit)):
            if row[name] is not None and row[name] != wanted:
                detail = gettext("The RFQ asks for something else here; only prices and notes may be changed.")
                faults.append(reading.fault(row, name, "asked-differently", detail))
    return faults


def _answer(row: Row) -> OfferedLine | None:
    if row["unit_price"] is None and not row["no_bid"]:
        return None
    return OfferedLine(row["unit_price"], bool(row["no_bid"]), row["lead_time_days"], row["note"] or "")
