"""From an approved contract to the PDF the parties sign: drawn in the background, kept by its SHA-256."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction

from b2b import contents
from b2b.clock import database_now
from b2b.pdf import Attachment, Rendered, render
from b2b.policy import CLOCK
from contracts.content import canonical, content_of, sha256_of
from contracts.models import Contract, ContractVersion
from contracts.printing import layout

TEMPLATE = "contracts/contract.html"
ENCLOSED = "contract.json"


def generate(contract_id: UUID) -> ContractVersion | None:
    """Draw and keep the next version and put it before the parties; ``None`` where nothing waits to be drawn.

    The drawing happens outside the transaction; if the contract has moved meanwhile, it is thrown
    away. Raises what ``b2b.pdf.render`` does.
    """
    contract = _waiting(contract_id)
    if contract is None:
        return None
    number = contract.versions.count() + 1
    content, now = content_of(contract, version=number), database_now()
    drawn = draw(content, dated=now)
    with transaction.atomic():
        contract.lock()
        if contract.state != "approved":
            return None
        version = _keep(contract, number, content, drawn)
        contract.generate(actor=CLOCK, version_id=version.pk)
    return version


def draw(content: dict[str, object], *, dated: datetime) -> Rendered:
    """The PDF of a content, with its canonical JSON enclosed for machines."""
    enclosed = Attachment(ENCLOSED, canonical(content), "The content in canonical JSON", "Source")
    return render(TEMPLATE, layout(content), language="en", attachments=[enclosed], dated=dated)


def _waiting(contract_id: UUID) -> Contract | None:
    parties = Contract.objects.select_related("buyer", "supplier", "template")
    return parties.filter(pk=contract_id, state="approved").first()


def _keep(contract: Contract, number: int, content: dict[str, object], drawn: Rendered) -> ContractVersion:
    return ContractVersion.objects.create(
        contract=contract,
        number=number,
        content=json.loads(canonical(content)),
        content_sha256=sha256_of(content),
        pdf_sha256=contents.keep(ContentFile(drawn.pdf)),
        pdf_size=len(drawn.pdf),
        pages=drawn.pages,
        generated_at=database_now(),
    )
