"""The same promises over HTTP: shapes, refusals, strangers, costs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from b2b.clock import database_now
from b2b.models import JournalEntry
from procurement.models import GoodsReceipt, Invoice, ProcurementPolicy, RequestForQuotation
from tests.factories.b2b import PlatformFactory
from tests.factories.procurement import (
    acknowledged_order,
    approved_order,
    invoice_of,
    issued_order,
    matched_invoice,
    order_of,
    ordered,
    policy_for,
    published_rfq,
    receive,
    received_order,
    requisition_of,
    rfq_of,
    tomorrow,
    trade,
)

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


@pytest.fixture
def clerk(side, client_of):
    return client_of(side.buyer, "buyer")


@pytest.fixture
def manager(side, client_of):
    return client_of(side.buyer, "buying_manager")


@pytest.fixture
def sales(side, client_of):
    return client_of(side.supplier, "sales")


def faults(response):
    return [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]]


def rfq_content(side, **values):
    return {
        "title": "Fasteners",
        "currency": "EUR",
        "deadline": (database_now() + timedelta(days=7)).isoformat(),
        "lines": [
            {"item": "Hex bolt M8x40", "quantity": "2000", "unit": "C62", "estimate_unit_price": "0.12"},
            {"item": "Nut M8", "quantity": "2000", "unit": "C62", "estimate_unit_price": "0.03"},
        ],
        "invitations": [{"supplier": str(side.supplier.pk), "email": "sales@example.com"}],
        "criteria": [{"name": "Price", "weight": "100"}],
        **values,
    }


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


# --- RFQs ---------------------------------------------------------------------------------------
def test_an_rfq_is_written_with_all_its_parts_and_published(side, clerk):
    made = clerk.post(f"{V1}/rfqs/", rfq_content(side))
    published = clerk.post(f"{V1}/rfqs/{made.json()['id']}/publish/", headers={"If-Match": made["ETag"]})

    assert (made.status_code, published.status_code) == (201, 200)
    body = published.json()
    assert (body["state"], body["estimate"], body["line_count"]) == ("published", "300.0000", 2)
    assert [line["number"] for line in body["lines"]] == [1, 2]
    assert [row["supplier_name"] for row in body["invitations"]] == [side.supplier.name]
    assert {step["name"] for step in body["steps"]} == {"extend"}


def test_what_stands_in_the_way_is_told_with_the_document(side, clerk):
    rfq = rfq_of(side, lines=[])

    steps = {step["name"]: step for step in clerk.get(f"{V1}/rfqs/{rfq.pk}/").json()["steps"]}

    assert steps["publish"]["open"] is False
    assert [reason["code"] for reason in steps["publish"]["reasons"]] == ["no-lines", "over-publish-limit"]


def test_faults_of_many_lines_are_told_at_once_and_nothing_is_written(side, clerk):
    lines = [
        {"item": "Bolt", "quantity": "12 boxes", "unit": "C62"},
        {"item": "", "quantity": "1", "unit": "C62"},
        {"item": "Nut", "quantity": "1", "unit": "C62", "colour": "red"},
    ]

    response = clerk.post(f"{V1}/rfqs/", rfq_content(side, lines=lines))

    assert response.status_code == 422
    assert faults(response) == [
        ("#/lines/0/quantity", "invalid"),
        ("#/lines/1/item", "blank"),
        ("#/lines/2/colour", "unknown-field"),
    ]
    assert RequestForQuotation.objects.count() == 0


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"unit": "BOX9"}, ("#/lines/0/unit", "max-length")),
        ({"unit": "ZQZ"}, ("#/lines/0/unit", "unknown-unit")),
        ({"quantity": "-1"}, ("#/lines/0/quantity", "not-positive")),
        ({"quantity": "ten"}, ("#/lines/0/quantity", "invalid")),
    ],
)
def test_a_bad_line_is_a_problem_in_the_readers_language(side, clerk, line, fault):
    content = rfq_content(side, lines=[{"item": "Bolt", "quantity": "1", "unit": "C62", **line}])

    english = clerk.post(f"{V1}/rfqs/", content)
    chinese = clerk.post(f"{V1}/rfqs/", content, headers={"Accept-Language": "zh-hans"})

    assert english.status_code == chinese.status_code == 422
    assert english["Content-Type"] == "application/problem+json"
    assert faults(english) == faults(chinese) == [fault]
    assert RequestForQuotation.objects.count() == 0


def test_a_deadline_in_the_past_blocks_publication(side, clerk, state_of):
    rfq = rfq_of(side, deadline=database_now() - timedelta(hours=1))

    response = clerk.post(f"{V1}/rfqs/{rfq.pk}/publish/")

    assert (response.status_code, faults(response)) == (409, [("#/deadline", "deadline-passed")])
    assert state_of(rfq) == "draft"


def test_parts_that_are_sent_take_the_place_of_those_that_were_there(side, clerk):
    rfq = rfq_of(side)
    url = f"{V1}/rfqs/{rfq.pk}/"
    tag = clerk.get(url)["ETag"]

    changed = clerk.patch(
        url,
        {"title": "Bolts", "lines": [{"number": 5, "item": "Bolt", "quantity": "1", "unit": "C62"}], "criteria": []},
        headers={"If-Match": tag},
    )
    stale = clerk.patch(url, {"title": "Too late"}, headers={"If-Match": tag})

    assert (changed.status_code, stale.status_code) == (200, 412)
    assert (changed.json()["title"], changed.json()["estimate"]) == ("Bolts", None)
    assert [line["number"] for line in changed.json()["lines"]] == [5]
    assert changed.json()["invitations"][0]["supplier"] == str(side.supplier.pk)


def test_a_supplier_reads_neither_estimates_nor_who_else_is_invited(side, sales):
    rfq = published_rfq(side)

    body = sales.get(f"{V1}/rfqs/{rfq.pk}/").json()
    row = sales.get(f"{V1}/rfqs/").json()["results"][0]
    lines = sales.get(f"{V1}/rfqs/{rfq.pk}/lines/").json()["results"]
    others = sales.get(f"{V1}/rfqs/?supplier={side.supplier.pk}").json()["results"]

    assert (body["estimate"], body["invitations"], row["estimate"], others) == (None, None, None, [])
    assert {line["estimate_unit_price"] for line in [*lines, *body["lines"]]} == {None}


def test_a_copy_is_a_draft_of_its_own(side, clerk):
    rfq = published_rfq(side)

    response = clerk.post(f"{V1}/rfqs/{rfq.pk}/copy/")

    assert response.status_code == 201
    assert response["Location"] == f"{V1}/rfqs/{response.json()['id']}/"
    assert (response.json()["state"], response.json()["copied_from"]) == ("draft", str(rfq.pk))


def test_lists_are_filtered_and_ordered_by_what_is_allowed_only(side, clerk):
    first, second = rfq_of(side, title="Bolts"), published_rfq(side, title="Screws")
    listed = lambda query: [row["id"] for row in clerk.get(f"{V1}/rfqs/?{query}").json()["results"]]  # noqa: E731

    assert listed("state=draft") == [str(first.pk)]
    assert set(listed("state=draft&state=published")) == {str(first.pk), str(second.pk)}
    assert listed("text=screw") == [str(second.pk)]
    assert listed("ordering=title") == [str(first.pk), str(second.pk)]
    assert listed(f"supplier={side.supplier.pk}&state=draft") == [str(first.pk)]
    assert clerk.get(f"{V1}/rfqs/?buyer__name=x").status_code == 422
    assert clerk.get(f"{V1}/rfqs/?ordering=estimate").status_code == 422


# --- Orders -------------------------------------------------------------------------------------
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


# --- Invoices -----------------------------------------------------------------------------------
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


# --- Requisitions and policies ------------------------------------------------------------------
def test_requisitions_become_an_rfq_over_http(side, clerk, client_of):
    requester = client_of(side.buyer, "requester")
    lines = [{"item": "Bolt", "quantity": "10", "unit": "C62", "estimate_unit_price": "1"}]
    keys = [
        requester.post(f"{V1}/requisitions/", {"title": "Need", "currency": "EUR", "lines": lines}).json()["id"]
        for _ in range(2)
    ]
    for key in keys:
        requester.post(f"{V1}/requisitions/{key}/submit/")

    made = clerk.post(f"{V1}/requisitions/convert/", {"requisitions": keys, "title": "Bolts"})

    assert made.status_code == 201
    rfq = clerk.get(made.json()["url"]).json()
    assert [line["quantity"] for line in rfq["lines"]] == ["20.000000"]


def test_the_policy_is_written_by_the_administrator(side, client_of, clerk):
    admin = client_of(side.buyer, "admin")

    before = clerk.get(f"{V1}/procurement-policies/current/").json()
    made = admin.post(f"{V1}/procurement-policies/", {"publish_limit": "500", "receipt_tolerance": "0.05"})
    refused = clerk.post(f"{V1}/procurement-policies/", {"publish_limit": "1"})
    edited = admin.patch(
        f"{V1}/procurement-policies/{made.json()['id']}/", {"standstill_days": 10}, headers={"If-Match": made["ETag"]}
    )
    bad = admin.patch(
        f"{V1}/procurement-policies/{made.json()['id']}/", {"receipt_tolerance": "5"}, headers={"If-Match": '"v2"'}
    )

    assert (before["id"], before["opening"], before["currency"]) == (None, "two", "EUR")
    assert (made.status_code, refused.status_code, edited.status_code, bad.status_code) == (201, 403, 200, 422)
    assert faults(bad) == [("#/receipt_tolerance", "max-value")]
    current = clerk.get(f"{V1}/procurement-policies/current/").json()
    assert (current["standstill_days"], current["receipt_tolerance"]) == (10, "0.0500")


def test_an_organisation_has_one_policy(side, client_of):
    admin = client_of(side.buyer, "admin")
    admin.post(f"{V1}/procurement-policies/", {})

    assert admin.post(f"{V1}/procurement-policies/", {}).status_code == 409
    assert ProcurementPolicy.objects.count() == 1


# --- Strangers ----------------------------------------------------------------------------------
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


# --- Costs --------------------------------------------------------------------------------------
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
