"""Writing an RFQ: its lines, whom it asks, and what the answers are judged by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Fault, Invalid
from b2b.models import Organisation
from b2b.numbering import next_number
from b2b.policy import Actor
from b2b.rows import insert
from b2b.together import together
from b2b.workflow import create
from procurement.asked_lines import AskedLine, estimate_of, require_sound
from procurement.line_writing import write_lines
from procurement.models import Criterion, Invitation, RequestForQuotation, RFQLine, policy_of

__all__ = ["AskedLine", "Invitee", "JudgedBy", "copy", "draft", "invite", "judge_by", "rewrite"]

WRITTEN = [
    "item", "code", "product_id", "section", "quantity", "unit", "estimate_unit_price", "mandatory", "required_by",
    "deliveries",
]  # fmt: skip
COPIED = [
    "buyer_id", "currency", "minimum_quotations", "quotation_currencies", "title", "description", "is_public",
    "payment_terms", "incoterm", "place",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Invitee:
    """A supplier to ask, and who there should be written to besides its sales people."""

    supplier_id: UUID
    email: str = ""


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """One criterion; ``weight`` in percent."""

    name: str
    weight: Decimal
    kind: str = Criterion.Kind.PRICE.value


def draft(
    rfq: RequestForQuotation,
    *,
    lines: Sequence[AskedLine] = (),
    invited: Sequence[Invitee] = (),
    criteria: Sequence[JudgedBy] = (),
    actor: Actor,
) -> RequestForQuotation:
    """Save a new RFQ with all that belongs to it. Raises ``Invalid`` naming every part that cannot stand."""
    with together():
        rfq.minimum_quotations = rfq.minimum_quotations or policy_of(rfq.buyer_id).minimum_quotations
        _take(rfq, lines)
        rfq.number = next_number("RFQ", rfq.buyer_id, database_now().date())
        create(rfq, actor=actor, inputs={"lines": lines, "invitations": invited, "criteria": criteria})
        insert([_row(rfq, line) for line in lines])
        _ask(rfq, invited)
        _judge(rfq, criteria)
    return rfq


def copy(rfq: RequestForQuotation, *, actor: Actor) -> RequestForQuotation:
    """A new draft that asks the same of the same suppliers; the deadline is set anew."""
    again = RequestForQuotation(copied_from=rfq, **{name: getattr(rfq, name) for name in COPIED})
    told = ("number", "item", "quantity", "unit", "code", "product_id", "section", "estimate_unit_price", "mandatory")
    return draft(
        again,
        lines=[AskedLine(**row) for row in rfq.lines.values(*told)],
        invited=[Invitee(**row) for row in rfq.invitations.values("supplier_id", "email")],
        criteria=[JudgedBy(**row) for row in rfq.criteria.values("name", "weight", "kind")],
        actor=actor,
    )


def rewrite(rfq: RequestForQuotation, lines: Sequence[AskedLine]) -> None:
    """Make these the lines, inside ``editing``; a line keeps its key by its number. Raises ``Invalid``."""
    _take(rfq, lines)
    _write(rfq, lines)


def invite(rfq: RequestForQuotation, invited: Sequence[Invitee]) -> None:
    """Make these the suppliers asked, inside ``editing``. Raises ``Invalid`` for one that does not supply."""
    rfq.invitations.exclude(supplier_id__in=[invitee.supplier_id for invitee in invited]).delete()
    _ask(rfq, invited)


def _ask(rfq: RequestForQuotation, invited: Sequence[Invitee]) -> None:
    keys = [invitee.supplier_id for invitee in invited]
    suppliers = set(Organisation.objects.suppliers().filter(pk__in=keys).values_list("pk", flat=True))
    if faults := [*_invitation_faults(keys, suppliers - {rfq.buyer_id})]:
        raise Invalid(faults=faults)
    rows = [Invitation(rfq=rfq, supplier_id=invitee.supplier_id, email=invitee.email) for invitee in invited]
    insert(rows, known_by=["rfq", "supplier"], updating=["email"])


def judge_by(rfq: RequestForQuotation, criteria: Sequence[JudgedBy]) -> None:
    """Make these the criteria, inside ``editing``; whether they sum to 100 is asked when it is submitted."""
    rfq.criteria.all().delete()
    _judge(rfq, criteria)


def _judge(rfq: RequestForQuotation, criteria: Sequence[JudgedBy]) -> None:
    if faults := [*_criterion_faults(criteria)]:
        raise Invalid(faults=faults)
    rfq.criteria.bulk_create([Criterion(rfq=rfq, name=row.name, weight=row.weight, kind=row.kind) for row in criteria])


def _take(rfq: RequestForQuotation, lines: Sequence[AskedLine]) -> None:
    require_sound(lines, rfq.currency)
    rfq.estimate = estimate_of(lines, rfq.currency)


def _write(rfq: RequestForQuotation, lines: Sequence[AskedLine]) -> None:
    write_lines(rfq.lines, [_row(rfq, line) for line in lines], WRITTEN)


def _row(rfq: RequestForQuotation, line: AskedLine) -> RFQLine:
    return RFQLine(
        rfq=rfq,
        number=line.number,
        item=line.item,
        code=line.code,
        product_id=line.product_id,
        section=line.section,
        quantity=line.quantity,
        unit=line.unit,
        estimate_unit_price=line.estimate_unit_price,
        mandatory=line.mandatory,
        required_by=line.required_by,
        deliveries=[one.as_json() for one in line.deliveries],
    )


def _invitation_faults(keys: Sequence[UUID], suppliers: set[UUID]) -> Iterator[Fault]:
    for index, key in enumerate(keys):
        if key not in suppliers:
            yield Fault(
                f"#/invitations/{index}/supplier", "unknown-supplier", gettext("Choose an organisation that supplies.")
            )
        elif key in keys[:index]:
            yield Fault(
                f"#/invitations/{index}/supplier", "invited-twice", gettext("This supplier is invited already.")
            )


def _criterion_faults(criteria: Sequence[JudgedBy]) -> Iterator[Fault]:
    names = [criterion.name for criterion in criteria]
    for index, criterion in enumerate(criteria):
        if criterion.name in names[:index]:
            yield Fault(f"#/criteria/{index}/name", "criterion-twice", gettext("Two criteria have this name."))
        if not 0 < criterion.weight <= 100:  # noqa: PLR2004 — percent
            yield Fault(f"#/criteria/{index}/weight", "not-a-percentage", gettext("A weight is between 0 and 100."))
