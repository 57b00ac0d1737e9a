"""What must hold before an RFQ takes a step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils.translation import gettext, ngettext

from b2b.clock import database_now
from b2b.errors import Fault, Invalid
from b2b.unit import unit
from procurement.workflow import answers

if TYPE_CHECKING:
    from procurement.models import RequestForQuotation

ALL_WEIGHTS = 100


def has_lines(rfq: RequestForQuotation) -> Fault | None:
    if _units(rfq):
        return None
    return Fault("#/lines", "no-lines", gettext("Add at least one line."))


def units_current(rfq: RequestForQuotation) -> Iterator[Fault]:
    """A draft may be older than the list of units."""
    for number, code in _units(rfq):
        if not unit(code).is_current:
            yield Fault(
                f"#/lines/{number}/unit",
                "unit-withdrawn",
                gettext("The unit “%(unit)s” is no longer in use.") % {"unit": code},
            )


def _units(rfq: RequestForQuotation) -> list[tuple[int, str]]:
    """Each unit of its lines, and the first line that has it."""
    lines = rfq.lines.order_by("unit", "number").distinct("unit")
    return rfq.once("units", lambda: list(lines.values_list("number", "unit")))


def deadline_far_enough(rfq: RequestForQuotation) -> Fault | None:
    if rfq.deadline is None:
        return Fault("#/deadline", "no-deadline", gettext("Set a deadline."))
    now, days = database_now(), rfq.policy.minimum_days_open
    if rfq.deadline <= now:
        return Fault("#/deadline", "deadline-passed", gettext("Choose a deadline in the future."))
    if rfq.deadline < now + timedelta(days=days):
        return Fault(
            "#/deadline",
            "deadline-too-near",
            ngettext(
                "Leave suppliers at least %(days)s day until the deadline.",
                "Leave suppliers at least %(days)s days until the deadline.",
                days,
            )
            % {"days": days},
        )
    return None


def somebody_asked(rfq: RequestForQuotation) -> Fault | None:
    if rfq.is_public or rfq.invited():
        return None
    return Fault("#/invitations", "nobody-invited", gettext("Invite at least one supplier, or make the RFQ public."))


def criteria_weigh_all(rfq: RequestForQuotation) -> Fault | None:
    """Without criteria the price decides alone."""
    weights = rfq.criteria.aggregate(sum=Sum("weight"))["sum"]
    if weights in {None, ALL_WEIGHTS}:
        return None
    return Fault(
        "#/criteria",
        "weights-not-100",
        gettext("The weights of the criteria sum to %(sum)s instead of 100.") % {"sum": f"{weights.normalize():f}"},
    )


def under_publish_limit(rfq: RequestForQuotation) -> Fault | None:
    if not rfq.policy.needs_publish_approval(rfq.currency, rfq.estimate):
        return None
    return Fault(
        "#/estimate",
        "over-publish-limit",
        gettext("Submit it for approval: the estimate is not known or above what one may publish alone."),
    )


def deadline_not_passed(rfq: RequestForQuotation) -> Fault | None:
    if rfq.deadline is None or rfq.deadline > database_now():
        return None
    return Fault("#/deadline", "deadline-passed", gettext("The deadline has passed."))


def deadline_passed(rfq: RequestForQuotation) -> Fault | None:
    if rfq.deadline is not None and rfq.deadline <= database_now():
        return None
    return Fault("#/deadline", "deadline-ahead", gettext("The deadline has not passed."))


def require_later(deadline: datetime, than: datetime | None) -> None:
    if than is not None and deadline <= than:
        fault = Fault("#/deadline", "deadline-not-later", gettext("A deadline can only be moved to a later time."))
        raise Invalid(faults=[fault])


def too_few_quotations(rfq: RequestForQuotation) -> Fault | None:
    came = answers.submitted([rfq.pk])
    if came is None or came[rfq.pk] < rfq.minimum_quotations:
        return None
    return Fault("#/minimum_quotations", "enough-quotations", gettext("Enough quotations were submitted."))


def standstill_over(rfq: RequestForQuotation) -> Fault | None:
    if rfq.standstill_ends_at is not None and rfq.standstill_ends_at <= database_now():
        return None
    return Fault("#/standstill_ends_at", "standstill-running", gettext("The standstill has not ended."))
