"""Work for later: fetch by id, hand over, report."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task
from django.db import transaction

from b2b.errors import DomainError
from b2b.policy import CLOCK
from b2b.together import together
from procurement import matching, printing
from procurement.models import Invoice, PurchaseOrder

log = logging.getLogger(__name__)


@shared_task(name="procurement.auto_approve")
def auto_approve(order_id: str) -> None:
    """Approve a call-off the policy lets through; one it does not stays with the buyer, as a draft."""
    order = PurchaseOrder.objects.get(pk=order_id)
    try:
        with transaction.atomic():
            order.auto_approve(actor=CLOCK)
    except DomainError as refusal:
        log.info("Order %s waits for a person: %s", order_id, refusal.code)


@shared_task(name="procurement.match_invoice")
def match_invoice(invoice_id: str) -> None:
    """An invoice that was decided meanwhile is left as it is."""
    with together():
        invoice = Invoice.found_and_held(UUID(invoice_id), seen_by=None)
        if invoice.state in Invoice.steps()["match"].sources:
            matching.match(invoice)
        else:
            log.info("Invoice %s was not matched: it is %s", invoice_id, invoice.state)


@shared_task(name="procurement.print_order")
def print_order(order_id: str) -> None:
    printing.print_order(PurchaseOrder.objects.get(pk=order_id))
