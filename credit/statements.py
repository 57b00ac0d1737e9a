"""What happened on an account between two days: opening balance, every entry, closing balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext

from b2b.errors import Fault, Invalid
from credit.models import Book, CreditAccount, LedgerEntry, LedgerLeg

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Balance:
    """What was promised and owed at one instant, in the account's currency."""

    held: Decimal
    drawn: Decimal

    @property
    def exposure(self) -> Decimal:
        return self.held + self.drawn


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry, and the balance it left."""

    entry: LedgerEntry
    held: Decimal
    drawn: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """An account from the start of ``first_day`` to the end of ``last_day``, in UTC."""

    account: CreditAccount
    first_day: date
    last_day: date
    opening: Balance
    lines: tuple[StatementLine, ...]
    closing: Balance


def statement(account: CreditAccount, *, first_day: date, last_day: date) -> Statement:
    """Draw up the statement; two queries. Raises ``Invalid`` for days that are no period of at most a year."""
    _require_period(first_day, last_day)
    opening = _balance_before(account, _start(first_day))
    lines = tuple(_running(account, opening, _start(first_day), _start(last_day + timedelta(days=1))))
    closing = Balance(lines[-1].held, lines[-1].drawn) if lines else opening
    return Statement(account, first_day, last_day, opening, lines, closing)


def _require_period(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise Invalid(faults=[Fault("#/last_day", "before-start", gettext("The last day is before the first."))])
    if last_day - first_day > LONGEST:
        raise Invalid(faults=[Fault("#/last_day", "too-long", gettext("A statement covers at most a year."))])


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _balance_before(account: CreditAccount, instant: datetime) -> Balance:
    legs = LedgerLeg.objects.filter(account=account, entry__at__lt=instant).values_list("book")
    sums = dict(legs.annotate(total=Sum("amount")).order_by())
    return Balance(sums.get(Book.HELD, Decimal(0)), sums.get(Book.DRAWN, Decimal(0)))


def _running(account: CreditAccount, balance: Balance, start: datetime, end: datetime) -> list[StatementLine]:
    entries = account.entries.filter(at__gte=start, at__lt=end).prefetch_related("legs")
    held, drawn, lines = balance.held, balance.drawn, []
    for entry in entries:
        moved = {leg.book: leg.amount for leg in entry.legs.all()}
        held += moved.get(Book.HELD, Decimal(0))
        drawn += moved.get(Book.DRAWN, Decimal(0))
        lines.append(StatementLine(entry, held, drawn))
    return lines
