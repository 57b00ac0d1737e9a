"""What must hold before a contract takes a step."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import Fault
from contracts.placeholders import names_in_all

if TYPE_CHECKING:
    from contracts.models import Contract


class ClosingPoint(models.TextChoices):
    """What finance confirms before a contract is closed."""

    ORDERS_FINISHED = "orders_finished", _("All orders are finished")
    INVOICES_SETTLED = "invoices_settled", _("All invoices are settled")
    CLAIMS_SETTLED = "claims_settled", _("Returns and claims are settled")
    RECORDS_KEPT = "records_kept", _("The records are complete")


def today() -> date:
    return database_now().date()


def has_title(contract: Contract) -> Iterator[Fault]:
    if not contract.title:
        yield Fault("#/title", "required", gettext("Give the contract a title."))
    if not contract.chinese_title:
        yield Fault("#/chinese_title", "required", gettext("Give the contract a title in Chinese."))


def has_clauses(contract: Contract) -> Fault | None:
    if contract.clauses.exists():
        return None
    return Fault("#/clauses", "no-clauses", gettext("Choose a template, or add clauses."))


def period_set(contract: Contract) -> Iterator[Fault]:
    if contract.starts_on is None:
        yield Fault("#/starts_on", "required", gettext("Say when the contract starts."))
    if contract.ends_on is None:
        yield Fault("#/ends_on", "required", gettext("Say when the contract ends."))
    elif contract.ends_on < today():
        yield Fault("#/ends_on", "period-over", gettext("The contract would have ended already."))


def worth_set(contract: Contract) -> Iterator[Fault]:
    """A value follows from lines with quantities; lines without need a ceiling instead."""
    if contract.ceiling is not None:
        return
    if not contract.lines.exists():
        yield Fault("#/lines", "no-value", gettext("Add price lines, or set a ceiling."))
    for number in contract.lines.filter(quantity=None).order_by("number").values_list("number", flat=True)[:1]:
        yield Fault(
            "#/ceiling",
            "no-ceiling",
            gettext("Line %(number)s has no quantity: set a ceiling for the contract.") % {"number": number},
        )


def places_filled(contract: Contract) -> Iterator[Fault]:
    """Every place in the clauses that stand has something to fill it with, and every required field a value."""
    values = contract.values()
    texts = [text for clause in contract.standing_clauses() for text in (clause.text, clause.chinese_text)]
    missing = names_in_all(texts) | {field.name for field in contract.blanks() if field.required}
    for name in sorted(missing):
        if not values.get(name):
            yield Fault(f"#/fields/{name}", "field-missing", gettext("“%(name)s” is not filled in.") % {"name": name})


def period_not_over(contract: Contract) -> Fault | None:
    if contract.ends_on is not None and contract.ends_on >= today():
        return None
    return Fault("#/ends_on", "period-over", gettext("The contract would have ended already."))


def has_begun(contract: Contract) -> bool:
    return contract.starts_on is not None and contract.starts_on <= today()


def start_reached(contract: Contract) -> Fault | None:
    if has_begun(contract):
        return None
    return Fault("#/starts_on", "not-started", gettext("The start date has not come."))


def notice_due(contract: Contract) -> Fault | None:
    if contract.notice_on is not None and contract.notice_on <= today():
        return None
    return Fault("#/notice_on", "notice-not-due", gettext("The day of the notice has not come."))


def period_over(contract: Contract) -> Fault | None:
    if contract.ends_on is not None and contract.ends_on < today():
        return None
    return Fault("#/ends_on", "still-running", gettext("The last day has not passed."))


def termination_proposed(contract: Contract) -> Fault | None:
    if contract.termination_proposed_by_id is not None:
        return None
    return Fault("#/termination_reason", "termination-not-proposed", gettext("Nobody has proposed to terminate it."))


def termination_day_fault(contract: Contract, day: date) -> Fault | None:
    if contract.starts_on is not None and day < contract.starts_on:
        return Fault("#/terminates_on", "before-start", gettext("A contract cannot end before it started."))
    if contract.ends_on is not None and day > contract.ends_on:
        return Fault("#/terminates_on", "after-end", gettext("The contract ends by itself before that day."))
    return None


def call_offs_finished(contract: Contract) -> Fault | None:
    if not contract.call_offs.filter(state="open").exists():
        return None
    return Fault("#/call_offs", "call-offs-open", gettext("Orders called off are still open."))


def unchecked(checklist: Collection[str]) -> Iterator[Fault]:
    """The points of the closing checklist nobody has confirmed."""
    for point in ClosingPoint:
        if point.value not in checklist:
            yield Fault("#/checklist", "unchecked", gettext("Confirm first: %(point)s.") % {"point": point.label})
