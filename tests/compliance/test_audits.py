"""Auditors see what the records say of contracts and ratings, and what is wrong is a finding."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contracts.models import Contract
from suppliers.models import Score
from suppliers.scoring.recomputation import rate_everybody
from tests.factories.contracts import offered, parties, signed
from tests.factories.suppliers import ScoreFactFactory

pytestmark = pytest.mark.django_db


def audits(client, kind: str) -> list[dict]:
    said = client.get(f"/api/v1/{kind}/")
    assert said.status_code == 200, said.content
    return said.json()["results"]


def test_a_contract_signed_by_both_over_the_current_text_has_no_finding(client_of):
    side = parties()
    contract = signed(side)

    (audit,) = audits(client_of(contract.buyer, "auditor"), "contract-audits")

    assert (audit["number"], audit["findings"]) == (contract.number, [])
    assert {check["code"]: check["passed"] for check in audit["checks"]} == {
        "signatures": True,
        "four-eyes": True,
        "call-offs": True,
        "standing": True,
        "period": True,
    }


def test_a_contract_in_force_without_signatures_is_a_finding(client_of):
    side = parties()
    contract = offered(side)
    Contract.objects.filter(pk=contract.pk).update(state="active")

    (audit,) = audits(client_of(contract.buyer, "compliance"), "contract-audits")

    assert audit["findings"] == ["signatures"]


def test_a_rating_that_its_facts_give_again_is_sound_and_one_made_better_is_a_finding(client_of):
    fact = ScoreFactFactory()
    rate_everybody(as_of=fact.happened_on)
    auditor = client_of(fact.buyer, "auditor")
    mine = [audit for audit in audits(auditor, "rating-audits") if audit["buyer"] == str(fact.buyer_id)]
    assert [audit["findings"] for audit in mine] == [["enough-facts"]]

    Score.objects.filter(buyer=fact.buyer).update(total=Decimal("99.99"))

    (better,) = [audit for audit in audits(auditor, "rating-audits") if audit["buyer"] == str(fact.buyer_id)]
    assert better["findings"] == ["recomputed", "enough-facts"]
    assert better["checks"][0]["seen"].startswith("stored 99.99, recomputed ")


@pytest.mark.parametrize("kind", ["contract-audits", "rating-audits", "cases"])
def test_audits_are_for_control_staff_alone(client_of, kind):
    contract = signed(parties())

    assert client_of(contract.buyer, "buyer", "admin").get(f"/api/v1/{kind}/").status_code == 403
