"""Quotations, questions, openings, comparisons and awards over HTTP."""

from __future__ import annotations

import pytest

from b2b.policy import CLOCK
from procurement.models import PurchaseOrder, RequestForQuotation
from quotations.models import Award, Question, Quotation, QuotationVersion
from tests.factories.b2b import OrganisationFactory, SupplierFactory
from tests.factories.procurement import in_days
from tests.factories.quotations import bid, close, good_until, opened_tender, proposed, tender
from tests.quotations.browsing import browser, etag, started, url_of

pytestmark = pytest.mark.django_db


# --- Answering ----------------------------------------------------------------------------------
def test_a_public_rfq_is_answered_over_http():
    side = tender(1, is_public=True)
    newcomer = browser(SupplierFactory(), "sales")

    response = newcomer.post("/api/v1/quotations/", {"rfq": str(side.rfq.pk)})

    assert (response.status_code, response.json()["state"]) == (201, "draft")
    assert newcomer.get(response["Location"]).status_code == 200


def test_an_rfq_one_cannot_see_is_not_there_to_answer():
    side = tender(1)

    response = browser(SupplierFactory(), "sales").post("/api/v1/quotations/", {"rfq": str(side.rfq.pk)})

    assert response.status_code == 404
    assert Quotation.objects.count() == 1


def test_prices_are_saved_line_by_line():
    side = tender(1)
    quotation, client = started(side), browser(side.bidders[0], "sales")
    client.patch(url_of(quotation), {"lines": [{"line": 1, "unit_price": "10.5"}]}, headers=etag(quotation))

    response = client.patch(
        url_of(quotation),
        {"lines": [{"line": 2, "no_bid": True}], "valid_until": str(good_until()), "note": "Ex works"},
        headers=etag(quotation),
    )

    offer = response.json()["offer"]
    assert [(line["line"], line["unit_price"], line["no_bid"], line["amount"]) for line in offer["lines"]] == [
        (1, "10.500000", False, "1050.0000"),
        (2, None, True, None),
    ]
    assert (offer["total"], offer["note"]) == ("1050.0000", "Ex works")


def test_an_answer_without_price_and_no_bid_is_taken_back():
    side = tender(1)
    quotation, client = started(side), browser(side.bidders[0], "sales")
    client.patch(url_of(quotation), {"lines": [{"line": 1, "unit_price": "10"}]}, headers=etag(quotation))

    response = client.patch(url_of(quotation), {"lines": [{"line": 1}]}, headers=etag(quotation))

    assert response.json()["offer"]["lines"] == []


def test_a_stale_copy_is_refused_and_nothing_is_sealed():
    side = tender(1)
    quotation, client = started(side), browser(side.bidders[0], "sales")

    stale = client.patch(url_of(quotation), {"lines": [{"line": 1, "unit_price": "1"}]}, headers={"If-Match": '"v1"'})
    blind = client.patch(url_of(quotation), {"lines": [{"line": 1, "unit_price": "1"}]})

    assert (stale.status_code, blind.status_code) == (412, 428)
    assert not QuotationVersion.objects.exists()


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"lines": [{"line": 1, "unit_price": "cheap"}]}, "#/lines/0/unit_price"),
        ({"lines": [{"line": 1, "unit_price": "-1"}]}, "#/lines/1/unit_price"),
        ({"lines": [{"line": 7, "unit_price": "1"}]}, "#/lines/7"),
        ({"lines": [{"line": 1, "unit_price": "1", "no_bid": True}]}, "#/lines/1/unit_price"),
        ({"currency": "XXY"}, "#/currency"),
        ({"discount_percent": "100"}, "#/discount_percent"),
        ({"total": "1"}, "#/total"),
    ],
)
def test_bad_prices_get_a_problem_that_points_at_them(sent, pointer):
    side = tender(1)
    quotation = started(side)

    response = browser(side.bidders[0], "sales").patch(url_of(quotation), sent, headers=etag(quotation))

    assert response.status_code == 422
    assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer]
    assert not QuotationVersion.objects.exists()


def test_the_answer_to_a_post_never_carries_the_offer():
    side = tender(1)
    quotation, client = started(side), browser(side.bidders[0], "sales")
    client.patch(
        url_of(quotation),
        {"lines": [{"line": n, "unit_price": "10"} for n in (1, 2)], "valid_until": str(good_until())},
        headers=etag(quotation),
    )

    response = client.post(f"{url_of(quotation)}submit/")

    assert (response.status_code, response.json()["state"], response.json()["offer"]) == (200, "submitted", None)


