"""What a draft says: the clauses of its template or others, the template's blanks filled in, its price lines.

``prepare`` finds everything wrong and touches the contract alone; ``store`` then writes the rows in
bulk. So a new contract is journalled with its value and title, and nothing is written half.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from b2b.errors import Fault, Invalid
from b2b.money import line_amount
from contracts.composition_faults import clause_faults, field_faults, price_line_faults
from contracts.models import (
    Clause,
    ClauseVersion,
    Contract,
    ContractClause,
    ContractLine,
    TemplateItem,
    TemplateVersion,
)
from contracts.price_line import PriceLine
from contracts.workflow.template import Condition


@dataclass(frozen=True, slots=True)
class Wording:
    """A clause as it shall stand: the library's wording as it is, or words written for this contract."""

    title: str
    chinese_title: str
    text: str
    chinese_text: str
    source: ClauseVersion | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Composition:
    """What shall be otherwise in a draft; ``None`` leaves it as it is. A template brings its clauses with it."""

    template: TemplateVersion | None = None
    clauses: Sequence[Wording] | None = None
    fields: Mapping[str, str] | None = None
    chinese_fields: Mapping[str, str] | None = None
    lines: Sequence[PriceLine] | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rows ready to be written, in the place of all there are of their kind."""

    clauses: list[ContractClause] | None = field(default=None)
    lines: list[ContractLine] | None = field(default=None)


def prepare(contract: Contract, composition: Composition) -> Prepared:
    """Set what stands on the contract itself, and build the rows under it. Raises ``Invalid`` with every fault."""
    clauses = composition.clauses
    if composition.template is not None:
        _take(contract, composition.template)
        clauses = clauses if clauses is not None else clauses_of(composition.template)
    _fill(contract, composition)
    if faults := _faults(contract, composition):
        raise Invalid(faults=faults)
    return Prepared(_clause_rows(contract, clauses), _line_rows(contract, composition.lines))


def store(contract: Contract, prepared: Prepared) -> None:
    """Replace the rows of each kind that was prepared."""
    if prepared.clauses is not None:
        contract.clauses.all().delete()
        ContractClause.objects.bulk_create(prepared.clauses)
    if prepared.lines is not None:
        contract.lines.all().delete()
        ContractLine.objects.bulk_create(prepared.lines)


def clauses_of(version: TemplateVersion) -> list[Wording]:
    """The clauses of a template, each in the wording in force now. Raises ``Invalid`` where one has none."""
    items = version.items.select_related("clause").order_by("position")
    return [_of_item(item) for item in items]


def wording_in_force(clause: Clause) -> Wording:
    """Raises ``Invalid`` for a clause that is not in force."""
    wording = clause.current()
    if wording is None or clause.state != "in_force":
        detail = gettext("The clause %(code)s is not in force.") % {"code": clause.code}
        raise Invalid(faults=[Fault("#/clauses", "clause-not-in-force", detail)])
    return Wording(clause.title, clause.chinese_title, wording.text, wording.chinese_text, source=wording)


def wording_of(row: ContractClause) -> Wording:
    """A clause of a contract as it stands."""
    return Wording(row.title, row.chinese_title, row.text, row.chinese_text, row.source, row.condition)


def price_lines_of(contract: Contract) -> list[PriceLine]:
    """The price lines as they stand, to be written anew."""
    told = ("number", "item", "code", "product_id", "quantity", "unit", "unit_price", "vat_category", "vat_rate")
    rows = contract.lines.order_by("number").values(*told)
    return [PriceLine(**{**row, "vat_category": row["vat_category"] or None}) for row in rows]


def _of_item(item: TemplateItem) -> Wording:
    return replace(wording_in_force(item.clause), condition=item.condition)


def _take(contract: Contract, version: TemplateVersion) -> None:
    contract.template = version
    contract.title = contract.title or version.title
    contract.chinese_title = contract.chinese_title or version.chinese_title


def _fill(contract: Contract, composition: Composition) -> None:
    if composition.fields is not None:
        contract.fields = dict(composition.fields)
    if composition.chinese_fields is not None:
        contract.chinese_fields = dict(composition.chinese_fields)


def _faults(contract: Contract, composition: Composition) -> list[Fault]:
    known = {*contract.values(), *(blank.name for blank in contract.blanks())}
    own = [(index, row) for index, row in enumerate(composition.clauses or ()) if row.source is None]
    return [
        *field_faults(contract),
        *(fault for index, row in own for fault in clause_faults(row.text, row.chinese_text, known, index)),
        *price_line_faults(composition.lines or (), contract.currency),
    ]


def _clause_rows(contract: Contract, clauses: Sequence[Wording] | None) -> list[ContractClause] | None:
    if clauses is None:
        return None
    return [
        ContractClause(contract=contract, position=position, **_columns(clause))
        for position, clause in enumerate(clauses, start=1)
    ]


def _columns(clause: Wording) -> dict[str, Any]:
    condition = clause.condition or Condition("", "", "")
    return {
        "source": clause.source,
        "title": clause.title,
        "chinese_title": clause.chinese_title,
        "text": clause.text,
        "chinese_text": clause.chinese_text,
        "condition_field": condition.field,
        "condition_operator": condition.operator,
        "condition_value": condition.value,
    }


def _line_rows(contract: Contract, lines: Sequence[PriceLine] | None) -> list[ContractLine] | None:
    """The contract's value is the sum of the rounded lines; without a quantity on every line there is none."""
    if lines is None:
        return None
    rows = [_line_row(contract, line) for line in lines]
    amounts = [row.amount for row in rows if row.amount is not None]
    contract.value = sum(amounts, Decimal(0)) if rows and len(amounts) == len(rows) else None
    return rows


def _line_row(contract: Contract, line: PriceLine) -> ContractLine:
    amount = None if line.quantity is None else line_amount(line.quantity, line.unit_price, contract.currency).amount
    return ContractLine(
        contract=contract,
        number=line.number,
        item=line.item,
        code=line.code,
        product_id=line.product_id,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        amount=amount,
        vat_category=line.vat_category or "",
        vat_rate=line.vat_rate if line.vat_category else None,
    )
