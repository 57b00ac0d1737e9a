"""What is promised is held, what is billed is drawn, and nothing is ever owed twice or lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b2b.policy import CLOCK
from credit import ledger
from credit.models import CreditAccount, LedgerEntry, LedgerLeg
from credit.recomputation import differences
from tests.b2b.test_workflow import in_threads
from tests.factories.credit import ActiveAccountFactory, CreditAccountFactory

pytestmark = pytest.mark.django_db

ORDER, INVOICE, PAYMENT = "procurement.purchaseorder/1", "procurement.invoice/1", "procurement.payment/1"


@pytest.fixture
def account() -> CreditAccount:
    return ActiveAccountFactory()


def balances(account: CreditAccount) -> tuple[Decimal, Decimal, Decimal]:
    now = CreditAccount.objects.get(pk=account.pk)
    return now.held, now.drawn, now.available


def hold(account: CreditAccount, amount: int, against: str = ORDER):
    return ledger.hold(account, Decimal(amount), against=against, actor=CLOCK)


def test_an_order_is_held_then_drawn_then_repaid_and_the_credit_is_back(account):
    hold(account, 800)
    assert balances(account) == (800, 0, 200)

    ledger.draw(account, Decimal(800), against=ORDER, invoice=INVOICE, actor=CLOCK)
    assert balances(account) == (0, 800, 200)

    ledger.repay(account, Decimal(800), against=INVOICE, document=PAYMENT, actor=CLOCK)
    assert balances(account) == (0, 0, 1000)
    assert differences() == []


def test_more_than_is_available_is_refused_with_the_figures_and_changes_nothing(account):
    hold(account, 800)

    with pytest.raises(ledger.CreditExceeded, match=r"€300\.00 is needed, €200\.00 is available"):
        hold(account, 300, "procurement.purchaseorder/2")

    assert balances(account) == (800, 0, 200)
    assert LedgerEntry.objects.count() == 1


def test_holding_again_moves_the_hold_to_the_new_amount(account):
    hold(account, 800)
    hold(account, 800)
    assert LedgerEntry.objects.count() == 1

    hold(account, 900)
    hold(account, 500)

    assert balances(account) == (500, 0, 500)
    assert [(entry.kind, entry.amount) for entry in account.entries.all()] == [
        ("hold", 800),
        ("hold", 100),
        ("release", 400),
    ]


def test_a_released_order_may_be_held_again(account):
    hold(account, 800)
    ledger.release(account, against=ORDER, actor=CLOCK)
    assert ledger.release(account, against=ORDER, actor=CLOCK) is None

    hold(account, 700)

    assert balances(account) == (700, 0, 300)


def test_an_invoice_is_drawn_once_however_often_it_is_booked(account):
    hold(account, 800)

    for _ in range(2):
        ledger.draw(account, Decimal(300), against=ORDER, invoice=INVOICE, actor=CLOCK)

    assert balances(account) == (500, 300, 200)


def test_an_invoice_above_its_hold_takes_the_rest_from_the_available_credit(account):
    hold(account, 800)

    ledger.draw(account, Decimal(850), against=ORDER, invoice=INVOICE, actor=CLOCK)
    assert balances(account) == (0, 850, 150)

    with pytest.raises(ledger.CreditExceeded):
        ledger.draw(account, Decimal(151), against=ORDER, invoice="procurement.invoice/2", actor=CLOCK)
    assert balances(account) == (0, 850, 150)


def test_no_more_can_be_repaid_than_is_owed(account):
    hold(account, 800)
    ledger.draw(account, Decimal(800), against=ORDER, invoice=INVOICE, actor=CLOCK)
    ledger.repay(account, Decimal(500), against=INVOICE, document=PAYMENT, actor=CLOCK)

    with pytest.raises(ledger.MoreThanOwed, match=r"Only €300\.00 is owed"):
        ledger.repay(account, Decimal(301), against=INVOICE, document="procurement.payment/2", actor=CLOCK)

    assert balances(account) == (0, 300, 700)


@pytest.mark.parametrize("state", ["requested", "on_hold", "frozen", "closed"])
def test_only_a_usable_account_takes_new_holds(state):
    account = CreditAccountFactory(limit=Decimal(1000), state=state)

    with pytest.raises(ledger.AccountNotActive):
        hold(account, 1)

    assert LedgerEntry.objects.count() == 0


def test_the_database_has_the_last_word_on_the_limit(account):
    with pytest.raises(IntegrityError, match="credit_within_limit"), transaction.atomic():
        CreditAccount.objects.filter(pk=account.pk).update(held=Decimal("1000.0001"))

    assert balances(account) == (0, 0, 1000)


def test_the_ledger_is_written_once(account):
    hold(account, 800)

    for statement in ("UPDATE credit_ledgerentry SET amount = 1", "DELETE FROM credit_ledgerleg"):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert LedgerEntry.objects.get().amount == 800


def test_an_entry_whose_legs_do_not_balance_is_refused_by_the_database(account):
    hold(account, 800)

    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        LedgerLeg.objects.create(entry=LedgerEntry.objects.get(), account=account, book="drawn", amount=5)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_balance_changed_behind_the_ledgers_back_is_named(account):
    hold(account, 800)
    CreditAccount.objects.filter(pk=account.pk).update(held=700)

    assert [str(difference) for difference in differences()] == [
        f"credit account {account.pk}: held is stored as 700.0000, recomputed 800.0000"
    ]


@pytest.mark.django_db(transaction=True)
def test_orders_that_race_for_the_last_credit_never_exceed_the_limit():
    account = ActiveAccountFactory()

    said = in_threads(
        8, lambda number: hold(CreditAccount.objects.get(pk=account.pk), 300, f"procurement.purchaseorder/{number}")
    )

    assert sorted(type(answer).__name__ for answer in said) == ["CreditExceeded"] * 5 + ["LedgerEntry"] * 3
    assert balances(account) == (900, 0, 100)
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_race_would_reach_the_databases_last_word(monkeypatch):
    account = ActiveAccountFactory()
    monkeypatch.setattr(ledger, "_lock", lambda account: account.refresh_from_db())

    said = in_threads(
        8, lambda number: hold(CreditAccount.objects.get(pk=account.pk), 300, f"procurement.purchaseorder/{number}")
    )

    # Whoever read before the others wrote is stopped by the constraint alone.
    assert {type(answer).__name__ for answer in said} <= {"LedgerEntry", "CreditExceeded", "IntegrityError"}
    assert balances(account)[0] <= 1000


class Reference:
    """A credit line as a clerk would keep it on paper."""

    def __init__(self, limit: int) -> None:
        self.limit, self.held, self.drawn = limit, {}, {}

    def available(self) -> int:
        return self.limit - sum(self.held.values()) - sum(self.drawn.values())

    def hold(self, order: str, amount: int) -> bool:
        if amount - self.held.get(order, 0) > self.available():
            return False
        self.held[order] = amount
        return True

    def release(self, order: str) -> bool:
        self.held[order] = 0
        return True

    def draw(self, order: str, amount: int) -> bool:
        held = self.held.get(order, 0)
        if max(amount - held, 0) > self.available():
            return False
        self.held[order] = max(held - amount, 0)
        self.drawn[order] = self.drawn.get(order, 0) + amount
        return True


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["hold", "release", "draw"]), st.sampled_from("abc"), st.integers(1, 700)), max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=OPERATIONS)
def test_any_order_of_moves_leaves_what_a_clerk_would_have_on_paper(operations):
    with transaction.atomic():
        account, paper = ActiveAccountFactory(), Reference(1000)
        for number, (kind, order, amount) in enumerate(operations):
            allowed = getattr(paper, kind)(order, *([] if kind == "release" else [amount]))
            assert take(account, kind, order, amount, number) == allowed

        held, drawn = sum(paper.held.values()), sum(paper.drawn.values())
        assert balances(account)[:2] == (held, drawn)
        assert differences() == []
        transaction.set_rollback(True)


def take(account: CreditAccount, kind: str, order: str, amount: int, number: int) -> bool:
    try:
        if kind == "hold":
            hold(account, amount, order)
        elif kind == "release":
            ledger.release(account, against=order, actor=CLOCK)
        else:
            ledger.draw(account, Decimal(amount), against=order, invoice=f"invoice/{number}", actor=CLOCK)
    except ledger.CreditExceeded:
        return False
    return True