def test_an_open_step_says_what_is_missing():
    side = tender(1)
    quotation = started(side)

    steps = browser(side.bidders[0], "sales").get(url_of(quotation)).json()["steps"]

    submit = next(step for step in steps if step["name"] == "submit")
    assert not submit["open"]
    assert "line-unanswered" in [reason["code"] for reason in submit["reasons"]]


def test_the_buyer_sees_that_there_is_a_quotation_and_cannot_touch_it():
    side = tender(1)
    quotation, clerk = started(side), browser(side.buyer, "buyer")

    assert clerk.get(url_of(quotation)).json()["offer"] is None
    assert clerk.patch(url_of(quotation), {"note": "x"}, headers=etag(quotation)).status_code == 403
    assert clerk.get(f"{url_of(quotation)}workbook/").status_code == 403


def test_another_supplier_finds_nothing():
    side = tender(2)
    client = browser(side.bidders[1], "sales")

    assert client.get(url_of(side.quotation(0))).status_code == 404
    assert client.post(f"{url_of(side.quotation(0))}start/").status_code == 404
    assert client.get("/api/v1/quotations/").json()["results"][0]["supplier"] == str(side.bidders[1].pk)


# --- Questions ----------------------------------------------------------------------------------
def test_an_answer_to_all_does_not_tell_who_asked():
    side = tender(2)
    asker, rival, clerk = (
        browser(side.bidders[0], "sales"),
        browser(side.bidders[1], "sales"),
        browser(side.buyer, "buyer"),
    )
    asked = asker.post("/api/v1/questions/", {"rfq": str(side.rfq.pk), "text": "Galvanised?"})
    url = f"/api/v1/questions/{asked.json()['id']}/"
    assert rival.get(url).status_code == 404

    clerk.post(f"{url}answer/", {"answer_text": "Yes", "to_all": True})

    shown = rival.get(url)
    assert (shown.json()["answer_text"], shown.json()["supplier"]) == ("Yes", None)
    assert side.bidders[0].name not in shown.content.decode() + rival.get("/api/v1/questions/").content.decode()
    assert str(side.bidders[0].pk) not in rival.get("/api/v1/questions/").content.decode()
    assert rival.get(f"{url}journal/").json()["results"] == []
    assert clerk.get(url).json()["supplier"] == str(side.bidders[0].pk)


def test_a_private_answer_is_the_askers_alone():
    side = tender(2)
    asked = browser(side.bidders[0], "sales").post("/api/v1/questions/", {"rfq": str(side.rfq.pk), "text": "When?"})
    url = f"/api/v1/questions/{asked.json()['id']}/"

    browser(side.buyer, "buyer").post(f"{url}answer/", {"answer_text": "Soon", "to_all": False})

    assert browser(side.bidders[1], "sales").get(url).status_code == 404


def test_after_the_deadline_nobody_asks():
    side = tender(1)
    RequestForQuotation.objects.filter(pk=side.rfq.pk).update(deadline=in_days(-0.001))

    response = browser(side.bidders[0], "sales").post("/api/v1/questions/", {"rfq": str(side.rfq.pk), "text": "?"})

    assert (response.status_code, Question.objects.count()) == (409, 0)


# --- Opening, comparing, awarding ---------------------------------------------------------------
def test_two_people_open_over_http():
    side = tender(1)
    bid(side, 0, {1: 10, 2: 20})
    close(side)
    url = f"/api/v1/bid-openings/{side.opening.pk}/"
    clerk = browser(side.buyer, "buyer", second_factor=True)

    first = clerk.post(f"{url}consent/")
    unsafe = browser(side.buyer, "compliance").post(f"{url}consent/")
    second = browser(side.buyer, "compliance", second_factor=True).post(f"{url}consent/")

    assert (first.json()["state"], unsafe.status_code, second.json()["state"]) == ("awaited", 403, "opened")
    minutes = clerk.get(url).json()["minutes"]
    assert [minute["sha256"] for minute in minutes] == [side.quotation().submitted_sha256]
    assert browser(side.bidders[0], "sales").get(url).status_code == 404


