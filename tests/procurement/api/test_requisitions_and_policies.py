"""Requisitions and the policy of an organisation over HTTP."""

from __future__ import annotations

import pytest

from procurement.models import ProcurementPolicy
from tests.clients import V1, faults

pytestmark = pytest.mark.django_db


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
