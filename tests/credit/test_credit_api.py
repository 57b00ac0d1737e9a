"""Credit over HTTP: asked for, granted, stated, and invisible to strangers."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from b2b.clock import database_now
from b2b.policy import CLOCK
from credit import ledger
from credit.models import CreditAccount
from tests.factories.b2b import OrganisationFactory, SupplierFactory
from tests.factories.credit import ActiveAccountFactory

pytestmark = pytest.mark.django_db

URL = "/api/v1/credit-accounts/"


def test_a_buyer_asks_and_the_supplier_grants(client_of):
    buyer, supplier = OrganisationFactory(), SupplierFactory()
    asked = client_of(buyer, "finance").post(
        URL, {"supplier": str(supplier.pk), "currency": "EUR", "requested_limit": "5000.00", "terms": "net_30"}
    )
    assert (asked.status_code, asked.json()["state"], asked.json()["limit"]) == (201, "requested", "0.0000")
    there = f"{URL}{asked.json()['id']}/"

    creditor = client_of(supplier, "finance")
    assert [step["name"] for step in creditor.get(there).json()["steps"]] == ["start_review"]
    creditor.post(f"{there}start-review/")
    granted = creditor.post(f"{there}approve/", {"limit": "4000.00", "terms": "net_60", "review_on": "2027-06-30"})

    assert granted.status_code == 200
    assert {name: granted.json()[name] for name in ("state", "limit", "available", "terms")} == {
        "state": "active",
        "limit": "4000.0000",
        "available": "4000.0000",
        "terms": "net_60",
    }


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"currency": "EUX"}, "#/currency", "unknown-currency"),
        ({"requested_limit": "-1"}, "#/requested_limit", "min-value"),
        ({"requested_limit": "many"}, "#/requested_limit", "invalid"),
        ({"terms": "whenever"}, "#/terms", "invalid-choice"),
        ({"limit": "1000000"}, "#/limit", "unknown-field"),
    ],
)
def test_a_faulty_request_points_at_the_field_and_opens_nothing(client_of, change, pointer, code):
    sent = {"supplier": str(SupplierFactory().pk), "currency": "EUR", "requested_limit": "5000.00", "terms": "net_30"}

    said = client_of(OrganisationFactory(), "finance").post(URL, {**sent, **change})

    assert said.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in said.json()["errors"]] == [(pointer, code)]
    assert CreditAccount.objects.count() == 0


def test_a_second_account_between_the_same_two_is_refused(client_of):
    account = ActiveAccountFactory()

    said = client_of(account.buyer, "finance").post(
        URL, {"supplier": str(account.supplier_id), "currency": "EUR", "requested_limit": "10.00", "terms": "net_30"}
    )

    assert said.status_code == 409
    assert CreditAccount.objects.count() == 1


def test_a_statement_runs_from_opening_to_closing_balance(client_of):
    account = ActiveAccountFactory()
    ledger.hold(account, Decimal(800), against="order/1", actor=CLOCK)
    ledger.draw(account, Decimal(300), against="order/1", invoice="invoice/1", actor=CLOCK)
    today = database_now().date()

    said = client_of(account.buyer, "finance").get(
        f"{URL}{account.pk}/statement/", {"first_day": str(today), "last_day": str(today)}
    )

    statement = said.json()
    assert statement["opening"] == {"held": "0.0000", "drawn": "0.0000", "exposure": "0.0000"}
    assert [(line["entry"]["kind"], line["held"], line["drawn"]) for line in statement["lines"]] == [
        ("hold", "800.0000", "0.0000"),
        ("draw", "500.0000", "300.0000"),
    ]
    assert statement["closing"] == {"held": "500.0000", "drawn": "300.0000", "exposure": "800.0000"}

    later = today + timedelta(days=1)
    next_day = client_of(account.buyer, "finance").get(
        f"{URL}{account.pk}/statement/", {"first_day": str(later), "last_day": str(later)}
    )
    assert (next_day.json()["opening"], next_day.json()["lines"]) == (statement["closing"], [])


def test_a_statement_that_ends_before_it_starts_is_refused(client_of):
    account = ActiveAccountFactory()

    said = client_of(account.buyer, "finance").get(
        f"{URL}{account.pk}/statement/", {"first_day": "2026-02-01", "last_day": "2026-01-01"}
    )

    assert (said.status_code, said.json()["errors"][0]["code"]) == (422, "before-start")


@pytest.mark.parametrize("path", ["", "journal/", "entries/", "statement/?first_day=2026-01-01&last_day=2026-01-02"])
def test_a_stranger_finds_nothing(client_of, path):
    account = ActiveAccountFactory()

    said = client_of(SupplierFactory(), "finance", "sales").get(f"{URL}{account.pk}/{path}")

    assert said.status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(client_of, django_assert_num_queries, count):
    supplier = SupplierFactory()
    ActiveAccountFactory.create_batch(count, supplier=supplier)
    client = client_of(supplier, "finance")
    client.get(URL)

    with django_assert_num_queries(4):
        said = client.get(URL)

    assert len(said.json()["results"]) == count
