"""Profiles, bank accounts and scores of suppliers over HTTP."""

from __future__ import annotations

import pytest

from b2b.clock import database_now
from suppliers.models import BankAccount, SupplierProfile
from suppliers.scoring.recomputation import rate_everybody
from tests.clients import faults
from tests.factories.suppliers import BankAccountFactory, PublishedProfileFactory, ScoreFactFactory

pytestmark = pytest.mark.django_db


def test_a_supplier_presents_itself_with_checked_numbers(sales, supplier):
    response = sales.post(
        "/api/v1/suppliers/",
        {
            "legal_name": "Ningbo Haitian Fasteners Co., Ltd.",
            "native_legal_name": "宁波海天紧固件有限公司",
            "identifiers": [{"scheme": "uscc", "value": "9111 0000 6000 3734 1L"}],
        },
    )

    assert response.status_code == 201, response.json()
    told = response.json()
    assert [(one["scheme"], one["value"]) for one in told["identifiers"]] == [("uscc", "91110000600037341L")]
    published = sales.post(f"/api/v1/suppliers/{told['id']}/publish/")
    assert (published.status_code, published.json()["state"]) == (200, "published")
    assert SupplierProfile.objects.get(supplier=supplier).state == "published"


def test_a_number_that_fails_its_check_is_refused_with_the_check(sales):
    response = sales.post(
        "/api/v1/suppliers/",
        {
            "legal_name": "X",
            "identifiers": [
                {"scheme": "uscc", "value": "91110000600037342L"},
                {"scheme": "vat", "country": "DE", "value": "DE136695976"},
                {"scheme": "vat", "country": "DE", "value": "DE136695976"},
            ],
        },
    )

    assert response.status_code == 422
    assert faults(response) == [("#/identifiers/0/value", "identifier-check"), ("#/identifiers/2", "identifier-twice")]
    assert not SupplierProfile.objects.exists()


def test_a_buyer_sees_profile_score_and_standing(buying, buyer, supplier):
    profile = PublishedProfileFactory(supplier=supplier)
    hidden = PublishedProfileFactory(state="hidden")
    ScoreFactFactory(supplier=supplier, buyer=buyer)
    rate_everybody(as_of=database_now().date())

    rows = buying.get("/api/v1/suppliers/").json()["results"]
    told = buying.get(f"/api/v1/suppliers/{profile.pk}/").json()

    assert [(row["id"], row["score"], row["band"]) for row in rows] == [(str(profile.pk), "100.00", "A")]
    assert (told["score"]["total"], told["own_score"]["total"]) == ("100.00", "100.00")
    assert (told["standing"]["state"], told["standing"]["may_be_invited"]) == ("not_qualified", False)
    assert buying.get(f"/api/v1/suppliers/{hidden.pk}/").status_code == 404


def test_a_list_of_suppliers_costs_the_same_queries_for_one_as_for_three(buying, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(30) as seen:
            assert buying.get("/api/v1/suppliers/").status_code == 200
        return len(seen)

    PublishedProfileFactory()
    one = queries()
    for _ in range(2):
        PublishedProfileFactory()

    assert queries() == one


def test_a_bank_account_is_put_forward_by_one_and_confirmed_by_another(client_of, supplier):
    maker, checker = client_of(supplier, "finance"), client_of(supplier, "finance", second_factor=True)

    made = maker.post("/api/v1/bank-accounts/", {"holder": "X", "country": "DE", "iban": "DE89 3704 0044 0532 0130 00"})
    refused = maker.post(f"/api/v1/bank-accounts/{made.json()['id']}/confirm/")
    confirmed = checker.post(f"/api/v1/bank-accounts/{made.json()['id']}/confirm/")

    assert (made.status_code, made.json()["account"]) == (201, "…3000")
    assert (refused.status_code, confirmed.status_code) == (403, 200)
    assert checker.get(f"/api/v1/bank-accounts/{made.json()['id']}/").json()["account"] == "DE89370400440532013000"


def test_a_wrong_iban_is_refused(client_of, supplier):
    response = client_of(supplier, "finance").post(
        "/api/v1/bank-accounts/", {"holder": "X", "country": "DE", "iban": "DE88370400440532013000"}
    )

    assert (response.status_code, faults(response)) == (422, [("#/iban", "identifier-check")])
    assert not BankAccount.objects.exists()


def test_salespeople_read_only_the_last_digits_and_buyers_nothing(sales, buying, supplier):
    account = BankAccountFactory(supplier=supplier)

    assert sales.get(f"/api/v1/bank-accounts/{account.pk}/").json()["account"] == "…3000"
    assert buying.get(f"/api/v1/bank-accounts/{account.pk}/").status_code == 404
    assert buying.get("/api/v1/bank-accounts/").json()["results"] == []


def test_a_score_leads_to_each_of_its_facts(buying, buyer, supplier):
    mine = ScoreFactFactory(supplier=supplier, buyer=buyer, title="PO-2026-000001")
    ScoreFactFactory(supplier=supplier)
    rate_everybody(as_of=database_now().date())

    rows = buying.get("/api/v1/scores/", {"supplier": supplier.pk, "platform": "true"}).json()["results"]
    facts = buying.get(f"/api/v1/scores/{rows[0]['id']}/facts/", {"component": "on_time_in_full"}).json()["results"]

    assert [(row["total"], row["components"][0]["count"]) for row in rows] == [("100.00", 2)]
    assert [(fact["source"], fact["title"]) for fact in facts] == [(mine.source, "PO-2026-000001")]


def test_another_buyers_own_score_is_not_shown(buying, supplier):
    ScoreFactFactory(supplier=supplier)
    rate_everybody(as_of=database_now().date())

    rows = buying.get("/api/v1/scores/").json()["results"]

    assert [row["buyer"] for row in rows] == [None]
