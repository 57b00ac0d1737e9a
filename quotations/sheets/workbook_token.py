"""The hidden token of an RFQ's own workbook: whose it is, for what, and over which version of it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.sheets.exporting import metadata_of
from b2b.sheets.faults import SheetRefused

if TYPE_CHECKING:
    from procurement.models import RequestForQuotation
    from quotations.models import Quotation

SALT = "quotations.workbook"


class WorkbookStrange(SheetRefused):
    """Not the workbook this quotation gave out: another supplier's, another RFQ's, or home-made."""

    code, title = "workbook-strange", _("This is not the workbook of this quotation.")


class WorkbookStale(SheetRefused):
    status, code, title = 409, "workbook-stale", _("The quotation was changed after this workbook was taken.")


def token_of(quotation: Quotation) -> str:
    """Signed: whose workbook it is, for which RFQ, over which version of both."""
    return signing.dumps(_said(quotation) | {"version": quotation.sealed_version}, salt=SALT)


def require_own(quotation: Quotation, data: bytes, file_name: str, *, home_made: bool = False) -> None:
    """Raises ``WorkbookStrange`` or ``WorkbookStale``; ``home_made`` lets a file pass that carries no token at all."""
    kept = metadata_of(data, file_name)
    if kept is None and home_made:
        return
    try:
        said = signing.loads(str((kept or {}).get("token", "")), salt=SALT)
    except signing.BadSignature:
        raise WorkbookStrange(gettext("Take the workbook from this quotation, fill it in and send it back.")) from None
    _compare(quotation, said)


def _compare(quotation: Quotation, said: dict[str, Any]) -> None:
    now = _said(quotation)
    if any(said.get(name) != now[name] for name in ("quotation", "rfq", "supplier")):
        raise WorkbookStrange(gettext("The workbook belongs to another supplier, quotation or RFQ."))
    if said.get("revision") != now["revision"]:
        raise WorkbookStale(gettext("The RFQ asks for something else since. Take the workbook again."))
    if said.get("version") != quotation.sealed_version:
        raise WorkbookStale(gettext("Take the workbook again; it then holds what was saved since."))


def _said(quotation: Quotation) -> dict[str, str]:
    return {
        "quotation": str(quotation.pk),
        "rfq": str(quotation.rfq_id),
        "supplier": str(quotation.supplier_id),
        "revision": revision_of(quotation.rfq),
    }


def revision_of(rfq: RequestForQuotation) -> str:
    """SHA-256 over what is asked: two revisions that ask the same of a supplier are the same to its workbook."""
    asked = rfq.lines.order_by("number").values_list("number", "item", "code", "quantity", "unit", "mandatory")
    told = [[*line[:3], f"{line[3].normalize():f}", *line[4:]] for line in asked]
    return hashlib.sha256(json.dumps([rfq.currency, told], ensure_ascii=False).encode()).hexdigest()
