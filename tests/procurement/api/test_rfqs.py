"""RFQs over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from b2b.clock import database_now
from procurement.models import RequestForQuotation
from tests.clients import V1, faults
from tests.factories.procurement import published_rfq, rfq_of

pytestmark = pytest.mark.django_db


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
