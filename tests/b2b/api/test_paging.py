"""Every row once, in a stable order, however the pages are cut and whatever comes meanwhile."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b2b.api.paging import Cursor, CursorPaging, Order, beyond
from b2b.models import PersonalToken
from tests.factories.sample import MemoFactory
from tests.sample.models import Memo

pytestmark = pytest.mark.django_db

MEMOS = "/api/v1/memos/"


@pytest.fixture
def memos(membership):
    """Seven memos, three of them with the same text."""
    return [MemoFactory(buyer=membership.organisation, text=text) for text in "bbadbce"]


def walk(api, path, parameters=None, *, towards="next"):
    """The texts of all pages from one to the last in a direction, and the last page."""
    page = api.get(path, parameters).json()
    texts = [[row["text"] for row in page["results"]]]
    while page[towards]:
        page = api.get(page[towards]).json()
        texts.append([row["text"] for row in page["results"]])
    return texts, page


def test_the_newest_come_first(api, memos):
    texts, _ = walk(api, MEMOS, {"limit": 3})

    assert texts == [["e", "c", "b"], ["d", "a", "b"], ["b"]]


@pytest.mark.parametrize("ordering", ["text", "-text", "created_at", "-created_at"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
def test_every_row_comes_once_in_the_order_asked_for(api, memos, ordering, limit):
    texts, _ = walk(api, MEMOS, {"limit": limit, "ordering": ordering})

    found = [text for page in texts for text in page]
    wanted = sorted("bbadbce") if "text" in ordering else list("bbadbce")
    assert found == (wanted[::-1] if ordering.startswith("-") else wanted)


@pytest.mark.parametrize("ordering", ["text", "-created_at"])
def test_the_way_back_meets_the_same_pages(api, memos, ordering):
    there, last = walk(api, MEMOS, {"limit": 3, "ordering": ordering})

    back, first = walk(api, last["previous"], towards="previous")

    assert back == there[-2::-1]
    assert (first["previous"], last["next"]) == (None, None)


def test_what_comes_meanwhile_moves_no_row_from_page_to_page(api, memos, membership):
    first = api.get(MEMOS, {"limit": 3}).json()
    MemoFactory(buyer=membership.organisation, text="new")

    second = api.get(first["next"]).json()

    assert [row["text"] for row in second["results"]] == ["d", "a", "b"]


def test_filters_stay_in_the_links(api, memos):
    page = api.get(MEMOS, {"limit": 1, "state": "draft"}).json()

    assert "state=draft" in page["next"]
    assert page["next"].startswith("/api/v1/memos/?")


def test_an_empty_list_is_a_page(api):
    assert api.get(MEMOS).json() == {"results": [], "next": None, "previous": None}


@pytest.mark.parametrize("limit", ["0", "201", "-1", "ten", "1.5", "", "9" * 50, "１"])
def test_a_limit_beyond_the_most_is_refused(api, limit):
    answer = api.get(MEMOS, {"limit": limit})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "?limit")
    assert answer.json()["errors"][0]["detail"] == "A number from 1 to 200."


@pytest.mark.parametrize("ordering", ["sealed", "buyer__name", "password", "", "--text", "id; DROP TABLE"])
def test_an_order_that_is_not_offered_is_refused_with_what_is(api, ordering):
    answer = api.get(MEMOS, {"ordering": ordering})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "?ordering", "code": "invalid", "detail": "Allowed are: created_at, text."}
    ]


@pytest.mark.parametrize("parameter", ["buyer", "text", "state__in", "page", "offset", "created_by__password"])
def test_a_filter_that_is_not_offered_is_refused_with_what_is(api, parameter):
    answer = api.get(MEMOS, {parameter: "a"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "pointer": f"?{parameter}",
            "code": "unknown-parameter",
            "detail": "Allowed are: cursor, limit, ordering, state.",
        }
    ]


def test_a_filter_with_a_value_that_is_none_is_refused(api):
    answer = api.get(MEMOS, {"state": "lost"})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "?state")


def forged(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense", "%%%", forged(), forged(1), forged("-id", False, None, "17"), forged("-id", False, None, None),
        forged("-id", False, {}, "a"), forged("-sealed", False, "a", "b"), "a" * 5000, forged("text", False, "a", "b"),
    ],
)  # fmt: skip
def test_a_cursor_of_ones_own_making_is_refused(api, memos, cursor):
    answer = api.get(MEMOS, {"cursor": cursor})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "?cursor")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cursor=st.one_of(
        st.text(max_size=60),
        st.lists(st.one_of(st.none(), st.text(max_size=8), st.booleans()), min_size=3, max_size=5).map(
            lambda parts: forged(*parts)
        ),
    )
)
def test_no_cursor_whatever_is_answered_with_a_fault_of_ours(api, cursor):
    assert api.get(MEMOS, {"cursor": cursor}).status_code in {200, 422}


def test_a_cursor_of_another_order_is_refused(api, memos):
    cursor = api.get(MEMOS, {"limit": 1}).json()["next"].rpartition("cursor=")[2]

    answer = api.get(MEMOS, {"limit": 1, "ordering": "text", "cursor": cursor})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "?cursor")


@pytest.mark.parametrize("descending", [False, True])
def test_rows_without_a_value_have_their_place(membership, descending):
    """NULL counts as the greatest, as PostgreSQL sorts it."""
    now = timezone.now()
    for days in (3, None, 1, None, 2):
        expiry = None if days is None else now + timedelta(days=days)
        token = PersonalToken(user=membership.user, organisation=membership.organisation, scopes=[], expires_at=expiry)
        token.draw_secret()
        token.save()
    order = Order("expires_at", descending=descending)
    everything = list(order.sort(PersonalToken.objects.all()))

    walked, cursor = [], None
    while True:
        rows = order.sort(PersonalToken.objects.all())
        page = list((rows.filter(beyond(PersonalToken, order, cursor)) if cursor else rows)[:2])
        if not page:
            break
        walked += page
        value = page[-1].expires_at
        cursor = Cursor(str(order), backwards=False, value=value and value.isoformat(), key=str(page[-1].pk))

    assert walked == everything
    assert [token.expires_at for token in walked].count(None) == 2


def test_the_bound_of_a_page_is_one_an_index_can_use(memos):
    order = Order("created_at", descending=True)
    cursor = Cursor("-created_at", backwards=False, value=memos[3].created_at.isoformat(), key=str(memos[3].pk))

    sql = str(order.sort(Memo.objects.filter(beyond(Memo, order, cursor))).query)

    assert '"created_at" <= ' in sql
    assert "ORDER BY" in sql
    assert CursorPaging().get_schema_operation_parameters(None)
