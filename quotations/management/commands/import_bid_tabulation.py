"""``script/manage import_bid_tabulation FILE``: published bid tabulations become RFQs, suppliers and quotations."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from b2b.errors import DomainError
from b2b.models import Organisation
from b2b.policy import Actor
from quotations.comparison import comparison
from quotations.tabulation.files import read_file
from quotations.tabulation.prices import CURRENCY
from quotations.tabulation.proposals import Proposal
from quotations.tabulation.reasons import Agreement, agreement
from quotations.tabulation.recording import COUNTRY, Recorded, record
from quotations.tabulation.rows import Remark

USUAL_BUYER = "Published lettings"
"""For whom tabulations are recorded when no organisation is named."""


class Command(BaseCommand):
    help = (
        "Record the proposals of a bid tabulation (.xlsx, .xls, .csv) as RFQs under evaluation with opened quotations, "
        "and compare the product's ranking with the published one. Recording a proposal again changes nothing. "
        "Ends with status 1 when a file cannot be read or a proposal was not recorded."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--organisation", default="", help=f"name or key of the buyer (default: “{USUAL_BUYER}”)")

    def handle(self, *args: Any, **options: Any) -> None:
        buyer = _buyer(options["organisation"])
        refused = sum(self._import(path, buyer) for path in options["file"])
        if refused:
            raise CommandError(
                ngettext(
                    "%(count)s file or proposal was not recorded; see above.",
                    "%(count)s files or proposals were not recorded; see above.",
                    refused,
                )
                % {"count": refused}
            )

    def _import(self, path: Path, buyer: Organisation) -> int:
        """How many proposals, or the file itself, were refused."""
        self.stdout.write(str(path))
        try:
            proposals, remarks = read_file(path.read_bytes(), path.name)
        except OSError as error:
            return self._refuse(_("The file cannot be read: %(why)s.") % {"why": error.strerror})
        except DomainError as refusal:
            return self._refuse(refusal.detail or str(refusal.title))
        self._tell(remarks)
        if not proposals:
            return self._refuse(_("The file holds no proposal."))
        done = [self._proposal(proposal, buyer, path.name) for proposal in proposals]
        self._sum_up(done)
        return sum(result is None for result in done)

    def _refuse(self, sentence: str) -> int:
        self.stdout.write(f"  {sentence}")
        return 1

    def _proposal(self, proposal: Proposal, buyer: Organisation, file_name: str) -> Agreement | None:
        if not proposal.bids:
            proposal.faults.append(proposal.first_row.remark(_("Nobody bid on the proposal.")))
        if not proposal.lines:
            proposal.faults.append(proposal.first_row.remark(_("The proposal has no line.")))
        if proposal.faults:
            self.stdout.write(_("  %(name)s: not recorded.") % {"name": proposal.name})
            self._tell(proposal.faults)
            return None
        recorded = record(proposal, buyer=buyer, file_name=file_name, actor=_recorder(buyer))
        found = agreement(proposal, recorded, comparison(recorded.rfq))
        self._tell_proposal(proposal, recorded, found)
        return found

    def _tell_proposal(self, proposal: Proposal, recorded: Recorded, found: Agreement) -> None:
        lines, bidders = len(proposal.lines), len(proposal.bids)
        self.stdout.write(
            _("  %(name)s: %(number)s, %(lines)s, %(bidders)s; %(ranks)s.%(before)s")
            % {
                "name": proposal.name,
                "number": recorded.rfq.number,
                "lines": ngettext("%(lines)s line", "%(lines)s lines", lines) % {"lines": lines},
                "bidders": ngettext("%(bidders)s bidder", "%(bidders)s bidders", bidders) % {"bidders": bidders},
                "ranks": _ranks(found),
                "before": "" if recorded.is_new else " " + _("Recorded before; nothing changed."),
            }
        )
        if not found.agrees and found.publishes_ranks:
            for one in found.placed:
                self.stdout.write(
                    _("    published %(published)s, compared %(compared)s: %(bidder)s, %(total)s")
                    % {
                        "published": one.published or "–",
                        "compared": one.compared or "–",
                        "bidder": one.bidder,
                        "total": f"{one.total:,.2f}",
                    }
                )
        for reason in found.reasons:
            self.stdout.write(f"    {reason}")
        self._tell(proposal.remarks)

    def _tell(self, remarks: Iterable[Remark]) -> None:
        for remark in remarks:
            self.stdout.write(f"    {remark}")

    def _sum_up(self, done: list[Agreement | None]) -> None:
        compared = [found for found in done if found is not None and found.publishes_ranks]
        self.stdout.write(
            _(
                "  %(agreeing)s of %(compared)s proposals rank every bidder as published; "
                "%(recorded)s of %(all)s are recorded."
            )
            % {
                "agreeing": sum(found.agrees for found in compared),
                "compared": len(compared),
                "recorded": sum(found is not None for found in done),
                "all": len(done),
            }
        )


def _ranks(found: Agreement) -> str:
    if not found.publishes_ranks:
        return _("no rank is published")
    if found.agrees:
        return _("every rank is as published")
    return _("%(agreeing)s of %(all)s ranks are as published") % {
        "agreeing": found.agreeing,
        "all": len(found.placed),
    }


def _recorder(buyer: Organisation) -> Actor:
    """Nobody in person: whoever runs the command does it for the buyer, and the journal names the command."""
    return Actor(organisation_id=buyer.pk, request_id="import_bid_tabulation")


def _buyer(named: str) -> Organisation:
    """The organisation by key or name; without a name, the usual one, made when first needed."""
    if not named:
        found = Organisation.objects.filter(name=USUAL_BUYER, is_buyer=True).first()
        return found or Organisation.objects.create(name=USUAL_BUYER, is_buyer=True, country=COUNTRY, currency=CURRENCY)
    found = Organisation.objects.filter(is_buyer=True).filter(**_by(named)).first()
    if found is None:
        raise CommandError(_("There is no buying organisation “%(name)s”.") % {"name": named})
    return found


def _by(named: str) -> dict[str, Any]:
    try:
        return {"pk": UUID(named)}
    except ValueError:
        return {"name": named}
