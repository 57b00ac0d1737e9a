from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from b2b.clock import database_now
from b2b.errors import NotAllowed
from b2b.models import JournalEntry
from b2b.workflow import create
from suppliers.models import BankAccount
from tests.factories.b2b import PlatformFactory, SupplierFactory, member
from tests.factories.suppliers import BankAccountFactory

pytestmark = pytest.mark.django_db

IBAN = "DE89370400440532013000"


def proposed(supplier, maker, number=IBAN):
    account = BankAccount(supplier=supplier, holder="Supplier Ltd", country="DE")
    account.account = number
    return create(account, actor=maker, inputs={"holder": "Supplier Ltd"})


def test_the_maker_may_not_be_the_checker():
    supplier = SupplierFactory()
    maker, checker = (member(supplier, "finance", second_factor=True) for _ in range(2))
    account = proposed(supplier, maker)

    with pytest.raises(NotAllowed):
        account.confirm(actor=maker)
    assert BankAccount.objects.get(pk=account.pk).state == "proposed"
    account.confirm(actor=checker)

    assert account.state == "confirmed"


def test_confirmed_details_wait_three_days_before_money_goes_there():
    supplier = SupplierFactory()
    account = proposed(supplier, member(supplier, "finance"))

    account.confirm(actor=member(PlatformFactory(), "compliance", second_factor=True))

    now = database_now()
    assert list(BankAccount.objects.usable(now + timedelta(days=2))) == []
    assert list(BankAccount.objects.usable(now + timedelta(days=3, seconds=1))) == [account]


def test_newer_details_retire_the_older():
    supplier = SupplierFactory()
    old = BankAccountFactory(supplier=supplier, state="confirmed")
    new = proposed(supplier, member(supplier, "finance"))

    new.confirm(actor=member(supplier, "finance", second_factor=True))

    assert BankAccount.objects.get(pk=old.pk).state == "retired"
    assert list(BankAccount.objects.filter(supplier=supplier, state="confirmed")) == [new]


def test_the_number_stands_in_clear_neither_in_its_table_nor_in_the_journal():
    supplier = SupplierFactory()
    account = proposed(supplier, member(supplier, "finance"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM suppliers_bankaccount a WHERE id = %s", [account.pk])
        row = cursor.fetchone()[0]
    told = [f"{entry.changes} {entry.inputs}" for entry in JournalEntry.objects.of(account)]

    assert BankAccount.objects.get(pk=account.pk).account == IBAN
    assert len(told) == 1
    assert IBAN not in row
    assert IBAN[4:-4] not in row + "".join(told)
