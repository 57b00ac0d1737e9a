"""Invoices over HTTP."""

from __future__ import annotations

import pytest

from procurement.models import Invoice
from tests.clients import V1, faults
from tests.factories.procurement import received_order, tomorrow, trade

pytestmark = pytest.mark.django_db


def invoice_content(order, number="RE-77", **values):
    return {
        "order": str(order.pk),
        "number": number,
        "invoiced_on": tomorrow(0).isoformat(),
        "lines": [
            {"order_line": str(line.pk), "quantity": "100", "unit": "C62", "unit_price": "1.5"}
            for line in order.lines.order_by("number")
        ],
        **values,
    }


def test_an_invoice_goes_from_draft_to_paid_over_http(side, sales, client_of, deliver):
    order = received_order(side)
    finance = client_of(side.buyer, "finance", second_factor=True)
    made = sales.post(f"{V1}/invoices/", invoice_content(order, net="300", tax="57", total="357")).json()
    url = f"{V1}/invoices/{made['id']}/"

    sales.post(f"{url}submit/")
    deliver()
    matched = finance.get(url).json()
    finance.post(f"{url}approve/")
    finance.post(f"{url}schedule/", {"pay_on": tomorrow().isoformat()})
    paid = finance.post(f"{url}pay/", {"amount": "357", "paid_on": tomorrow(0).isoformat(), "reference": "SEPA-1"})

    assert (matched["state"], len(matched["match_results"])) == ("matched", 8)
    assert (paid.status_code, paid.json()["state"], paid.json()["paid"]) == (200, "paid", "357.0000")
    assert sales.get(url).json()["match_results"] is None


def test_a_number_used_before_is_a_problem(side, sales):
    order = received_order(side)
    sales.post(f"{V1}/invoices/", invoice_content(order))

    response = sales.post(f"{V1}/invoices/", invoice_content(order, number="re 77"))

    assert (response.status_code, response.json()["type"]) == (409, "/problems/invoice-number-used")
    assert Invoice.objects.count() == 1


def test_an_invoice_for_a_strangers_order_is_a_fault_and_not_written(side, client_of):
    order = received_order(side)
    other = trade()

    response = client_of(other.supplier, "sales").post(f"{V1}/invoices/", invoice_content(order))

    assert (response.status_code, faults(response)) == (422, [("#/order", "does-not-exist")])
    assert Invoice.objects.count() == 0


def test_stating_the_head_later_leaves_the_rest(side, sales):
    order = received_order(side)
    made = sales.post(f"{V1}/invoices/", invoice_content(order))
    url = f"{V1}/invoices/{made.json()['id']}/"

    changed = sales.patch(url, {"tax": "57.01"}, headers={"If-Match": made["ETag"]}).json()

    assert (changed["net"], changed["tax"], changed["total"]) == ("300.0000", "57.0100", "357.0000")
