"""What must hold before a quotation takes a step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import Fault, Invalid
from b2b.policy import Rule
from suppliers.standing import standing

if TYPE_CHECKING:
    from quotations.models import Quotation

BARRED = ("suspended", "blocked")

proposer = Rule(
    _("who proposed it"), lambda actor, quotation: actor.user_id == quotation.disqualification_proposed_by_id
)


def before_deadline(quotation: Quotation) -> Fault | None:
    """By the database's clock, and not after the RFQ was closed or cancelled."""
    rfq = quotation.rfq
    if rfq.state == "published" and rfq.deadline is not None and database_now() < rfq.deadline:
        return None
    return Fault("#/rfq", "deadline-passed", gettext("The deadline has passed, or the RFQ is no longer open."))


def after_deadline(quotation: Quotation) -> Fault | None:
    rfq = quotation.rfq
    if rfq.state != "published" or (rfq.deadline is not None and rfq.deadline <= database_now()):
        return None
    return Fault("#/rfq", "deadline-ahead", gettext("The deadline has not passed."))


def supplier_may_bid(quotation: Quotation) -> Fault | None:
    """Whoever is suspended or blocked may not; whether the others may be invited was asked at publication."""
    today = database_now().date()
    found = standing([quotation.supplier_id], buyer_id=quotation.buyer_id, on=today)[quotation.supplier_id]
    if found.state not in BARRED:
        return None
    return Fault("#/supplier", "supplier-barred", found.reason)


def every_mandatory_line_answered(quotation: Quotation) -> Iterator[Fault]:
    """Priced or marked as no bid: blank is neither, and zero is a price."""
    answered = quotation.offer().lines
    for number in quotation.rfq.line_numbers(mandatory_only=True):
        if number not in answered:
            yield Fault(
                f"#/lines/{number}/unit_price",
                "line-unanswered",
                gettext("Line %(line)s needs a price, or must be marked “no bid”.") % {"line": number},
            )
    if not any(line.unit_price is not None for line in answered.values()):
        yield Fault("#/lines", "nothing-priced", gettext("Price at least one line, or decline."))


def valid_long_enough(quotation: Quotation) -> Fault | None:
    """A quotation must at least outlive the deadline, when it is opened, and the standstill after it."""
    valid_until, rfq = quotation.offer().valid_until, quotation.rfq
    if valid_until is None:
        return Fault("#/valid_until", "no-validity", gettext("Say until when the quotation is valid."))
    days = max(rfq.standstill_days, 1)
    if rfq.deadline is not None and (valid_until - rfq.deadline.date()).days < days:
        return Fault(
            "#/valid_until",
            "validity-too-short",
            ngettext(
                "The quotation must be valid for at least %(days)s day after the deadline.",
                "The quotation must be valid for at least %(days)s days after the deadline.",
                days,
            )
            % {"days": days},
        )
    return None


def rfq_being_opened(quotation: Quotation) -> Fault | None:
    return _rfq_in(quotation, "under_evaluation", gettext("The RFQ's quotations are not being opened."))


def rfq_under_evaluation(quotation: Quotation) -> Fault | None:
    return _rfq_in(quotation, "under_evaluation", gettext("The RFQ is not under evaluation."))


def rfq_awarded(quotation: Quotation) -> Fault | None:
    return _rfq_in(quotation, "awarded", gettext("The RFQ is not awarded."))


def rfq_ended_without_award(quotation: Quotation) -> Fault | None:
    if quotation.rfq.state in {"cancelled", "failed"}:
        return None
    return Fault("#/rfq", "rfq-not-ended", gettext("The RFQ was neither cancelled nor has it failed."))


def _rfq_in(quotation: Quotation, state: str, sentence: str) -> Fault | None:
    return None if quotation.rfq.state == state else Fault("#/rfq", "rfq-in-another-state", sentence)


def disqualification_proposed(quotation: Quotation) -> Fault | None:
    if quotation.disqualification_proposed_by_id is not None:
        return None
    return Fault(
        "#/disqualification_reason",
        "disqualification-not-proposed",
        gettext("A buyer must propose it first, with the criterion and the reason."),
    )


def recorded_on_paper(quotation: Quotation) -> Fault | None:
    """What its supplier sealed in the product is nobody's to take back."""
    if not quotation.sealed_sha256:
        return None
    return Fault("#/state", "not-on-paper", gettext("The quotation was not recorded from paper."))


def validity_passed(quotation: Quotation) -> Fault | None:
    if quotation.valid_until is not None and quotation.valid_until < database_now().date():
        return None
    return Fault("#/valid_until", "still-valid", gettext("The quotation is still valid."))


def no_award_upon_it(quotation: Quotation) -> Fault | None:
    """An award in the making has accepted the quotation; it does not fall away under it."""
    if not quotation.award_lines.filter(award__state__in=("proposed", "approved")).exists():
        return None
    return Fault("#/award", "award-pending", gettext("An award upon this quotation is pending."))


def require_later(valid_until: date, than: date | None) -> None:
    if than is not None and valid_until <= than:
        detail = gettext("A validity can only be extended to a later day.")
        raise Invalid(faults=[Fault("#/valid_until", "validity-not-later", detail)])
