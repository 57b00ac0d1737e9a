"""Guards hung on the steps of other apps: nobody who may not be dealt with is invited, awarded or signed with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Fault
from b2b.gates import gate
from b2b.models import Organisation
from suppliers.standing import Standing, standing

if TYPE_CHECKING:
    from contracts.models import Contract
    from procurement.models import RequestForQuotation
    from quotations.models import Award


@gate("procurement.requestforquotation", "publish")
@gate("procurement.requestforquotation", "approve")
def invited_suppliers_are_qualified(rfq: RequestForQuotation) -> Iterator[Fault]:
    """One fault for each invited supplier that may not be invited."""
    for place, found in enumerate(_standings(rfq.invited(), rfq.buyer_id)):
        if not found.may_be_invited:
            yield _fault(f"#/invitations/{place}/supplier", found)


@gate("quotations.award", "approve")
@gate("quotations.award", "confirm")
def awarded_suppliers_are_qualified(award: Award) -> Iterator[Fault]:
    """One fault for each winner that may not be ordered from."""
    winners = dict.fromkeys(supplier_id for supplier_id, *_quotation in award.awarded())
    for found in _standings(winners, award.buyer_id):
        if not found.may_be_ordered_from:
            yield _fault("#/lines", found)


@gate("contracts.contract", "sign")
def supplier_may_sign(contract: Contract) -> Fault | None:
    """A contract is not signed with a supplier that is blocked, suspended or not qualified."""
    found = next(_standings([contract.supplier_id], contract.buyer_id))
    return None if found.may_sign else _fault("#/supplier", found)


def _standings(suppliers: Iterable[UUID], buyer_id: UUID) -> Iterator[Standing]:
    asked = list(suppliers)
    found = standing(asked, buyer_id=buyer_id, on=database_now().date())
    return iter([found[key] for key in asked])


def _fault(pointer: str, found: Standing) -> Fault:
    name = Organisation.objects.values_list("name", flat=True).get(pk=found.supplier_id)
    sentence = gettext("%(supplier)s: %(reason)s") % {"supplier": name, "reason": found.reason}
    return Fault(pointer, f"supplier-{found.state.replace('_', '-')}", sentence)
