"""What can be wrong with what a draft shall say; pointers count from zero in the order given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from b2b.errors import Fault
from b2b.unit import units
from contracts.placeholders import names_in_all
from contracts.workflow.wording import unknown_places, wording_faults
from procurement.line_rules import price_faults

if TYPE_CHECKING:
    from contracts.models import Contract
    from contracts.price_line import PriceLine


def line_faults(lines: Sequence[PriceLine]) -> Iterator[Fault]:
    numbered = Counter(line.number for line in lines)
    for index, line in enumerate(lines):
        at = f"#/lines/{index}"
        if line.number < 1 or numbered[line.number] > 1:
            yield Fault(f"{at}/number", "line-twice", gettext("Lines are numbered from one, each once."))
        if line.quantity is not None and line.quantity <= 0:
            yield Fault(f"{at}/quantity", "not-positive", gettext("A quantity is greater than zero."))
        yield from _unit_faults(line.unit, at)
    yield from price_faults(lines)


def _unit_faults(code: str, at: str) -> Iterator[Fault]:
    if code not in units():
        detail = gettext("“%(unit)s” is not a known unit of measure.") % {"unit": code[:40]}
        yield Fault(f"{at}/unit", "unknown-unit", detail)


def clause_faults(text: str, chinese_text: str, known: set[str], index: int) -> Iterator[Fault]:
    at = f"#/clauses/{index}"
    yield from wording_faults(text, chinese_text, at=at)
    yield from unknown_places(names_in_all([text, chinese_text]), known, pointer=f"{at}/text")


def field_faults(contract: Contract) -> Iterator[Fault]:
    """A name the template does not have, or a value it does not offer."""
    blanks = {blank.name: blank for blank in contract.blanks()}
    for name in sorted({*contract.fields, *contract.chinese_fields} - blanks.keys()):
        yield Fault(
            f"#/fields/{name}", "unknown-field", gettext("The template has no field “%(name)s”.") % {"name": name}
        )
    for name, blank in blanks.items():
        value = contract.fields.get(name)
        if blank.choices and value and value not in blank.choices:
            yield Fault(
                f"#/fields/{name}",
                "not-a-choice",
                gettext("Choose one of: %(choices)s.") % {"choices": ", ".join(blank.choices)},
            )