def test_the_comparison_explains_every_cell():
    side = opened_tender({1: 10, 2: 20}, {1: 9, 2: 30})

    shown = browser(side.buyer, "buyer").get(f"/api/v1/comparisons/{side.rfq.pk}/").json()

    best = next(cell for cell in shown["lines"][0]["cells"] if cell["is_best"])
    assert (best["quotation"], best["unit_price"], best["quantity"], best["amount"], best["rate"], best["compared_amount"]) == (
        str(side.quotation(1).pk), "9.000000", "100.000000", "900.0000", "1.000000000000000000", "900.0000",
    )  # fmt: skip
    assert [(bidder["supplier"], bidder["rank"]) for bidder in shown["bidders"]] == [
        (str(side.bidders[0].pk), 1),
        (str(side.bidders[1].pk), 2),
    ]


def test_a_bidder_and_a_stranger_see_no_comparison():
    side = opened_tender({1: 10, 2: 20})

    for client in (browser(side.bidders[0], "sales", "buyer"), browser(OrganisationFactory(), "buyer")):
        assert client.get(f"/api/v1/comparisons/{side.rfq.pk}/").status_code == 404
        assert client.get(f"/api/v1/comparisons/{side.rfq.pk}/workbook/").status_code == 404


def test_the_award_from_proposal_to_order():
    side = opened_tender({1: 10, 2: 20}, {1: 9, 2: 30})
    clerk, manager = browser(side.buyer, "buyer"), browser(side.buyer, "buying_manager")

    award = clerk.post("/api/v1/awards/", {"rfq": str(side.rfq.pk), "allocate": "best_total"}).json()
    url = f"/api/v1/awards/{award['id']}/"
    own = clerk.post(f"{url}approve/")
    manager.post(f"{url}approve/")
    Award.objects.get().confirm(actor=CLOCK)

    assert own.status_code == 403
    assert (award["total"], [line["unit_price"] for line in award["lines"]]) == (
        "3000.0000",
        ["10.000000", "20.000000"],
    )
    assert clerk.get(url).json()["state"] == "confirmed"
    assert PurchaseOrder.objects.get().supplier == side.bidders[0]
    assert browser(side.bidders[0], "sales").get(url_of(side.quotation(0))).json()["awarded"][0]["line"] == 1
    assert browser(side.bidders[1], "sales").get(url).status_code == 404


def test_a_manual_allocation_names_its_faults():
    side = opened_tender({1: 10, 2: 20}, {1: 9, 2: 30})
    lines = [{"line": 1, "quotation": str(side.quotation(0).pk), "quantity": "101"}]

    response = browser(side.buyer, "buyer").post("/api/v1/awards/", {"rfq": str(side.rfq.pk), "lines": lines})

    assert response.status_code == 422
    assert [fault["code"] for fault in response.json()["errors"]] == ["over-quantity"]
    assert not Award.objects.exists()


def test_a_second_award_is_a_conflict():
    side = opened_tender({1: 10, 2: 20})
    proposed(side)

    response = browser(side.buyer, "buyer").post("/api/v1/awards/", {"rfq": str(side.rfq.pk), "allocate": "best_total"})

    assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (409, "awarded-already")


def test_a_bidder_cannot_award_itself():
    side = opened_tender({1: 10, 2: 20})
    client = browser(side.bidders[0], "buyer", "sales")

    response = client.post("/api/v1/awards/", {"rfq": str(side.rfq.pk), "allocate": "best_total"})

    assert response.status_code in {403, 422}
    assert not Award.objects.exists()


def test_a_loser_objects_over_http():
    side = opened_tender({1: 10, 2: 20}, {1: 11, 2: 20}, policy={"standstill_days": 5})
    proposed(side).approve(actor=side.manager)
    loser = browser(side.bidders[1], "sales")

    raised = loser.post("/api/v1/objections/", {"quotation": str(side.quotation(1).pk), "text": "Wrong scale"})
    foreign = loser.post("/api/v1/objections/", {"quotation": str(side.quotation(0).pk), "text": "Mine"})
    url = f"/api/v1/objections/{raised.json()['id']}/"
    upheld = browser(side.buyer, "compliance").post(f"{url}uphold/", {"reason": "Indeed"})

    assert (raised.status_code, foreign.status_code, upheld.json()["state"]) == (201, 404, "upheld")
    assert Award.objects.get().state == "cancelled"
    assert browser(side.bidders[0], "sales").get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_queries_for_one_and_for_three(count, django_assert_num_queries):
    side = tender(count)
    client = browser(side.buyer, "buyer")
    client.get("/api/v1/quotations/")

    with django_assert_num_queries(4):
        rows = client.get("/api/v1/quotations/").json()["results"]

    assert len(rows) == count
