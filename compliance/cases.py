"""A case: all documents of one piece of business, found from any one of them.

A case begins with an RFQ where there is one, else with a purchase order or a contract made by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from b2b.errors import NotFound
from b2b.models import JournalEntry
from b2b.policy import Actor
from b2b.workflow import Document
from contracts.models import CallOff, Contract
from credit.models import CreditAccount
from procurement.models import GoodsReceipt, Invoice, PurchaseOrder, RequestForQuotation
from quotations.models import Award, BidOpening, Objection, Question, Quotation
from suppliers.models import Qualification


@dataclass(frozen=True, slots=True)
class Case:
    """The document it was looked up by or began with, and every document the reader may see of it."""

    anchor: Document
    documents: tuple[Document, ...]

    @property
    def title(self) -> str:
        return _("%(kind)s %(number)s") % {"kind": self.anchor.kind_name, "number": self.anchor}

    def entries(self) -> QuerySet[JournalEntry]:
        """The whole case in the order things happened."""
        keys = [document.pk for document in self.documents]
        return JournalEntry.objects.filter(document_id__in=keys).order_by("id")


@dataclass(frozen=True, slots=True)
class Happening:
    """One journal entry of a case, with the document it is about and the step's name in the reader's language."""

    document: Document
    entry: JournalEntry
    label: str


def timeline(case: Case) -> list[Happening]:
    """Everything that happened in a case, in order; one query."""
    documents = {document.pk: document for document in case.documents}
    entries = case.entries().select_related("user", "organisation")
    return [_happening(documents[entry.document_id], entry) for entry in entries]


def _happening(document: Document, entry: JournalEntry) -> Happening:
    declared = document.steps().get(entry.step)
    own = {"create": _("Created"), "edit": _("Edited")}
    return Happening(document, entry, str(declared.label) if declared else own.get(entry.step, entry.step))


def case_of(key: UUID, *, actor: Actor) -> Case:
    """The case a document belongs to. Raises ``NotFound`` for what ``actor`` may not see."""
    anchor = _anchor(key, actor)
    found = _around_rfq(anchor, actor) if isinstance(anchor, RequestForQuotation) else _around_trade(anchor, actor)
    unique = {document.pk: document for document in chain([anchor], found)}
    return Case(anchor, tuple(unique.values()))


def anchors(actor: Actor) -> QuerySet[RequestForQuotation]:
    """The cases a reader may open, newest first: those that began with an RFQ."""
    return RequestForQuotation.objects.visible_to(actor).order_by("-created_at", "-pk")


def _anchor(key: UUID, actor: Actor) -> Document:
    """The RFQ behind whatever the key names."""
    for model in (RequestForQuotation, PurchaseOrder, Contract):
        document: Any = model.objects.visible_to(actor).filter(pk=key).first()
        if document is not None:
            return _origin(document, actor) or document
    raise NotFound


def _origin(document: Any, actor: Actor) -> RequestForQuotation | None:
    rfq_id = getattr(document, "rfq_id", None)
    return RequestForQuotation.objects.visible_to(actor).filter(pk=rfq_id).first() if rfq_id else None


def _around_rfq(rfq: RequestForQuotation, actor: Actor) -> Iterator[Document]:
    quotations = Quotation.objects.visible_to(actor).filter(rfq=rfq)
    awards = Award.objects.visible_to(actor).filter(rfq=rfq)
    orders = PurchaseOrder.objects.visible_to(actor).filter(rfq=rfq)
    contracts = Contract.objects.visible_to(actor).filter(rfq=rfq)
    yield from _qualifications(rfq.buyer_id, rfq.invitations.values_list("supplier_id", flat=True), actor)
    yield from _in_order(Question.objects.visible_to(actor).filter(rfq=rfq))
    yield from _in_order(quotations)
    yield from _in_order(BidOpening.objects.visible_to(actor).filter(rfq=rfq))
    yield from _in_order(awards)
    yield from _in_order(Objection.objects.visible_to(actor).filter(award__rfq=rfq))
    yield from _in_order(contracts)
    yield from _trade(orders, actor)


def _around_trade(anchor: Any, actor: Actor) -> Iterator[Document]:
    orders = PurchaseOrder.objects.visible_to(actor)
    if isinstance(anchor, Contract):
        called = CallOff.objects.filter(contract=anchor).values("order_id")
        orders = orders.filter(pk__in=called)
    else:
        orders = orders.filter(pk=anchor.pk)
    yield from _qualifications(anchor.buyer_id, [anchor.supplier_id], actor)
    yield from _trade(orders, actor)


def _trade(orders: QuerySet[PurchaseOrder], actor: Actor) -> Iterator[Document]:
    keys = list(orders.values_list("pk", "buyer_id", "supplier_id", "currency"))
    ids = [key for key, *_rest in keys]
    yield from _in_order(PurchaseOrder.objects.filter(pk__in=ids))
    yield from _in_order(CallOff.objects.visible_to(actor).filter(order_id__in=ids))
    yield from _in_order(GoodsReceipt.objects.visible_to(actor).filter(order_id__in=ids))
    yield from _in_order(Invoice.objects.visible_to(actor).filter(order_id__in=ids))
    pairs = Q(pk__in=[])
    for _key, buyer_id, supplier_id, currency in keys:
        pairs |= Q(buyer_id=buyer_id, supplier_id=supplier_id, currency=currency)
    yield from _in_order(CreditAccount.objects.visible_to(actor).filter(pairs))


def _qualifications(buyer_id: UUID, suppliers: Iterable[UUID], actor: Actor) -> Iterator[Document]:
    whose = Q(buyer_id=buyer_id) | Q(buyer=None)
    yield from _in_order(Qualification.objects.visible_to(actor).filter(whose, supplier_id__in=list(suppliers)))


def _in_order(documents: QuerySet[Any]) -> Iterator[Document]:
    yield from documents.order_by("created_at", "pk")
