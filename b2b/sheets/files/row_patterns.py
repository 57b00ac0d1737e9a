"""What the rows of an .xlsx look like where they are plain: their start, their cells, and whole rows of one shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import cache

_ROW = rb'\s*<%brow r="([0-9]{1,7})"((?: [A-Za-z0-9:]+="[^"<>&]*")*)\s*>'
_TEXT = rb"[^<>\r\x00-\x08\x0b\x0c\x0e-\x1f]*"
_HIDDEN = re.compile(rb' hidden="(?:1|true|on)"')
Fits = Callable[[bytes], re.Match[bytes] | None]


@cache
def patterns(prefix: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """What a plain row's start tag and a plain cell look like.

    A cell's other attributes end in a slash where it is empty; then nothing more of it may follow.
    """
    tag = re.escape(prefix)
    formula = rb"(<%bf(?: [^<>]*)?(?:/>|>[^<>]*</%bf>))?" % (tag, tag)
    value = rb"(?:<%bv>(%b)</%bv>|%b)?" % (tag, _TEXT, tag, _inline(tag))
    cell = rb'<%bc r="([A-Z]{1,3})([0-9]{1,7})"([^<>&\x00]*)>(?:(?<=/>)|%b%b</%bc>)' % (tag, formula, value, tag)
    return re.compile(_ROW % tag), re.compile(cell)


def whole_row(prefix: bytes, letters: Sequence[bytes], attributes: Sequence[bytes], inline: Collection[int]) -> Fits:
    """Fits rows, without their end tag, whose cells have these columns and attributes, and values but no formulas.

    Its groups are the row's number, its other attributes and the value of each cell that may have one; ``inline`` are
    the places of those whose text stands in the cell.
    """
    tag = re.escape(prefix)
    cells = [
        rb'<%bc r="%b\1"%b>' % (tag, letter, re.escape(attribute)) + _content(tag, attribute, is_inline=place in inline)
        for place, (letter, attribute) in enumerate(zip(letters, attributes, strict=True))
    ]
    return re.compile(_ROW % tag + b"".join(cells)).fullmatch


def is_hidden(attributes: bytes) -> bool:
    """By a row's attributes besides its number."""
    return _HIDDEN.search(attributes) is not None


def _content(tag: bytes, attribute: bytes, *, is_inline: bool) -> bytes:
    if attribute.endswith(b"/"):
        return b""
    value = _inline(tag) if is_inline else rb"<%bv>(%b)</%bv>" % (tag, _TEXT, tag)
    return rb"%b</%bc>" % (value, tag)


def _inline(tag: bytes) -> bytes:
    return rb'<%bis>(<%bt(?: xml:space="preserve")?>%b)</%bt></%bis>' % (tag, tag, _TEXT, tag, tag)
