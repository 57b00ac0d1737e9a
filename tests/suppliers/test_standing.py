from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from suppliers.standing import standing
from tests.factories.b2b import OrganisationFactory, SupplierFactory
from tests.factories.suppliers import FAR, ApprovedFactory, CategoryFactory, QualificationFactory

pytestmark = pytest.mark.django_db

ON = date(2026, 6, 1)
DECIDED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def supplier():
    return SupplierFactory()


@pytest.fixture
def buyer():
    return OrganisationFactory()


def of(supplier, buyer, category=None, on=ON):
    return standing([supplier.pk], buyer_id=buyer.pk, category_id=category and category.pk, on=on)[supplier.pk]


def test_who_never_qualified_may_do_nothing_and_is_told_so(supplier, buyer):
    found = of(supplier, buyer)

    assert (found.state, found.may_be_invited, found.may_be_ordered_from, found.may_sign) == (
        "not_qualified",
        False,
        False,
        False,
    )
    assert found.reason == "The supplier is not qualified."


@pytest.mark.parametrize("state", ["approved", "conditionally_approved", "expiring"])
def test_the_platforms_approval_is_good_for_every_buyer(supplier, buyer, state):
    ApprovedFactory(supplier=supplier, state=state)

    found = of(supplier, buyer)

    assert (found.may_be_invited, found.may_be_ordered_from, found.may_sign, found.reason) == (True, True, True, "")


@pytest.mark.parametrize("state", ["rejected", "expired", "suspended", "blocked"])
def test_a_buyers_own_decision_goes_before_the_platforms(supplier, buyer, state):
    ApprovedFactory(supplier=supplier)
    QualificationFactory(supplier=supplier, buyer=buyer, state=state, decided_at=DECIDED)

    assert (of(supplier, buyer).state, of(supplier, buyer).may_be_invited) == (state, False)
    assert of(supplier, OrganisationFactory()).may_be_invited is True


def test_a_buyers_approval_goes_before_the_platforms_rejection_but_not_before_its_block(supplier, buyer):
    common = QualificationFactory(supplier=supplier, buyer=None, state="rejected", decided_at=DECIDED)
    QualificationFactory(supplier=supplier, buyer=buyer, state="approved", decided_at=DECIDED)
    assert of(supplier, buyer).may_be_invited is True

    type(common).objects.filter(pk=common.pk).update(state="blocked")

    assert (of(supplier, buyer).state, of(supplier, buyer).may_sign) == ("blocked", False)


def test_the_nearest_category_decides(supplier, buyer):
    shelf = CategoryFactory()
    sub = CategoryFactory(parent=shelf)
    other = CategoryFactory()
    ApprovedFactory(supplier=supplier)
    ApprovedFactory(supplier=supplier, category=shelf, state="suspended")

    states = [of(supplier, buyer, category).state for category in (None, other, shelf, sub)]

    assert states == ["approved", "approved", "suspended", "suspended"]


def test_a_first_application_decides_nothing_and_one_under_review_again_holds_back(supplier, buyer):
    ApprovedFactory(supplier=supplier)
    own = QualificationFactory(supplier=supplier, buyer=buyer, state="under_review", decided_at=None)
    assert of(supplier, buyer).may_be_invited is True

    type(own).objects.filter(pk=own.pk).update(decided_at=DECIDED)

    assert (of(supplier, buyer).state, of(supplier, buyer).may_be_invited) == ("under_review", False)


def test_an_approval_counts_to_its_last_day_whether_or_not_the_clock_has_run(supplier, buyer):
    ApprovedFactory(supplier=supplier, valid_until=ON)

    assert of(supplier, buyer, on=ON).may_be_invited is True
    assert of(supplier, buyer, on=date(2026, 6, 2)).state == "expired"


def test_any_number_of_suppliers_costs_one_query(buyer, django_assert_num_queries):
    suppliers = SupplierFactory.create_batch(5)
    category = CategoryFactory()
    for one in suppliers[:3]:
        ApprovedFactory(supplier=one, category=category, valid_until=FAR)

    with django_assert_num_queries(1):
        found = standing([one.pk for one in suppliers], buyer_id=buyer.pk, category_id=category.pk, on=ON)

    assert [found[one.pk].may_be_invited for one in suppliers] == [True, True, True, False, False]
