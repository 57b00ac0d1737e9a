"""How our workbooks look."""

from __future__ import annotations

from dataclasses import replace

from b2b.sheets.xlsx import Look, LookBook, Style

NAVY, STEEL, WHITE, GREY, PALE, LINE = "1F3A5F", "5B7A9D", "FFFFFF", "7F7F7F", "F2F5F9", "BFC8D2"
WARM, PINK, SAND = "FFFBE6", "FFC7CE", "FFF2CC"

HEADING = Look(bold=True, colour=WHITE, wrap=True, horizontal="center", vertical="center", line=WHITE)
REQUIRED, OPTIONAL = replace(HEADING, fill=NAVY), replace(HEADING, fill=STEEL)
EXAMPLE = Look(italic=True, colour=GREY, fill=PALE)
TITLE = Look(bold=True, size=16, colour=NAVY, vertical="center")
PARAGRAPH = Look(wrap=True, vertical="center")
TABLE_HEADING = Look(bold=True, colour=WHITE, fill=NAVY, wrap=True, vertical="center", line=LINE)
TABLE = Look(wrap=True, vertical="top", line=LINE)
FAULT = Look(fill=PINK)
REASON = Look(fill=SAND, wrap=True, vertical="top")
REASONS_HEADING = Look(fill=SAND, bold=True, wrap=True, vertical="center")

DAY, MOMENT, CLOCK = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss"


def style(looks: LookBook, look: Look) -> Style:
    """The look for every kind of value; what has no format of its own shows days and times as ISO 8601 does."""
    own = look.number_format != "General"
    day, moment, clock = (
        looks.number(look if own else replace(look, number_format=form)) for form in (DAY, MOMENT, CLOCK)
    )
    return Style(looks.number(look), looks.number(replace(look, quoted=True)), day, moment, clock)
