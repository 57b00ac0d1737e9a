"""What an auditor checks of contracts and ratings, counted anew from the records each time.

A check that fails is a finding with its reason; none is stored, so none can be made to look better.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from b2b.clock import database_now
from b2b.money import Money
from contracts.models import CallOff, Contract
from suppliers.models import Score
from suppliers.scoring.recomputation import recomputed
from suppliers.standing import standing

IN_FORCE = ("scheduled", "active", "suspended", "expiring")
REVIEWERS_WANTED = 2


@dataclass(frozen=True, slots=True)
class Check:
    """One question put to the records: its code, what was asked, whether all is well, and what was seen."""

    code: str
    question: str
    passed: bool
    seen: str


def contract_checks(contract: Contract) -> list[Check]:
    """Every check of one contract, in a fixed order; a handful of queries."""
    return [
        _signatures_cover_the_text(contract),
        _two_people_approved(contract),
        _call_offs_add_up(contract),
        _supplier_in_good_standing(contract),
        _ends_in_time(contract),
    ]


def rating_checks(score: Score) -> list[Check]:
    """Whether the facts give the stored score again, and what they say of its size."""
    again = recomputed(score)
    same = (again.total, again.band, again.components) == (score.total, score.band, score.components)
    facts = sum(int(component["count"]) for component in score.components.values())
    return [
        Check(
            "recomputed",
            _("Do the recorded facts give the stored score?"),
            same,
            _("stored %(stored)s, recomputed %(again)s")
            % {"stored": _rating(score.total), "again": _rating(again.total)},
        ),
        Check(
            "enough-facts",
            _("Is the score more than a first impression?"),
            facts >= FACTS_WANTED,
            ngettext("%(count)s fact", "%(count)s facts", facts) % {"count": facts},
        ),
    ]


FACTS_WANTED = 5


def _rating(total: Decimal | None) -> str:
    return _("not rated") if total is None else str(total)


def _signatures_cover_the_text(contract: Contract) -> Check:
    signatures = [one for one in contract.signatures.all() if one.voided_at is None]
    latest = max((version.number for version in contract.versions.all()), default=0)
    texts = {version.number: version.pdf_sha256 for version in contract.versions.all()}
    astray = [one for one in signatures if one.sha256 != texts.get(latest)]
    wanted = contract.state not in IN_FORCE or len(signatures) == len({"buyer", "supplier"})
    return Check(
        "signatures",
        _("Does every signature cover the current text, and did both parties sign what is in force?"),
        wanted and not astray,
        ngettext(
            "%(count)s signature, %(astray)s over another text",
            "%(count)s signatures, %(astray)s over another text",
            len(signatures),
        )
        % {"count": len(signatures), "astray": len(astray)},
    )


def _two_people_approved(contract: Contract) -> Check:
    consents = [one for one in contract.consents.all() if one.purpose == "approval"]
    latest = max((one.number for one in consents), default=0)
    people = {one.user_id for one in consents if one.number == latest}
    wanted = contract.state in {"draft", "in_review", "cancelled"} or len(people) >= REVIEWERS_WANTED
    return Check(
        "four-eyes",
        _("Did two people approve it, neither of them its author?"),
        wanted and contract.created_by_id not in people,
        ngettext("%(count)s approver", "%(count)s approvers", len(people)) % {"count": len(people)},
    )


def _call_offs_add_up(contract: Contract) -> Check:
    standing_call_offs = CallOff.objects.filter(contract=contract).exclude(state__in=CallOff.FINAL)
    total = standing_call_offs.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    within = contract.ceiling is None or total <= contract.ceiling
    return Check(
        "call-offs",
        _("Do the call-offs add up to what is recorded, within the ceiling?"),
        total == contract.called_off and within,
        _("%(total)s called off") % {"total": Money(total, contract.currency).display()},
    )


def _supplier_in_good_standing(contract: Contract) -> Check:
    on = database_now().date()
    found = standing([contract.supplier_id], buyer_id=contract.buyer_id, on=on)[contract.supplier_id]
    wanted = contract.state not in IN_FORCE or found.is_trusted
    return Check("standing", _("Is the supplier qualified today?"), wanted, found.reason or _("qualified"))


def _ends_in_time(contract: Contract) -> Check:
    today = database_now().date()
    overrun = contract.state in IN_FORCE and contract.ends_on is not None and contract.ends_on < today
    return Check(
        "period",
        _("Has a contract past its end been ended?"),
        not overrun,
        str(contract.ends_on) if contract.ends_on else _("no end"),
    )


def failed(checks: list[Check]) -> Iterator[Check]:
    """The findings among the checks."""
    return (check for check in checks if not check.passed)
