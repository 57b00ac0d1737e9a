"""Purchase orders and their receipts over HTTP."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.models import GoodsReceipt
from tests.clients import V1, faults
from tests.factories.procurement import acknowledged_order, issued_order, order_of, ordered, tomorrow, trade

pytestmark = pytest.mark.django_db


def order_content(side, **values):
    return {
        "supplier": str(side.supplier.pk),
        "currency": "EUR",
        "variance_reason": "Agreed at the fair.",
        "lines": [
            {
                "item": "Bolt",
                "quantity": "100",
                "unit": "C62",
                "unit_price": "1.50",
                "vat_category": "S",
                "vat_rate": "19",
            }
        ],
        **values,
    }


def test_an_order_goes_from_draft_to_received_over_http(side, clerk, manager, sales, client_of, deliver):
    made = clerk.post(f"{V1}/purchase-orders/", order_content(side)).json()
    url = f"{V1}/purchase-orders/{made['id']}/"

    clerk.post(f"{url}submit/")
    manager.post(f"{url}approve/")
    clerk.post(f"{url}issue/")
    sales.post(f"{url}acknowledge/", {"promised": [{"number": 1, "promised_on": tomorrow(5).isoformat()}]})
    receipt = client_of(side.buyer, "receiver").post(
        f"{V1}/receipts/",
        {
            "order": made["id"],
            "received_on": tomorrow(0).isoformat(),
            "lines": [{"order_line": made["lines"][0]["id"], "quantity": "100", "rejected": "10", "reason": "damaged"}],
        },
    )

    order = clerk.get(url).json()
    assert receipt.status_code == 201
    assert receipt.json()["lines"][0]["rejected"] == "10.000000"
    assert (order["state"], order["total"]) == ("partially_received", "178.5000")
    assert order["progress"] == {"received": "0.9000", "invoiced": "0.0000"}
    assert order["lines"][0]["promised_on"] == tomorrow(5).isoformat()


def test_over_the_credit_limit_is_a_problem_and_nothing_changes(client_of, state_of):
    poor = trade(limit=10)
    order = order_of(poor)

    response = client_of(poor.buyer, "buyer").post(f"{V1}/purchase-orders/{order.pk}/submit/")

    assert (response.status_code, response.json()["type"]) == (409, "/problems/credit-exceeded")
    assert state_of(order) == "draft"


def test_a_receipt_over_tolerance_is_a_problem_and_nothing_moves(side, client_of):
    order = acknowledged_order(side)
    line = order.lines.get(number=2)

    response = client_of(side.buyer, "receiver").post(
        f"{V1}/receipts/",
        {
            "order": str(order.pk),
            "received_on": tomorrow(0).isoformat(),
            "lines": [{"order_line": str(line.pk), "quantity": "100.01"}],
        },
    )

    assert (response.status_code, response.json()["type"]) == (409, "/problems/over-tolerance")
    assert faults(response) == [("#/lines/0/quantity", "over-tolerance")]
    assert GoodsReceipt.objects.count() == 0


def test_the_same_key_posts_a_receipt_once(side, client_of):
    order = acknowledged_order(side)
    receiver = client_of(side.buyer, "receiver")
    content = {
        "order": str(order.pk),
        "received_on": tomorrow(0).isoformat(),
        "lines": [{"order_line": str(order.lines.get(number=1).pk), "quantity": "40"}],
    }

    first, again = (receiver.post(f"{V1}/receipts/", content, headers={"Idempotency-Key": "abc-1"}) for _ in range(2))

    assert first.json() == again.json()
    assert GoodsReceipt.objects.count() == 1


def test_a_change_is_proposed_and_accepted_over_http(side, clerk, sales):
    order = issued_order(side)
    url = f"{V1}/purchase-orders/{order.pk}/"

    proposed = sales.post(
        f"{url}propose-change/", {"reason": "Short of zinc.", "lines": [{"number": 2, "quantity": "60"}]}
    )
    accepted = clerk.post(f"{url}accept-change/")

    assert proposed.json()["changes"][0]["lines"][0] == {
        "number": 2, "quantity": "60.000000", "unit_price": None, "promised_on": None,
    }  # fmt: skip
    assert (accepted.json()["state"], accepted.json()["net"]) == ("acknowledged", "240.0000")


def test_a_supplier_reads_nothing_of_the_buyers_own_affairs(side, sales, clerk):
    order = order_of(side, variance_reason="The director's cousin sells them.")
    order.submit(actor=side.clerk).approve(actor=side.manager).issue(actor=side.clerk)
    url = f"{V1}/purchase-orders/{order.pk}/"

    told, own = sales.get(url).json(), clerk.get(url).json()
    journal = sales.get(f"{url}journal/").json()["results"]

    assert (own["variance_reason"], own["approvals"][0]["role"]) == (order.variance_reason, "buying_manager")
    for name in ("variance_reason", "approvals", "approved_total", "credit_account"):
        assert told[name] is None
    assert {line["source_unit_price"] for line in told["lines"]} == {None}
    assert [entry["step"] for entry in journal] == ["issue"]


def test_thousands_of_lines_are_read_page_by_page(side, clerk, django_assert_max_num_queries):
    order = order_of(side, lines=ordered(450, quantity=Decimal(1)))
    url = f"{V1}/purchase-orders/{order.pk}/lines/?limit=200"

    numbers = []
    while url:
        with django_assert_max_num_queries(12):
            page = clerk.get(url).json()
        numbers += [line["number"] for line in page["results"]]
        url = page["next"]

    assert numbers == list(range(1, 451))
    body = clerk.get(f"{V1}/purchase-orders/{order.pk}/").json()
    assert (body["line_count"], len(body["lines"])) == (450, 100)


def test_late_orders_are_found_by_their_promises(side, clerk):
    late, punctual = acknowledged_order(side), acknowledged_order(side)
    late.lines.filter(number=1).update(promised_on=tomorrow(-5))

    found = clerk.get(f"{V1}/purchase-orders/?late_before={tomorrow(-1).isoformat()}").json()["results"]

    assert [row["id"] for row in found] == [str(late.pk)]
    assert str(punctual.pk) not in {row["id"] for row in found}
