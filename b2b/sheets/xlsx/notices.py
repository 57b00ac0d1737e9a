"""Comments on cells: their words in one part, and in another the boxes they are drawn in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from b2b.sheets.xlsx.addresses import cell
from b2b.sheets.xlsx.fragments import escaped
from b2b.sheets.xlsx.looks import MAIN
from b2b.sheets.xlsx.shape import Notice

AUTHOR = "Hanse"
WIDTH_POINTS = 260
LINE_POINTS = 14
LINE_CHARACTERS = 46
SHAPES_OF_A_BLOCK = 1024
_OPENING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel">'
)
_KIND = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def words(notices: Sequence[Notice]) -> Iterator[str]:
    """The part ``xl/comments….xml``."""
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{MAIN}">'
    yield f"<authors><author>{AUTHOR}</author></authors><commentList>"
    for notice in notices:
        text = escaped(notice.text)
        yield f'<comment ref="{cell(notice.row, notice.column)}" authorId="0"><text><r>'
        yield f'<rPr><sz val="9"/><rFont val="Tahoma"/></rPr><t xml:space="preserve">{text}</t></r></text></comment>'
    yield "</commentList></comments>"


def boxes(notices: Sequence[Notice], sheet_number: int) -> Iterator[str]:
    """The part ``xl/drawings/vmlDrawing….vml``; the numbers of its shapes come in blocks that belong to a sheet."""
    blocks = len(notices) // SHAPES_OF_A_BLOCK + 1
    first = (sheet_number - 1) * 64 + 1
    owned = ",".join(str(first + block) for block in range(blocks))
    yield f'{_OPENING}<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{owned}"/></o:shapelayout>{_KIND}'
    for number, notice in enumerate(notices, start=first * SHAPES_OF_A_BLOCK + 1):
        yield (
            f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;'
            f'margin-top:2pt;width:{WIDTH_POINTS}pt;height:{_height(notice.text)}pt;z-index:1;visibility:hidden" '
            'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
            '<v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
            '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
            '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
            f"<x:Row>{notice.row - 1}</x:Row><x:Column>{notice.column - 1}</x:Column></x:ClientData></v:shape>"
        )
    yield "</xml>"


def _height(text: str) -> int:
    lines = sum(1 + shown_width(line) // LINE_CHARACTERS for line in text.splitlines())
    return 10 + LINE_POINTS * max(lines, 1)


def shown_width(text: str) -> int:
    """In the widths of a digit; a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
