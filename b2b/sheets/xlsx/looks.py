"""The looks of cells, gathered while a workbook is written and told at its end in ``xl/styles.xml``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FONT = "Calibri"
FIRST_OWN_FORMAT = 164
"""Number formats below are the program's own."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks. Colours are RRGGBB; ``line`` is the colour of a thin line around the cell.

    ``is_open``: may be changed on a protected sheet. ``quoted``: a text, though it begins like a formula.
    """

    number_format: str = "General"
    fill: str = ""
    colour: str = ""
    bold: bool = False
    italic: bool = False
    size: int = 11
    wrap: bool = False
    horizontal: str = ""
    vertical: str = ""
    line: str = ""
    is_open: bool = False
    quoted: bool = False


class Parts(dict[str, int]):
    """Pieces of XML and the number each has, which is its place."""

    def __missing__(self, part: str) -> int:
        self[part] = len(self)
        return self[part]


class LookBook:
    """All looks of one workbook; number 0 is the plain one."""

    def __init__(self) -> None:
        self.formats, self.fonts, self.fills, self.borders, self.looks = Parts(), Parts(), Parts(), Parts(), Parts()
        self.numbers: dict[Look, int] = {}
        # A file has these two fills first, whether it uses them or not.
        for pattern in ("none", "gray125"):
            _ = self.fills[f'<fill><patternFill patternType="{pattern}"/></fill>']
        self.number(Look())

    def number(self, look: Look) -> int:
        if look not in self.numbers:
            self.numbers[look] = self.looks[self._xf(look)]
        return self.numbers[look]

    def xml(self) -> str:
        formats = [
            f'<numFmt numFmtId="{FIRST_OWN_FORMAT + number}" formatCode={code}/>'
            for code, number in self.formats.items()
        ]
        default = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"'
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{MAIN}">'
            + (_listed("numFmts", formats) if formats else "")
            + _listed("fonts", self.fonts)
            + _listed("fills", self.fills)
            + _listed("borders", self.borders)
            + _listed("cellStyleXfs", [f"{default}/>"])
            + _listed("cellXfs", self.looks)
            + _listed("cellStyles", ['<cellStyle name="Normal" xfId="0" builtinId="0"/>'])
            + "</styleSheet>"
        )

    def _xf(self, look: Look) -> str:
        format_number = 0
        if look.number_format != "General":
            format_number = FIRST_OWN_FORMAT + self.formats[quoteattr(look.number_format)]
        inside = _alignment(look) + ('<protection locked="0"/>' if look.is_open else "")
        quoted = ' quotePrefix="1"' if look.quoted else ""
        return (
            f'<xf numFmtId="{format_number}" fontId="{self.fonts[_font(look)]}" fillId="{self.fills[_fill(look)]}" '
            f'borderId="{self.borders[_border(look)]}" xfId="0"{quoted} applyNumberFormat="1" applyFont="1" '
            f'applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1">{inside}</xf>'
        )


def _listed(name: str, parts: Iterable[str]) -> str:
    held = list(parts)
    return f'<{name} count="{len(held)}">{"".join(held)}</{name}>'


def _font(look: Look) -> str:
    marks = ("<b/>" if look.bold else "") + ("<i/>" if look.italic else "")
    colour = f'<color rgb="FF{look.colour}"/>' if look.colour else ""
    return f'<font>{marks}<sz val="{look.size}"/>{colour}<name val="{FONT}"/><family val="2"/></font>'


def _fill(look: Look) -> str:
    if not look.fill:
        return '<fill><patternFill patternType="none"/></fill>'
    colour = f'<fgColor rgb="FF{look.fill}"/><bgColor indexed="64"/>'
    return f'<fill><patternFill patternType="solid">{colour}</patternFill></fill>'


def _border(look: Look) -> str:
    sides = "".join(_side(name, look.line) for name in ("left", "right", "top", "bottom"))
    return f"<border>{sides}<diagonal/></border>"


def _side(name: str, colour: str) -> str:
    return f'<{name} style="thin"><color rgb="FF{colour}"/></{name}>' if colour else f"<{name}/>"


def _alignment(look: Look) -> str:
    said = {"horizontal": look.horizontal, "vertical": look.vertical, "wrapText": "1" if look.wrap else ""}
    told = "".join(f' {name}="{value}"' for name, value in said.items() if value)
    return f"<alignment{told}/>" if told else ""
