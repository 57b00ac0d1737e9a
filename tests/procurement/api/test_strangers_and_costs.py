"""What every document of procurement promises over HTTP: to strangers nothing, and lists at a steady cost."""

from __future__ import annotations

import pytest

from b2b.models import JournalEntry
from procurement.models import Invoice
from tests.clients import V1
from tests.factories.b2b import PlatformFactory
from tests.factories.procurement import (
    acknowledged_order,
    approved_order,
    invoice_of,
    matched_invoice,
    policy_for,
    published_rfq,
    receive,
    received_order,
    requisition_of,
    rfq_of,
    trade,
)

pytestmark = pytest.mark.django_db


def documents(side):
    order = received_order(side)
    return {
        "rfqs": published_rfq(side),
        "requisitions": requisition_of(side),
        "purchase-orders": order,
        "receipts": order.receipts.get(),
        "invoices": matched_invoice(side, order),
        "procurement-policies": policy_for(side.buyer),
    }


def test_to_strangers_nothing_is_there_and_nothing_changes(side, client_of):
    there = documents(side)
    versions = {name: document.version for name, document in there.items()}
    stranger = client_of(trade().buyer, "buyer", "buying_manager", "finance", "receiver", "admin", second_factor=True)
    entries = JournalEntry.objects.count()

    for name, document in there.items():
        url = f"{V1}/{name}/{document.pk}/"
        assert stranger.get(url).status_code == 404
        assert stranger.get(f"{url}journal/").status_code == 404
        assert stranger.patch(url, {}, headers={"If-Match": '"v1"'}).status_code in {404, 405}
        for step in document.steps():
            assert stranger.post(f"{url}{step.replace('_', '-')}/", {"reason": "x"}).status_code == 404
        assert stranger.get(f"{V1}/{name}/").json()["results"] == []
        document.refresh_from_db()
        assert document.version == versions[name]
    for name in ("rfqs", "purchase-orders"):
        for tail in ("lines/", "lines/download/"):
            assert stranger.get(f"{V1}/{name}/{there[name].pk}/{tail}").status_code == 404
    assert JournalEntry.objects.count() == entries


def test_a_rival_supplier_sees_no_order_and_no_invitation(side, client_of):
    there = documents(side)
    rival = client_of(trade().supplier, "sales")

    for name, document in there.items():
        assert rival.get(f"{V1}/{name}/{document.pk}/").status_code == 404


def test_the_platforms_auditor_reads_and_changes_nothing(side, client_of):
    there = documents(side)
    auditor = client_of(PlatformFactory(), "auditor", "buyer", "buying_manager")

    for name, document in there.items():
        url = f"{V1}/{name}/{document.pk}/"
        assert auditor.get(url).status_code == 200
        assert auditor.get(url).json()["steps"] == []
    assert auditor.post(f"{V1}/rfqs/{there['rfqs'].pk}/cancel/", {"reason": "x"}).status_code == 403


MAKERS = {
    "rfqs": rfq_of,
    "requisitions": requisition_of,
    "purchase-orders": approved_order,
    "receipts": lambda side: receive(side, acknowledged_order(side)),
    "invoices": lambda side: invoice_of(side, received_order(side), f"RE-{Invoice.objects.count()}").submit(
        actor=side.sales
    ),
}


@pytest.mark.parametrize("name", MAKERS)
def test_a_list_costs_the_same_for_one_and_for_many(side, client_of, django_assert_num_queries, name):
    reader = client_of(side.buyer, "buyer", "finance")
    MAKERS[name](side)
    reader.get(f"{V1}/{name}/")

    counts = []
    for _ in range(2):
        with django_assert_num_queries(4):
            counts.append(len(reader.get(f"{V1}/{name}/").json()["results"]))
        MAKERS[name](side)
        MAKERS[name](side)

    assert counts == [1, 3]
