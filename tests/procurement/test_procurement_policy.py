from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from b2b.clock import database_now
from b2b.models import ExchangeRate, JournalEntry
from b2b.money import Money
from b2b.workflow import editing
from procurement.models import ProcurementPolicy, policy_of
from tests.factories.procurement import policy_for

pytestmark = pytest.mark.django_db


def dollar_rate(rate, on=None):
    ExchangeRate.objects.create(
        source="ECB", base="EUR", quote="USD", day=on or database_now().date(), rate=Decimal(rate)
    )


def test_an_organisation_without_a_policy_lives_by_the_defaults(side):
    found = policy_of(side.buyer.pk)

    assert (found.opening, found.receipt_tolerance, found.minimum_quotations) == ("two", 0, 1)
    assert ProcurementPolicy.objects.count() == 0


@pytest.mark.parametrize(("amount", "is_over"), [("100.00", False), ("100.01", True)])
def test_a_limit_includes_itself(side, amount, is_over):
    assert policy_of(side.buyer.pk).over(Decimal(100), Money(Decimal(amount), "EUR")) is is_over


def test_other_currencies_are_compared_at_the_rate_of_the_day(side):
    dollar_rate("1.25")
    policy = policy_of(side.buyer.pk)

    assert policy.over(Decimal(100), Money(Decimal("125.00"), "USD")) is False
    assert policy.over(Decimal(100), Money(Decimal("125.02"), "USD")) is True


def test_without_a_current_rate_every_limit_is_exceeded(side):
    dollar_rate("1.25", on=date(2020, 1, 2))
    policy = policy_of(side.buyer.pk)

    assert policy.over(Decimal(100), Money(Decimal("0.01"), "USD")) is True
    assert policy.reached(Decimal(100), Money(Decimal("0.01"), "USD")) is True


def test_no_second_limit_is_never_reached(side):
    assert policy_of(side.buyer.pk).reached(None, Money(Decimal(10**9), "EUR")) is False


@pytest.mark.parametrize(("estimate", "opening"), [(Decimal(999), "one"), (Decimal(1000), "two"), (None, "two")])
def test_dear_or_unknown_rfqs_are_opened_by_two_people(side, estimate, opening):
    policy = policy_for(side.buyer, opening="one", two_opening_limit=Decimal(1000))

    assert policy.opening_of("EUR", estimate) == opening


def test_every_edit_is_journalled(side):
    policy = policy_for(side.buyer)

    with editing(policy, actor=side.admin):
        policy.publish_limit = Decimal(500)

    entry = JournalEntry.objects.of(policy).last()
    assert (entry.step, entry.user_id) == ("edit", side.admin.user_id)
    assert entry.changes == {"publish_limit": ["10000.0000", "500"]}


@pytest.mark.parametrize("values", [{"receipt_tolerance": Decimal("1.5")}, {"match_price_tolerance": Decimal("-0.1")}])
def test_a_tolerance_is_a_share(side, values):
    with pytest.raises(IntegrityError, match="policy_tolerances_are_shares"), transaction.atomic():
        policy_for(side.buyer, **values)


def test_a_policy_is_its_organisations_own(side):
    policy_for(side.buyer)
    visible = ProcurementPolicy.objects.visible_to

    assert [visible(actor).count() for actor in (side.admin, side.clerk, side.sales, side.stranger)] == [1, 1, 0, 0]
