"""People with browsers, and where a quotation is."""

from __future__ import annotations

from tests.clients import signed_in
from tests.factories.b2b import MembershipFactory


def browser(organisation, *roles, second_factor=False):
    membership = MembershipFactory(organisation=organisation, roles=list(roles))
    return signed_in(membership.user, organisation, second_factor=second_factor)


def url_of(quotation):
    return f"/api/v1/quotations/{quotation.pk}/"


def etag(quotation):
    quotation.refresh_from_db()
    return {"If-Match": f'"v{quotation.version}"'}


def started(side, place=0):
    return side.quotation(place).start(actor=side.seller(place))
