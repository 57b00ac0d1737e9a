"""How to make one document of each kind that no factory class makes: as its own app does."""

from __future__ import annotations

from collections.abc import Callable

from b2b.uploads.models import Upload
from b2b.workflow import Document
from procurement.models import (
    GoodsReceipt,
    Invoice,
    ProcurementPolicy,
    PurchaseOrder,
    RequestForQuotation,
    Requisition,
)
from quotations.models import Award, BidOpening, Objection, Question, Quotation
from quotations.objecting import ask_question, object_to
from tests.factories import procurement as buying
from tests.factories import quotations as bidding
from tests.factories.b2b import OrganisationFactory
from tests.factories.uploads import an_upload

PRICES = ({1: "2", 2: "3"}, {1: "3", 2: "4"})


def _receipt() -> GoodsReceipt:
    side = buying.trade()
    return buying.receive(side, buying.acknowledged_order(side))


def _invoice() -> Invoice:
    side = buying.trade()
    return buying.invoice_of(side, buying.received_order(side))


def _question() -> Question:
    side = bidding.tender()
    return ask_question(side.rfq, text="Zinc plated?", actor=side.seller(0))


def _objection() -> Objection:
    side = bidding.opened_tender(*PRICES, policy={"standstill_days": 10})
    bidding.approved(side)
    return object_to(side.quotation(1), text="We offered more.", actor=side.seller(1))


MAKERS: dict[type[Document], Callable[[], Document]] = {
    Award: lambda: bidding.proposed(bidding.opened_tender(*PRICES)),
    BidOpening: lambda: bidding.opened_tender(*PRICES).opening,
    GoodsReceipt: _receipt,
    Invoice: _invoice,
    Objection: _objection,
    ProcurementPolicy: lambda: buying.policy_for(OrganisationFactory()),
    PurchaseOrder: lambda: buying.order_of(buying.trade()),
    Question: _question,
    Quotation: lambda: bidding.tender().quotation(0),
    RequestForQuotation: lambda: buying.rfq_of(buying.trade()),
    Upload: an_upload,
    Requisition: lambda: buying.requisition_of(buying.trade()),
}
