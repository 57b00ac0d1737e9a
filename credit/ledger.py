"""Credit moves in two phases: what an order promises is held, what an invoice bills is drawn.

Each move is a double entry between the books available, held and drawn, and moves the account's
balances in the same statement. The account's row is locked first, so moves queue up; every move
may be repeated without effect. The two phases follow TigerBeetle's two-phase transfers.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, Count, DecimalField, F, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.compiled import compiled
from b2b.errors import DomainError
from b2b.money import Money
from b2b.policy import Actor
from b2b.rows import insert
from b2b.together import together
from credit.models import Book, CreditAccount, Kind, LedgerEntry, LedgerLeg
from credit.workflow.account import USABLE, AccountState

#                        from            to
MOVES = {
    Kind.HOLD: (Book.AVAILABLE, Book.HELD),
    Kind.RELEASE: (Book.HELD, Book.AVAILABLE),
    Kind.DRAW: (Book.HELD, Book.DRAWN),
    Kind.REPAY: (Book.DRAWN, Book.AVAILABLE),
    Kind.CREDIT_NOTE: (Book.DRAWN, Book.AVAILABLE),
}


class CreditExceeded(DomainError):
    code, title = "credit-exceeded", _("The credit does not cover this amount.")


class AccountNotActive(DomainError):
    code, title = "credit-account-not-active", _("The credit account cannot be used now.")


class MoreThanOwed(DomainError):
    code, title = "more-than-owed", _("This is more than is held or owed.")


def account_between(buyer_id: UUID, supplier_id: UUID, currency: str) -> CreditAccount | None:
    """The live account of this buyer with this supplier in this currency, if they have one."""
    return _live_account.first(buyer_id, supplier_id, currency)


@compiled
def _live_account(buyer_id: UUID, supplier_id: UUID, currency: str) -> QuerySet[CreditAccount]:
    live = CreditAccount.objects.exclude(state__in=CreditAccount.FINAL).order_by("pk")
    return live.filter(buyer_id=buyer_id, supplier_id=supplier_id, currency=currency)


@together()
def hold(account: CreditAccount, amount: Decimal, *, against: str, actor: Actor) -> LedgerEntry | None:
    """Make what is held for ``against`` stand at ``amount``; ``None`` when it already does.

    Raises ``AccountNotActive``, or ``CreditExceeded`` when the rise is more than is available.
    """
    _lock(account)
    promised = _promised(account, against)
    rise = amount - promised.held
    if rise < 0:
        document = _numbered(against, promised.releases)
        return _move(account, Kind.RELEASE, -rise, against=against, actor=actor, document=document)
    if rise == 0:
        return None
    _require_usable(account)
    _require_available(account, rise)
    document = _numbered(against, promised.holds)
    return _move(account, Kind.HOLD, rise, against=against, actor=actor, document=document)


@together()
def release(account: CreditAccount, *, against: str, amount: Decimal | None = None, actor: Actor) -> LedgerEntry | None:
    """Give back what is still held for ``against``, or ``amount`` of it; ``None`` when nothing is held."""
    _lock(account)
    held = held_for(account, against)
    if held == 0:
        return None
    if amount is not None and amount > held:
        raise MoreThanOwed(gettext("Only %(held)s is held.") % {"held": _shown(account, held)})
    return _move(account, Kind.RELEASE, amount or held, against=against, actor=actor)


@together()
def draw(account: CreditAccount, amount: Decimal, *, against: str, invoice: str, actor: Actor) -> LedgerEntry:
    """Turn what is held for the order ``against`` into what is owed on ``invoice``.

    What the invoice bills beyond the hold, within its tolerance, is held first and needs available credit.
    """
    _lock(account)
    if done := _entry(account, Kind.DRAW, invoice):
        return done
    shortfall = amount - held_for(account, against)
    if shortfall > 0:
        _require_available(account, shortfall)
        _move(account, Kind.HOLD, shortfall, against=against, actor=actor)
    return _move(account, Kind.DRAW, amount, against=against, actor=actor, document=invoice)


@together()
def repay(account: CreditAccount, amount: Decimal, *, against: str, document: str, actor: Actor) -> LedgerEntry:
    """A payment, named by ``document``, settles ``amount`` of the invoice ``against``."""
    _lock(account)
    return _settle(account, Kind.REPAY, amount, against=against, document=document, actor=actor)


@together()
def credit_note(account: CreditAccount, amount: Decimal, *, against: str, document: str, actor: Actor) -> LedgerEntry:
    """A credit note, named by ``document``, takes ``amount`` off the invoice ``against``."""
    _lock(account)
    return _settle(account, Kind.CREDIT_NOTE, amount, against=against, document=document, actor=actor)


def held_for(account: CreditAccount, against: str) -> Decimal:
    """What the order ``against`` still holds."""
    return _balance(account, against, rises=[Kind.HOLD], falls=[Kind.RELEASE, Kind.DRAW])


def owed_on(account: CreditAccount, invoice: str) -> Decimal:
    """What is still owed on ``invoice``: drawn by it, less what settled it."""
    drawn = LedgerEntry.objects.filter(account=account, kind=Kind.DRAW, document=invoice)
    total: Decimal = drawn.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return total + _balance(account, invoice, rises=[], falls=[Kind.REPAY, Kind.CREDIT_NOTE])


def _settle(
    account: CreditAccount, kind: Kind, amount: Decimal, *, against: str, document: str, actor: Actor
) -> LedgerEntry:
    if done := _entry(account, kind, document):
        return done
    if amount > (owed := owed_on(account, against)):
        raise MoreThanOwed(gettext("Only %(owed)s is owed on it.") % {"owed": _shown(account, owed)})
    return _move(account, kind, amount, against=against, document=document, actor=actor)


def _lock(account: CreditAccount) -> None:
    account.lock()


def _require_usable(account: CreditAccount) -> None:
    if account.state not in USABLE:
        raise AccountNotActive(gettext("The account is “%(state)s”.") % {"state": AccountState(account.state).label})


def _require_available(account: CreditAccount, amount: Decimal) -> None:
    if amount > account.available:
        raise CreditExceeded(
            gettext("%(needed)s is needed, %(available)s is available.")
            % {"needed": _shown(account, amount), "available": _shown(account, account.available)}
        )


def _shown(account: CreditAccount, amount: Decimal) -> str:
    return Money(amount, account.currency).display()


@dataclass(frozen=True, slots=True)
class _Promised:
    """What is held for an order, and how often it was held and released so far."""

    held: Decimal
    holds: int
    releases: int


def _promised(account: CreditAccount, against: str) -> _Promised:
    found = LedgerEntry.objects.filter(account=account, against=against).aggregate(
        held=Sum(_signed([Kind.HOLD], [Kind.RELEASE, Kind.DRAW])),
        holds=Count("pk", filter=Q(kind=Kind.HOLD)),
        releases=Count("pk", filter=Q(kind=Kind.RELEASE)),
    )
    return _Promised(found["held"] or Decimal(0), found["holds"], found["releases"])


def _signed(rises: list[Kind], falls: list[Kind]) -> Case:
    return Case(
        When(kind__in=rises, then=F("amount")),
        When(kind__in=falls, then=-F("amount")),
        default=Value(0),
        output_field=DecimalField(),
    )


def _balance(account: CreditAccount, against: str, *, rises: list[Kind], falls: list[Kind]) -> Decimal:
    signed = _signed(rises, falls)
    entries = LedgerEntry.objects.filter(account=account, against=against)
    total: Decimal | None = entries.aggregate(total=Sum(signed))["total"]
    return total or Decimal(0)


def _entry(account: CreditAccount, kind: Kind, document: str) -> LedgerEntry | None:
    return LedgerEntry.objects.filter(account=account, kind=kind, document=document).first()


def _move(
    account: CreditAccount, kind: Kind, amount: Decimal, *, against: str, actor: Actor, document: str = ""
) -> LedgerEntry:
    """Write one entry with its two legs, and move the balances with it."""
    source, target = MOVES[kind]
    entry = LedgerEntry(
        account=account,
        kind=kind,
        amount=amount,
        document=document or _next_document(account, kind, against),
        against=against,
        user_id=actor.user_id,
    )
    insert([entry])
    insert(
        [
            LedgerLeg(entry=entry, account=account, book=source, amount=-amount),
            LedgerLeg(entry=entry, account=account, book=target, amount=amount),
        ]
    )
    changes = {source: -amount, target: amount}
    CreditAccount.objects.filter(pk=account.pk).update(
        held=F("held") + changes.get(Book.HELD, Decimal(0)), drawn=F("drawn") + changes.get(Book.DRAWN, Decimal(0))
    )
    # The caller holds the row, so nobody else has moved it.
    account.held += changes.get(Book.HELD, Decimal(0))
    account.drawn += changes.get(Book.DRAWN, Decimal(0))
    return entry


def _next_document(account: CreditAccount, kind: Kind, against: str) -> str:
    """A promise may be held, released and held again: each time counts as a document of its own."""
    before = LedgerEntry.objects.filter(account=account, kind=kind, against=against).count()
    return _numbered(against, before)


def _numbered(against: str, before: int) -> str:
    return f"{against}#{before + 1}"
