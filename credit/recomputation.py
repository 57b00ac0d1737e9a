"""Balances counted again from the ledger, and the ledger held against the documents that caused it.

A difference raises an alert, never a silent correction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, Sum

from credit.models import Book, CreditAccount

Promises = Callable[[], Iterable[tuple[UUID, UUID, str, Decimal, Decimal]]]
"""Yields (buyer, supplier, currency, held, drawn) as an app's own documents have it."""

_sources: list[Promises] = []


@dataclass(frozen=True, slots=True)
class Difference:
    """An account whose stored balance is not what its records add up to."""

    account_id: UUID
    book: str
    stored: Decimal
    recomputed: Decimal

    def __str__(self) -> str:
        return f"credit account {self.account_id}: {self.book} is stored as {self.stored}, recomputed {self.recomputed}"


def promises(source: Promises) -> Promises:
    """Register documents of an app above, from which held and drawn can be counted independently."""
    if source not in _sources:
        _sources.append(source)
    return source


def differences() -> list[Difference]:
    """Every disagreement between stored balances, ledger, and documents; empty when all agree."""
    return [*_against_ledger(), *_against_documents()]


def _against_ledger() -> Iterator[Difference]:
    held = Sum("legs__amount", filter=Q(legs__book=Book.HELD), default=Decimal(0))
    drawn = Sum("legs__amount", filter=Q(legs__book=Book.DRAWN), default=Decimal(0))
    accounts = CreditAccount.objects.annotate(ledger_held=held, ledger_drawn=drawn)
    unequal = accounts.exclude(held=F("ledger_held"), drawn=F("ledger_drawn"))
    sums = {key: (held, drawn) for key, held, drawn in unequal.values_list("pk", "ledger_held", "ledger_drawn")}
    for account in CreditAccount.objects.filter(pk__in=sums):
        yield from _compare(account, *sums[account.pk])


def _against_documents() -> Iterator[Difference]:
    if not _sources:
        return
    counted: dict[tuple[UUID, UUID, str], tuple[Decimal, Decimal]] = {}
    for source in _sources:
        for buyer_id, supplier_id, currency, held, drawn in source():
            so_far = counted.get((buyer_id, supplier_id, currency), (Decimal(0), Decimal(0)))
            counted[buyer_id, supplier_id, currency] = (so_far[0] + held, so_far[1] + drawn)
    for account in CreditAccount.objects.exclude(state__in=CreditAccount.FINAL).iterator():
        key = (account.buyer_id, account.supplier_id, account.currency)
        yield from _compare(account, *counted.get(key, (Decimal(0), Decimal(0))))


def _compare(account: CreditAccount, held: Decimal, drawn: Decimal) -> Iterator[Difference]:
    if account.held != held:
        yield Difference(account.pk, Book.HELD, account.held, held)
    if account.drawn != drawn:
        yield Difference(account.pk, Book.DRAWN, account.drawn, drawn)
