"""How our workbooks look."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from b2b.sheets.xlsx import Look, LookBook, Style

NAVY, STEEL, WHITE, GREY, PALE, LINE = "1F3A5F", "5B7A9D", "FFFFFF", "7F7F7F", "F2F5F9", "BFC8D2"
WARM, PINK, SAND = "FFFBE6", "FFC7CE", "FFF2CC"

HEADING = Look(bold=True, colour=WHITE, wrap=True, horizontal="center", vertical="center", line=WHITE)
REQUIRED, OPTIONAL = replace(HEADING, fill=NAVY), replace(HEADING, fill=STEEL)
EXAMPLE = Look(italic=True, colour=GREY, fill=PALE)
TITLE = Look(bold=True, size=16, colour=NAVY, vertical="center")
PARAGRAPH = Look(wrap=True, vertical="center")
TABLE_HEADING = Look(bold=True, colour=WHITE, fill=NAVY, wrap=True, vertical="center", line=LINE)
TABLE = Look(wrap=True, vertical="center", line=LINE)
TABLE_REQUIRED = replace(TABLE, fill=PALE)
FAULT = Look(fill=PINK)
REASON = Look(fill=SAND, wrap=True, vertical="top")
REASONS_HEADING = Look(fill=SAND, bold=True, wrap=True, vertical="center")

DAY, MOMENT, CLOCK = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss"


_OPTIONAL_PLACES = re.compile(r"(.*0)\.#+(%?)")


def style(looks: LookBook, look: Look) -> Style:
    """The look for every kind of value; what has no format of its own shows days and times as ISO 8601 does."""
    own = look.number_format != "General"
    day, moment, clock = (
        looks.number(look if own else replace(look, number_format=form)) for form in (DAY, MOMENT, CLOCK)
    )
    whole, step = _whole(look)
    quoted = replace(look, quoted=True)
    return Style(looks.number(look), looks.number(quoted), day, moment, clock, looks.number(whole), step)


def _whole(look: Look) -> tuple[Look, Decimal | None]:
    """The look of whole numbers where all decimals of the format are optional: Excel shows 100 as ``100.`` there."""
    found = _OPTIONAL_PLACES.fullmatch(look.number_format)
    if found is None:
        return look, None
    step = Decimal("0.01") if found[2] else Decimal(1)
    return replace(look, number_format=found[1] + found[2]), step
