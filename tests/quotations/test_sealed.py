"""Before the opening nobody but its own supplier reads a price, wherever they look."""

from __future__ import annotations

import logging
from io import BytesIO

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from b2b.api.routes import router
from b2b.models import Role
from quotations.models import Quotation
from tests.clients import signed_in
from tests.factories.b2b import MembershipFactory, OrganisationFactory, PlatformFactory, UserFactory
from tests.factories.quotations import good_until, open_all, tender

pytestmark = pytest.mark.django_db

PRICE = "7346.918253"
PIECES = ("7346.91", "7346,91", "734691", "7,346.91")
NOTE = "zylindrisch-vertraulich"


def leaks(text: str) -> bool:
    return any(piece in text for piece in (*PIECES, NOTE))


@pytest.fixture
def side(deliver):
    """Two bidders: one submitted by workbook, one left a draft, both at the distinctive price, all over HTTP."""
    side = tender(2)
    for place, finished in ((0, True), (1, False)):
        _quote_over_http(side, place, finished=finished)
    deliver()
    return side


def client_of_bidder(side, place):
    membership = MembershipFactory(organisation=side.bidders[place], roles=["sales"])
    return signed_in(membership.user, side.bidders[place])


def _quote_over_http(side, place, *, finished):
    client, url = client_of_bidder(side, place), f"/api/v1/quotations/{side.quotation(place).pk}/"
    assert client.post(f"{url}start/", headers={"Idempotency-Key": f"start-{place}"}).status_code == 200
    lines = [{"line": 1, "unit_price": PRICE, "note": NOTE}, {"line": 2, "no_bid": True}]
    sent = {"lines": lines, "valid_until": str(good_until()), "discount_percent": "0"}
    saved = client.patch(url, sent, headers={"If-Match": f'"v{side.quotation(place).version}"'})
    assert saved.status_code == 200, saved.content
    book = load_workbook(BytesIO(content_of(client.get(f"{url}workbook/"))))
    book.worksheets[0]["G2"] = 21  # So that the table is kept, with the price in its row.
    file = BytesIO()
    book.save(file)
    upload = SimpleUploadedFile("answer.xlsx", file.getvalue())
    sent = client.post(
        f"{url}workbook/", {"file": upload}, format="multipart", headers={"Idempotency-Key": f"book-{place}"}
    )
    assert sent.status_code == 200, sent.content
    if finished:
        assert client.post(f"{url}submit/", headers={"Idempotency-Key": f"submit-{place}"}).status_code == 200


def content_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def readers(side):
    """Everybody who might look: each role at the buyer's and at the platform, the rival, and a stranger with every role."""
    platform = PlatformFactory(name="Platform two")
    for organisation in (side.buyer, platform):
        for role in Role.values:
            membership = MembershipFactory(organisation=organisation, roles=[role])
            yield f"{role} of {organisation}", signed_in(membership.user, organisation, second_factor=True)
    yield "rival", client_of_bidder(side, 1)
    yield from almighty(side)


def almighty(side):
    """Members with every role, everywhere."""
    for organisation in (side.buyer, PlatformFactory(name="Platform three"), OrganisationFactory(is_supplier=True)):
        membership = MembershipFactory(organisation=organisation)
        yield f"everybody at {organisation}", signed_in(membership.user, organisation, second_factor=True)


def lists():
    """Every list there is, in every order it offers."""
    for prefix, viewset, _basename in router().registry:
        if hasattr(viewset, "list"):
            yield f"/api/v1/{prefix}/"
            for column in getattr(viewset, "ordering_fields", ()):
                yield from (f"/api/v1/{prefix}/?ordering={sign}{column}" for sign in ("", "-"))


def pages(side):
    """Every page about this tender, and its lists as they are filtered."""
    quotation = side.quotation()
    for value in (quotation.state, "draft"):
        yield f"/api/v1/quotations/?state={value}&rfq={side.rfq.pk}"
    yield f"/api/v1/quotations/{quotation.pk}/"
    yield f"/api/v1/quotations/{quotation.pk}/journal/"
    yield f"/api/v1/quotations/{quotation.pk}/workbook/"
    yield f"/api/v1/rfqs/{side.rfq.pk}/"
    yield f"/api/v1/rfqs/{side.rfq.pk}/journal/"
    yield f"/api/v1/bid-openings/{side.opening.pk}/"
    yield f"/api/v1/bid-openings/{side.opening.pk}/journal/"
    yield f"/api/v1/comparisons/{side.rfq.pk}/"
    yield f"/api/v1/comparisons/{side.rfq.pk}/workbook/"
    yield f"/api/v1/comparisons/{side.rfq.pk}/tabulation/"


