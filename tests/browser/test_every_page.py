"""Every page in both languages: no serious fault of accessibility, nothing wider than the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.catalogue import bearings
from tests.factories.suppliers import PriceFactory, ProductFactory, PublishedPriceListFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pages() -> tuple:
    """A supplier and the paths of its pages."""
    supplier = bearings()
    product = ProductFactory(supplier=supplier, sku="7000", name="Angular contact bearing", attributes={"bore": "20"})
    prices = PublishedPriceListFactory(supplier=supplier)
    PriceFactory(product=product, price_list=prices)
    return supplier, [
        "/catalogue", f"/catalogue/{product.pk}", "/price-lists", f"/price-lists/{prices.pk}", "/uploads", "/rfqs",
        f"/documents/contracts.contract/{product.pk}", "/nowhere",
    ]  # fmt: skip


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator(".ant-spin-spinning")).to_have_count(0)


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_a_telephone(opened, pages, findings, page: Page):
    supplier, paths = pages
    found = []
    for path in paths:
        settled(opened(path, supplier, "sales"))
        found += findings()
        page.set_viewport_size({"width": 390, "height": 844})
        found += [f"{path} is wide"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
        page.set_viewport_size({"width": 1440, "height": 900})
    assert found == []


def test_the_link_of_a_notification_leads_to_the_page_of_its_document(opened, pages, page: Page):
    supplier, paths = pages
    product = paths[1].rpartition("/")[2]
    opened(f"/documents/suppliers.product/{product}", supplier, "sales")
    expect(page.get_by_role("dialog")).to_contain_text("Angular contact bearing")
    opened(f"/documents/contracts.contract/{product}", supplier, "sales")
    expect(page.get_by_text("Contract: not here yet")).to_be_visible()


def test_after_signing_in_one_is_where_one_was_going_also_when_a_session_was_over(
    page: Page, live_server, db, transactional_db
):
    from tests.factories.b2b import MembershipFactory  # noqa: PLC0415

    user = MembershipFactory(organisation=bearings(), roles=["sales"]).user
    user.set_password("a long password")
    user.save()
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    page.goto(f"{live_server.url}/account/login?next=/price-lists")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Price lists")).to_be_visible()

    page.context.clear_cookies(name="sessionid")
    page.get_by_role("link", name="Uploads").click()
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Uploads")).to_be_visible()
