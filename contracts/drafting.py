"""New contracts: by hand, from an order, or from an award, for which each supplier's is made exactly once."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from b2b.errors import Fault, Invalid, WrongState
from b2b.models import Organisation
from b2b.policy import CLOCK, Actor
from b2b.workflow import create
from contracts.composing import Composition, prepare, store
from contracts.models import Contract, ContractTemplate, TemplateVersion
from contracts.price_line import PriceLine
from procurement.models import PurchaseOrder
from quotations.models import Award, AwardLine, Quotation


@transaction.atomic
def draft(contract: Contract, composition: Composition, *, actor: Actor) -> Contract:
    """Save a new contract with its clauses and price lines. Raises ``Invalid``."""
    require_two_sides(contract)
    prepared = prepare(contract, composition)
    create(contract, actor=actor, inputs=_told(composition))
    store(contract, prepared)
    return contract


def require_two_sides(contract: Contract) -> None:
    if contract.supplier_id == contract.buyer_id:
        detail = gettext("A contract is between two organisations.")
        raise Invalid(faults=[Fault("#/supplier", "own-organisation", detail)])


def _told(composition: Composition) -> dict[str, Any]:
    """As the journal keeps it: the lines as they are; clauses by where they came from, or by their title."""
    clauses = [row.source or row.title for row in composition.clauses or ()]
    lines = [asdict(line) for line in composition.lines or ()]
    return {"template": composition.template, "clauses": clauses, "lines": lines}


def usual_template(buyer_id: UUID) -> TemplateVersion | None:
    """The one taken where nobody chose: the buyer's own before the platform's."""
    usual = ContractTemplate.objects.for_buyer(buyer_id).filter(is_usual=True)
    template = usual.order_by("buyer_id", "code").first()  # PostgreSQL puts empty ones last.
    return template.current() if template else None


@transaction.atomic
def draft_from_order(order: PurchaseOrder, *, actor: Actor) -> Contract:
    """A draft with the order's supplier, terms and prices; asked again, the one there is."""
    source = f"{order._meta.label_lower}/{order.pk}"
    contract = _made_from(source, order.supplier_id) or Contract(
        source=source,
        buyer_id=order.buyer_id,
        supplier_id=order.supplier_id,
        rfq_id=order.rfq_id,
        currency=order.currency,
        payment_terms=order.payment_terms,
        incoterm=order.incoterm,
        place=order.place,
    )
    if contract.version:
        return contract
    told = ("number", "item", "code", "product_id", "quantity", "unit", "unit_price", "vat_category", "vat_rate")
    lines = [PriceLine(**row) for row in order.lines.order_by("number").values(*told)]
    return draft(contract, Composition(template=usual_template(order.buyer_id), lines=lines), actor=actor)


def draft_from_award(award: Award, *, actor: Actor = CLOCK) -> list[Contract]:
    """A draft for every supplier awarded something; those that are there already are found, not made again."""
    quotations = Quotation.objects.filter(award_lines__award=award).distinct().order_by("pk")
    return [_for_quotation(award, quotation, actor=actor) for quotation in quotations]


def draft_for_supplier(award: Award, supplier: Organisation | None, *, actor: Actor) -> Contract:
    """What a confirmed award gives to one supplier, as a draft. Raises ``WrongState`` or ``Invalid``."""
    if award.state != "confirmed":
        raise WrongState(gettext("Contracts follow from a confirmed award."))
    quotation = Quotation.objects.filter(award_lines__award=award, supplier=supplier).distinct().first()
    if quotation is None:
        detail = gettext("Nothing was awarded to this supplier.")
        raise Invalid(faults=[Fault("#/supplier", "nothing-awarded", detail)])
    return _for_quotation(award, quotation, actor=actor)


@transaction.atomic
def _for_quotation(award: Award, quotation: Quotation, *, actor: Actor) -> Contract:
    award.lock()
    source = f"{award._meta.label_lower}/{award.pk}/{quotation.pk}"
    if made := _made_from(source, quotation.supplier_id):
        return made
    rfq = award.rfq
    contract = Contract(
        source=source,
        buyer_id=award.buyer_id,
        supplier_id=quotation.supplier_id,
        rfq=rfq,
        award=award,
        currency=quotation.currency,
        payment_terms=rfq.payment_terms,
        incoterm=rfq.incoterm,
        place=rfq.place,
    )
    awarded = award.lines.filter(quotation=quotation).select_related("rfq_line").order_by("rfq_line__number")
    lines = [_awarded(line) for line in awarded]
    draft(contract, Composition(template=usual_template(award.buyer_id), lines=lines), actor=actor)
    if quotation.state in {"awarded", "partially_awarded"}:
        quotation.order(actor=CLOCK, created=f"{contract._meta.label_lower}/{contract.pk}")
    return contract


def _awarded(line: AwardLine) -> PriceLine:
    asked = line.rfq_line
    return PriceLine(
        number=asked.number,
        item=asked.item,
        code=asked.code,
        product_id=asked.product_id,
        quantity=line.quantity,
        unit=asked.unit,
        unit_price=line.unit_price,
    )


def _made_from(source: str, supplier_id: UUID) -> Contract | None:
    return Contract.objects.filter(source=source, supplier_id=supplier_id).first()