def said(response) -> str:
    if response["Content-Type"].startswith("application/vnd.openxml"):
        book = load_workbook(BytesIO(content_of(response)))
        return " ".join(str(cell) for sheet in book for row in sheet.values for cell in row)
    return content_of(response).decode()


def test_the_supplier_itself_reads_its_price(side):
    shown = client_of_bidder(side, 0).get(f"/api/v1/quotations/{side.quotation().pk}/")

    assert shown.json()["offer"]["lines"][0]["unit_price"] == PRICE
    assert leaks(said(shown))


def test_nobody_else_reads_a_price_on_any_page_about_it(side):
    asked = list(pages(side))

    for name, client in readers(side):
        for address in asked:
            response = client.get(address)
            assert response.status_code in {200, 403, 404}, (name, address, response.content)
            assert not leaks(said(response)), (name, address)


def test_nobody_else_reads_a_price_in_any_list(side):
    asked = list(lists())

    for name, client in almighty(side):
        for address in asked:
            response = client.get(address)
            assert response.status_code in {200, 403, 404, 422}, (name, address, response.content)
            assert not leaks(said(response)), (name, address)


def test_no_column_of_any_table_holds_a_price(side):
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            for piece in (*PIECES, NOTE):
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{piece}%"])
                found += [table] * cursor.fetchone()[0]

    assert found == []


def test_no_filter_or_order_touches_what_is_sealed():
    viewsets = {prefix: viewset for prefix, viewset, _basename in router().registry}

    quotations = viewsets["quotations"]

    assert set(quotations.ordering_fields) == {"created_at", "submitted_at"}
    assert set(quotations.filterset_class.get_filters()) == {"state", "rfq", "supplier", "buyer"}


def test_what_is_ordered_or_filtered_by_is_refused_beyond_the_list(side):
    membership = MembershipFactory(organisation=side.buyer, roles=["buyer"])
    client = signed_in(membership.user, side.buyer)

    for query in ("ordering=total", "ordering=lines__unit_price", "total__gt=1", "versions__sealed=x", "search=7346"):
        assert client.get(f"/api/v1/quotations/?{query}").status_code == 422, query


def test_no_log_line_tells_a_price(caplog):
    caplog.set_level(logging.DEBUG)
    side = tender(2)

    _quote_over_http(side, 0, finished=True)
    client = client_of_bidder(side, 1)
    url = f"/api/v1/quotations/{side.quotation(1).pk}/"
    client.post(f"{url}start/")
    version = side.quotation(1).version
    refused = client.patch(url, {"lines": [{"line": 99, "unit_price": PRICE}]}, headers={"If-Match": f'"v{version}"'})

    assert refused.status_code == 422
    messages = [record for record in caplog.records if not record.name.startswith("django.db.backends")]
    assert not [record for record in messages if leaks(record.getMessage()) or leaks(str(record.__dict__))]


def test_the_admin_site_shows_no_price(side):
    staff = UserFactory(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(staff)
    pages = [f"/admin/quotations/{model._meta.model_name}/" for model in apps.get_app_config("quotations").get_models()]

    for page in [*pages, f"/admin/quotations/quotation/{side.quotation().pk}/change/"]:
        assert not leaks(client.get(page, follow=True).content.decode()), page


def test_after_the_opening_the_buyer_reads_every_price_and_a_rival_none():
    side = tender(2)
    for place in range(2):
        _quote_over_http(side, place, finished=True)
    open_all(side)
    clerk = signed_in(MembershipFactory(organisation=side.buyer, roles=["buyer"]).user, side.buyer)

    compared = clerk.get(f"/api/v1/comparisons/{side.rfq.pk}/")
    own = clerk.get(f"/api/v1/quotations/{side.quotation().pk}/")
    rival = client_of_bidder(side, 1).get(f"/api/v1/quotations/{side.quotation().pk}/")

    assert leaks(said(compared))
    assert own.json()["offer"]["lines"][0]["unit_price"] == PRICE
    assert rival.status_code == 404


def test_what_was_never_opened_is_never_read(side):
    quotation = side.quotation(1)
    clerk = signed_in(MembershipFactory(organisation=side.buyer, roles=["buyer"]).user, side.buyer)
    open_all(side)

    shown = clerk.get(f"/api/v1/quotations/{quotation.pk}/").json()

    assert (shown["state"], shown["sealed"], shown["offer"]) == ("draft", True, None)
    assert Quotation.objects.get(pk=quotation.pk).total is None
