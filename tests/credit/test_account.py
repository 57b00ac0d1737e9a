"""Credit is asked for by the buyer's finance and granted by the supplier's, above a threshold by two people."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from b2b.clock import database_now
from b2b.clockwork import take_due_steps
from b2b.errors import Blocked, Invalid, NotAllowed
from b2b.policy import CLOCK
from credit import ledger
from credit.models import CreditAccount, CreditPolicy
from tests.factories.b2b import PlatformFactory, member
from tests.factories.credit import ActiveAccountFactory, CreditAccountFactory

pytestmark = pytest.mark.django_db

GRANT = {"limit": Decimal(5000), "terms": "net_30", "review_on": date(2027, 6, 30)}


def reload(account: CreditAccount) -> CreditAccount:
    return CreditAccount.objects.get(pk=account.pk)


def test_the_creditors_finance_grants_what_the_buyer_asked_for():
    account = CreditAccountFactory()
    creditor = member(account.supplier, "finance")

    account.start_review(actor=creditor)
    account.approve(actor=creditor, **GRANT)

    now = reload(account)
    assert (now.state, now.limit, now.terms, now.available) == ("active", 5000, "net_30", 5000)


def test_the_buyer_cannot_grant_itself_credit():
    account = CreditAccountFactory(state="under_review")

    with pytest.raises(NotAllowed):
        account.approve(actor=member(account.buyer, "finance"), **GRANT)

    assert reload(account).state == "under_review"


def test_above_the_creditors_threshold_a_second_person_confirms():
    account = CreditAccountFactory(state="under_review")
    CreditPolicy.objects.create(supplier=account.supplier, second_reviewer_above=Decimal(4999))
    first, second = member(account.supplier, "finance"), member(account.supplier, "finance")

    account.approve(actor=first, **GRANT)
    assert reload(account).state == "second_review"
    with pytest.raises(NotAllowed):
        account.confirm(actor=first)
    assert reload(account).state == "second_review"

    account.confirm(actor=second)
    assert reload(account).state == "active"


def test_an_account_closes_only_at_zero():
    account = ActiveAccountFactory()
    ledger.hold(account, Decimal(10), against="order/1", actor=CLOCK)

    with pytest.raises(Blocked) as refusal:
        account.close(actor=member(account.supplier, "finance"), reason="No more trade.")
    assert [fault.code for fault in refusal.value.faults] == ["exposure-open"]
    assert reload(account).state == "active"

    ledger.release(account, against="order/1", actor=CLOCK)
    account.close(actor=member(account.supplier, "finance"), reason="No more trade.")
    assert reload(account).state == "closed"


def test_a_limit_lowered_below_what_is_owed_puts_the_account_on_hold():
    account = ActiveAccountFactory()
    ledger.hold(account, Decimal(800), against="order/1", actor=CLOCK)

    account.change_limit(actor=member(account.supplier, "finance"), limit=Decimal(500), reason="Late payments.")

    assert reload(account).state == "on_hold"
    with pytest.raises(ledger.AccountNotActive):
        ledger.hold(account, Decimal(900), against="order/1", actor=CLOCK)


def test_a_temporary_increase_ends_by_the_clock_and_holds_an_account_it_left_exposed():
    account = ActiveAccountFactory()
    creditor = member(account.supplier, "finance")
    today = database_now().date()
    account.raise_temporarily(actor=creditor, amount=Decimal(200), until=today, reason="Season.")
    ledger.hold(account, Decimal(1200), against="order/1", actor=CLOCK)
    assert take_due_steps() == 1  # the watch
    CreditAccount.objects.update(increase_until=today - timedelta(days=1))

    take_due_steps()

    now = reload(account)
    assert (now.state, now.increase, now.increase_until) == ("on_hold", 0, None)


def test_an_increase_cannot_end_in_the_past():
    account = ActiveAccountFactory()

    with pytest.raises(Invalid) as refusal:
        account.raise_temporarily(
            actor=member(account.supplier, "finance"), amount=Decimal(200), until=date(2020, 1, 1), reason="Season."
        )

    assert [fault.code for fault in refusal.value.faults] == ["in-the-past"]
    assert reload(account).increase == 0


def test_the_clock_watches_accounts_at_nine_tenths_of_their_limit():
    account = ActiveAccountFactory()
    ledger.hold(account, Decimal(900), against="order/1", actor=CLOCK)
    take_due_steps()
    assert reload(account).state == "watch"

    ledger.hold(account, Decimal(899), against="order/1", actor=CLOCK)
    take_due_steps()
    assert reload(account).state == "active"


def test_only_the_platforms_compliance_freezes():
    account = ActiveAccountFactory()
    platform = PlatformFactory()

    with pytest.raises(NotAllowed):
        account.freeze(actor=member(account.buyer, "compliance"), reason="Court order.")
    assert reload(account).state == "active"

    account.freeze(actor=member(platform, "compliance"), reason="Court order.")
    assert reload(account).state == "frozen"
