"""Contracts over HTTP: each side sees and does what is its own, in its language."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from b2b.models import Membership, User
from contracts.models import CallOff, Clause, Contract, ContractTemplate
from tests.clients import signed_in
from tests.factories.b2b import SupplierFactory, member
from tests.factories.contracts import (
    ActiveContractFactory,
    CallOffFactory,
    ClauseInForceFactory,
    ContractFactory,
    TemplateInForceFactory,
    offered,
    parties,
)
from tests.factories.procurement import issued_order, qualified, trade

pytestmark = pytest.mark.django_db


def client_of(actor, **options):
    """A browser of the person behind an actor."""
    membership = Membership.objects.get(user_id=actor.user_id)
    return signed_in(User.objects.get(pk=actor.user_id), membership.organisation, **options)


def url(document, *parts: str) -> str:
    nouns = {
        "contract": "contracts", "calloff": "call-offs", "clause": "clauses", "contracttemplate": "contract-templates",
    }  # fmt: skip
    return "/".join(["/api/v1", nouns[document._meta.model_name], str(document.pk), *parts, ""])


BODY = {
    "title": "Framework agreement",
    "chinese_title": "框架协议",
    "currency": "EUR",
    "starts_on": "2027-01-01",
    "ends_on": "2027-12-31",
    "lines": [{"item": "Bolt", "unit": "H87", "unit_price": "0.25", "quantity": "1000"}],
}


def test_a_contract_is_drafted_from_a_template_filled_in_and_submitted():
    side = parties()
    template = TemplateInForceFactory(buyer=side.contract.buyer)
    client = client_of(side.clerk)

    made = client.post(
        "/api/v1/contracts/",
        {**BODY, "supplier": str(side.contract.supplier.pk), "template": str(template.pk)},
        format="json",
    )

    assert made.status_code == 201, made.json()
    told = made.json()
    assert (told["value"], told["lines"][0]["amount"], told["state"]) == ("250.0000", "250.0000", "draft")
    assert [clause["title"] for clause in told["clauses"]] == ["Delivery"]
    assert told["clauses"][0]["library"]["kind"] == "preferred"
    submitted = client.post(f"/api/v1/contracts/{told['id']}/submit/", format="json")
    assert submitted.json()["state"] == "in_review"


def test_a_contract_is_drafted_from_an_order_by_its_buyer_and_not_by_its_supplier():
    side = trade()
    order = issued_order(side)
    body = {"order": str(order.pk)}
    seller = member(side.supplier, "buyer")

    refused = client_of(seller).post("/api/v1/contracts/", body, format="json")
    made = client_of(side.clerk).post("/api/v1/contracts/", body, format="json")

    assert refused.status_code == 403
    assert (made.status_code, made.json()["value"]) == (201, "300.0000")
    assert Contract.objects.get().created_by_id == side.clerk.user_id


def test_a_product_the_supplier_does_not_offer_is_named():
    side = parties()
    body = {**BODY, "supplier": str(side.contract.supplier.pk)}
    body["lines"] = [{**BODY["lines"][0], "product": str(side.contract.pk)}]

    answer = client_of(side.clerk).post("/api/v1/contracts/", body, format="json")

    assert answer.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [
        ("#/lines/0/product", "product-not-offered")
    ]


def test_a_draft_is_edited_with_the_version_one_saw():
    side = parties()
    client = client_of(side.clerk)
    changes = {"ceiling": "5000", "clauses": [{"keep": 1}, {
        "title": "Ethics", "chinese_title": "道德", "text": "No bribes to {{ buyer_name }}.",
        "chinese_text": "不得向{{ buyer_name }}行贿。",
    }]}  # fmt: skip

    assert client.patch(url(side.contract), changes, format="json").status_code == 428
    told = client.patch(url(side.contract), changes, format="json", headers={"If-Match": '"v1"'}).json()

    assert told["ceiling"] == "5000.0000"
    assert [(clause["position"], clause["title"]) for clause in told["clauses"]] == [(1, "Delivery"), (2, "Ethics")]
    content = client.get(url(side.contract, "content")).json()
    assert content["clauses"][1]["paragraphs"] == [["No bribes to Nordwerk GmbH.", "不得向北工有限公司行贿。"]]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"ends_on": "2000-01-01"}, "#/ends_on", "ends-before-start"),
        ({"ceiling": "0"}, "#/ceiling", None),
        ({"clauses": [{"keep": 9}]}, "#/clauses/0/keep", "unknown-clause"),
        ({"clauses": [{"keep": 1, "title": "x"}]}, "#/clauses/0", "one-way"),
        ({"lines": [{"item": "Bolt", "unit": "??", "unit_price": "1"}]}, "#/lines/0/unit", "unknown-unit"),
        ({"fields": {"colour": "red"}}, "#/fields/colour", "unknown-field"),
        ({"colour": "red"}, "#/colour", "unknown-field"),
        ({"order": None}, "#/order", None),
    ],
)
def test_what_cannot_stand_is_refused_by_its_place_and_changes_nothing(changes, pointer, code):
    side = parties()

    answer = client_of(side.clerk).patch(url(side.contract), changes, format="json", headers={"If-Match": '"v1"'})

    assert answer.status_code == 422, answer.json()
    faults = [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]
    assert any(at == pointer and code in {None, said} for at, said in faults), faults
    assert Contract.objects.get(pk=side.contract.pk).version == 1


def test_both_sides_download_what_they_sign_and_strangers_find_nothing():
    side = parties()
    contract = offered(side)

    for actor in (side.clerk, side.countersignatory):
        answer = client_of(actor).get(url(contract, "pdf"))
        assert b"".join(answer.streaming_content) == b"%PDF-1.7 version 1"
        assert answer["ETag"] == f'"{contract.issued.pdf_sha256}"'
        assert answer["Content-Type"] == "application/pdf"
        assert f"{contract.number}-v1.pdf" in answer["Content-Disposition"]
    for path in ("", "pdf", "content", "verification", "journal", "lines", "attachments"):
        assert client_of(side.stranger).get(url(contract, *filter(None, [path]))).status_code == 404


def test_there_is_no_pdf_before_it_is_generated():
    side = parties()

    assert client_of(side.clerk).get(url(side.contract, "pdf")).status_code == 404


def test_signing_over_http_needs_second_factor_and_the_hash_that_was_read():
    side = parties()
    contract = offered(side)
    body = {"sha256": contract.issued.pdf_sha256}
    path = url(contract, "sign")

    weak = client_of(side.countersignatory).post(path, body, format="json")
    strong = client_of(side.countersignatory, second_factor=True)
    wrong = strong.post(path, {"sha256": "0" * 64}, format="json")
    malformed = strong.post(path, {"sha256": "yes"}, format="json")
    done = strong.post(path, body, format="json")
    twice = strong.post(path, body, format="json")

    assert (weak.status_code, weak.json()["type"].rpartition("/")[2]) == (403, "not-allowed")
    assert (wrong.status_code, wrong.json()["type"].rpartition("/")[2]) == (409, "signature-hash-mismatch")
    assert malformed.status_code == 422
    assert (done.status_code, done.json()["state"]) == (200, "partially_signed")
    assert (twice.status_code, twice.json()["type"].rpartition("/")[2]) == (409, "already-signed")
    (signature,) = done.json()["signatures"]
    assert (signature["party"], signature["sha256"]) == ("supplier", contract.issued.pdf_sha256)


def test_the_supplier_does_not_see_what_is_the_buyers_own_affair():
    side = parties()
    contract = offered(side)

    own, others = client_of(side.clerk).get(url(contract)).json(), client_of(side.sales).get(url(contract)).json()

    assert len(own["consents"]) == 2
    assert (others["consents"], others["source"]) == (None, None)
    steps = [entry["step"] for entry in client_of(side.sales).get(url(contract, "journal")).json()["results"]]
    assert steps == ["generate"]


def test_a_proposed_termination_is_told_to_the_supplier_only_when_it_is_one():
    side = parties(ActiveContractFactory())
    Contract.objects.filter(pk=side.contract.pk).update(offered_at=side.contract.created_at)
    body = {"reason": "Late.", "terminates_on": side.contract.ends_on.isoformat(), "settlement": "None."}
    proposed = client_of(side.manager).post(url(side.contract, "propose-termination"), body, format="json")
    assert proposed.status_code == 200, proposed.json()

    before = client_of(side.sales).get(url(side.contract)).json()["termination_reason"]
    client_of(side.controller).post(url(side.contract, "terminate"), format="json")
    after = client_of(side.sales).get(url(side.contract)).json()["termination_reason"]

    assert (before, after) == ("", "Late.")


def test_labels_and_refusals_come_in_the_readers_language():
    side = parties(title="")
    client = client_of(side.clerk)
    chinese = {"Accept-Language": "zh-hans"}

    told = client.get(url(side.contract), headers=chinese).json()
    refused = client.post(url(side.contract, "submit"), format="json", headers=chinese).json()

    assert told["state_label"] == "草稿"
    assert [step["label"] for step in told["steps"]] == ["提交审核", "取消"]
    assert refused["errors"] == [{"pointer": "#/title", "code": "required", "detail": "请填写合同标题。"}]
    assert client.get(url(side.contract)).json()["state_label"] == "Draft"


def test_verification_is_an_address_of_its_own():
    side = parties()
    contract = offered(side)

    assert client_of(side.sales).get(url(contract, "verification")).json() == {"intact": True, "findings": []}


def test_a_call_off_is_one_post_and_the_same_key_makes_one():
    side = parties(ActiveContractFactory(supplier=qualified(SupplierFactory())))
    client = client_of(side.clerk)
    body = {"contract": str(side.contract.pk), "lines": [{"number": 1, "quantity": "100"}], "note": "Gate 3."}

    first = client.post("/api/v1/call-offs/", body, format="json", headers={"Idempotency-Key": "a"})
    again = client.post("/api/v1/call-offs/", body, format="json", headers={"Idempotency-Key": "a"})

    assert first.status_code == 201, first.json()
    assert (first.json()["amount"], first.json()["lines"][0]["counted"]) == ("25.0000", "100.000000")
    assert again.json()["id"] == first.json()["id"]
    assert CallOff.objects.get().order.note == "Gate 3."
    over = client.post("/api/v1/call-offs/", {**body, "lines": [{"number": 1, "quantity": "901"}]}, format="json")
    assert (over.status_code, over.json()["type"].rpartition("/")[2]) == (409, "over-contract-quantity")
    assert client_of(side.sales).post("/api/v1/call-offs/", body, format="json").status_code == 403
    assert client_of(side.stranger).post("/api/v1/call-offs/", body, format="json").status_code == 422


def test_a_clause_is_made_reworded_and_put_in_force_over_http():
    side = parties()
    client = client_of(side.clerk)
    body = {
        "code": "ethics", "title": "Ethics", "chinese_title": "道德", "category": "compliance",
        "text": "No bribes.", "chinese_text": "不得行贿。",
    }  # fmt: skip

    made = client.post("/api/v1/clauses/", body, format="json")
    clause = Clause.objects.get(code="ethics")
    changed = client.patch(url(clause), {"text": "Some."}, format="json", headers={"If-Match": made["ETag"]})
    own = client.post(url(clause, "approve"), format="json")
    other = client_of(side.manager).post(url(clause, "approve"), format="json")

    assert (made.status_code, made.json()["versions"][0]["text"]) == (201, "No bribes.")
    assert changed.json()["errors"][0]["code"] == "by-step-only"
    assert own.status_code == 403
    assert (other.json()["state"], other.json()["in_force"]) == ("in_force", 1)
    twice = client.post("/api/v1/clauses/", body, format="json")
    assert twice.status_code in {409, 422}, twice.json()


def test_a_template_is_composed_over_http():
    side = parties()
    clause = ClauseInForceFactory(buyer=side.contract.buyer)
    body = {
        "code": "supply", "name": "Supply", "chinese_name": "供货", "title": "Supply", "chinese_title": "供货",
        "fields": [{"name": "warranty", "label": "Warranty", "chinese_label": "保修", "choices": ["12", "24"]}],
        "items": [{"clause": str(clause.pk), "condition": {"field": "warranty", "operator": "is", "value": "12"}}],
    }  # fmt: skip

    made = client_of(side.clerk).post("/api/v1/contract-templates/", body, format="json")

    assert made.status_code == 201, made.json()
    (version,) = made.json()["versions"]
    assert version["blanks"][0] == body["fields"][0] | {"required": True}
    assert version["items"][0]["condition"] == body["items"][0]["condition"]
    assert ContractTemplate.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("noun", "factory"),
    [
        ("contracts", ContractFactory),
        ("call-offs", CallOffFactory),
        ("clauses", ClauseInForceFactory),
        ("contract-templates", TemplateInForceFactory),
    ],
)
def test_a_list_costs_the_same_for_one_row_and_for_three(noun, factory):
    side = parties()
    buyer = side.contract.buyer
    client = client_of(side.clerk)
    made = {"contract": ActiveContractFactory(buyer=buyer)} if noun == "call-offs" else {"buyer": buyer}

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(f"/api/v1/{noun}/").status_code == 200
        return len(captured)

    factory(**made)
    queries()
    one = queries()
    factory(**made)
    factory(**made)

    assert queries() == one


def test_a_rival_finds_nothing_in_any_list():
    CallOffFactory()
    TemplateInForceFactory()
    rival = parties().stranger
    client = client_of(rival)

    for noun in ("contracts", "call-offs", "clauses", "contract-templates"):
        assert client.get(f"/api/v1/{noun}/").json()["results"] == [], noun


def test_the_closing_checklist_is_named_point_by_point():
    side = parties(ActiveContractFactory())
    Contract.objects.filter(pk=side.contract.pk).update(state="expired")
    body = {"paid_total": "450.00", "checklist": ["orders_finished"]}

    answer = client_of(side.finance).post(url(side.contract, "close"), body, format="json")

    assert answer.status_code == 422
    assert [fault["code"] for fault in answer.json()["errors"]] == ["unchecked"] * 3
    assert Contract.objects.get(pk=side.contract.pk).paid_total is None
