"""How our workbooks look, and how a value is put into a cell so that it stays what it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

from b2b.sheets.parser import Written

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that make some spreadsheet program take a text for a formula."""
AUTHOR = "Hanse"

REQUIRED_FILL = PatternFill("solid", start_color="1F3A5F")
OPTIONAL_FILL = PatternFill("solid", start_color="5B7A9D")
FAULT_FILL = PatternFill("solid", start_color="FFC7CE")
REASON_FILL = PatternFill("solid", start_color="FFF2CC")
HEADING_FONT = Font(bold=True, color="FFFFFF")
EXAMPLE_FONT = Font(italic=True, color="7F7F7F")
TITLE_FONT = Font(bold=True, size=14)
WRAPPED = Alignment(wrap_text=True, vertical="top")
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
LINE = Border(bottom=Side(style="thin", color="BFBFBF"))
OPEN, SHUT = Protection(locked=False), Protection(locked=True)


def cell(worksheet: Any, value: Written, number_format: str = "General") -> Cell:
    """A cell that holds exactly ``value``; a text is a text, whatever it begins with."""
    written = WriteOnlyCell(worksheet)
    put(written, value)
    if number_format != "General" and not isinstance(value, bool):
        written.number_format = number_format
    return written


def put(target: Cell, value: Written) -> None:
    """Write ``value`` into a cell; texts are never formulas, and lose what XML cannot carry."""
    if not isinstance(value, str):
        target.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        return
    target.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    target.data_type = "s"
    if value.startswith(DANGEROUS):
        target.quotePrefix = True


def comment(text: str) -> Comment:
    """A note as large as its text needs, in points."""
    lines = sum(1 + len(line) // 40 for line in text.splitlines()) or 1
    return Comment(text, AUTHOR, width=320, height=24 + 18 * lines)


def sheet_title(text: str) -> str:
    """A name Excel accepts: at most 31 characters and none of its seven special ones."""
    return "".join(" " if letter in r"[]:*?/\'" else letter for letter in text)[:31].strip() or "Sheet"
