from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from b2b.clock import database_now
from b2b.clockwork import take_due_steps
from b2b.errors import Blocked, NotAllowed
from b2b.workflow import create
from suppliers.models import Product
from tests.factories.b2b import OrganisationFactory, PlatformFactory, SupplierFactory, member
from tests.factories.suppliers import AttributeFactory, CategoryFactory, ListedProductFactory, ProductFactory

pytestmark = pytest.mark.django_db


def test_a_product_is_listed_after_a_review_by_somebody_else():
    supplier, platform = SupplierFactory(), PlatformFactory()
    product = ProductFactory(supplier=supplier, category=CategoryFactory(review_required=True))
    sales, staff = member(supplier, "sales"), member(platform, "compliance")

    with pytest.raises(Blocked) as refusal:
        product.publish(actor=sales)
    product.submit(actor=sales)
    product.send_back(actor=staff, reason="No picture.")
    product.submit(actor=sales)
    with pytest.raises(NotAllowed):
        product.approve(actor=sales)
    product.approve(actor=staff)

    assert [fault.code for fault in refusal.value.faults] == ["review-needed"]
    assert product.state == "listed"


def test_where_the_category_asks_for_no_review_the_supplier_lists_by_itself():
    product = ProductFactory()

    product.publish(actor=member(product.supplier, "sales"))

    assert product.state == "listed"


def test_without_category_or_required_attribute_nothing_is_listed():
    category = CategoryFactory()
    AttributeFactory(category=category, code="thread", required=True)
    bare = ProductFactory(category=None)
    poor = ProductFactory(category=category)

    for product, code in ((bare, "category-missing"), (poor, "attribute-missing")):
        with pytest.raises(Blocked) as refusal:
            product.submit(actor=member(product.supplier, "sales"))
        assert code in [fault.code for fault in refusal.value.faults]
        assert Product.objects.get(pk=product.pk).state == "draft"


def test_a_delisted_product_comes_back_through_the_review_where_there_is_one():
    plain = ListedProductFactory(state="delisted")
    reviewed = ListedProductFactory(state="delisted", category=CategoryFactory(review_required=True))

    for product in (plain, reviewed):
        product.relist(actor=member(product.supplier, "sales"))

    assert (plain.state, reviewed.state) == ("listed", "pending_review")


def test_a_scheduled_listing_is_offered_in_its_time_and_delisted_by_the_clock():
    now = database_now()
    coming = ListedProductFactory(listed_from=now + timedelta(days=1))
    over = ListedProductFactory(listed_until=now - timedelta(seconds=1))
    present = ListedProductFactory(listed_from=now - timedelta(days=1), listed_until=now + timedelta(days=1))

    assert set(Product.objects.offered(now)) == {present}
    take_due_steps()

    states = dict(Product.objects.values_list("pk", "state"))
    assert states == {coming.pk: "listed", over.pk: "delisted", present.pk: "listed"}


def test_a_draft_is_seen_by_its_supplier_alone():
    draft, listed = ProductFactory(), ListedProductFactory()
    buyer = member(OrganisationFactory(), "buyer")
    own = member(draft.supplier, "sales")

    assert set(Product.objects.visible_to(buyer)) == {listed}
    assert set(Product.objects.visible_to(own)) == {draft, listed}


def test_an_item_number_stands_once_in_a_suppliers_catalogue():
    product = ProductFactory(sku="A-1")
    ProductFactory(sku="A-1")
    twin = Product(supplier=product.supplier, sku="A-1", name="Twin", unit="H87")

    with pytest.raises(IntegrityError, match="product_sku_once_per_supplier"), transaction.atomic():
        create(twin, actor=member(product.supplier, "sales"))

    assert Product.objects.filter(supplier=product.supplier).count() == 1
