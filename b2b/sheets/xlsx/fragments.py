"""Cells as XML, without their address: ``<c r="A1"`` stands before each, which lets equal values share one text.

Texts stand in the cell itself, so that nothing has to be remembered until the end of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b2b.errors import DomainError
from b2b.sheets.cells import Broken, Cell, shown

MOST_IN_CELL = 32_767
"""Of UTF-16, as Excel counts: a letter beyond the first 65,536 counts twice."""
DANGEROUS = frozenset("=+-@\t\r\n")
"""Beginnings that make some spreadsheet program take a text for a formula."""
NOT_PLAIN = DANGEROUS | {"", " "}
SHORT = MOST_IN_CELL // 2
"""Texts of so many characters fit, whatever letters they are of."""
TEXT, TEXT_END = ' s="{}" t="inlineStr"><is><t>', "</t></is></c>"
SPECIAL = ("&", "<", ">", "_x", "||", "| ", " |", "|=", "|+", "|-", "|@")
"""What keeps texts with a bar on either side from standing in a cell as they are."""
KEPT_DIGITS = 15
ERROR_VALUES = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
FIRST_DAY = date(1900, 3, 1)
"""Before it, spreadsheets count a 29 February 1900 that never was."""
DAY_ZERO = 693_594
"""The ordinal of 30 December 1899."""
SECONDS_OF_DAY = 86_400

_BARRED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class TextTooLong(DomainError):
    """A text has more characters than a cell of a workbook holds."""

    status, code = 422, "sheet-text-too-long"
    title = gettext_lazy("A text is too long for a spreadsheet.")


@dataclass(frozen=True, slots=True)
class Style:
    """The numbers of a look for a column's values: as it is, for texts that look like formulas, for moments.

    ``whole`` is for multiples of ``step``, where the usual format would show a decimal point with nothing behind it.
    """

    plain: int = 0
    quoted: int = 0
    day: int = 0
    moment: int = 0
    clock: int = 0
    whole: int = 0
    step: Decimal | None = None


PLAIN = Style()


def fragment(value: Cell | int, style: Style = PLAIN) -> str:
    """The rest of a cell behind its address. Raises ``TextTooLong``."""
    if isinstance(value, str):
        return _text(value, style) if value else f' s="{style.plain}"/>'
    if value is None:
        return f' s="{style.plain}"/>'
    if isinstance(value, bool):
        return f' s="{style.plain}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, (Decimal, int)):
        return _number(value, style)
    return _error(value, style) if isinstance(value, Broken) else _moment(value, style)


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of some rows: what stands in each cell behind its address, ``values`` between what is the same."""

    before: str
    values: Sequence[str]
    behind: str = ""


def plain_texts(values: Sequence[object], style: Style) -> Lane | None:
    """All at once, if all are texts that stand in a cell as they are."""
    if set(map(type, values)) != {str}:
        return None
    texts = cast("Sequence[str]", values)
    joined = f"|{'|'.join(texts)}|"
    if len(joined) >= SHORT or not joined.isprintable() or any(one in joined for one in SPECIAL):
        return None
    return Lane(TEXT.format(style.plain), texts, TEXT_END)


def text_writer(style: Style) -> Callable[[str], str]:
    """``fragment`` for columns of texts, with everything ready that does not depend on the text."""
    begin = TEXT.format(style.plain)

    def written(text: str) -> str:
        # Nearly every text is plain; these questions cost less than one search for what must be escaped.
        if (
            text.isprintable()
            and not ("&" in text or "<" in text or "_x" in text or ">" in text)
            and text[:1] not in NOT_PLAIN
            and text[-1] != " "
            and len(text) < SHORT
        ):
            return f"{begin}{text}{TEXT_END}"
        return fragment(text, style)

    return written


def _text(text: str, style: Style) -> str:
    number = style.quoted if text[0] in DANGEROUS else style.plain
    return f' s="{number}" t="inlineStr"><is><t xml:space="preserve">{escaped(_fitting(text))}</t></is></c>'


def escaped(text: str) -> str:
    """As XML; what XML cannot carry as the ``_x000B_`` that spreadsheet programs read."""
    text = _LIKE_AN_ESCAPE.sub("_x005F_", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _BARRED.sub(lambda found: f"_x{ord(found[0]):04X}_", _SURROGATE.sub("\ufffd", text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fitting(text: str) -> str:
    length = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if length > MOST_IN_CELL:
        raise TextTooLong(
            _("“%(beginning)s…” has %(length)s characters; a cell of a spreadsheet holds at most %(most)s.")
            % {"beginning": text[:40], "length": length, "most": MOST_IN_CELL}
        )
    return text


def _number(number: Decimal | int, style: Style) -> str:
    """As a number, or as text where a spreadsheet would lose its last digits."""
    written = str(number)
    if len(written) > KEPT_DIGITS and len(Decimal(number).normalize().as_tuple().digits) > KEPT_DIGITS:
        return _text(f"{Decimal(number):f}", style)
    look = style.whole if style.step is not None and not number % style.step else style.plain
    return f' s="{look}"><v>{written}</v></c>'


def _moment(value: date | time, style: Style) -> str:
    """As a spreadsheet counts days; text for the days it cannot count."""
    if isinstance(value, time):
        return f' s="{style.clock}"><v>{_part_of_day(value)}</v></c>'
    day = value.date() if isinstance(value, datetime) else value
    if day < FIRST_DAY:
        return _text(shown(value), style)
    serial = value.toordinal() - DAY_ZERO
    if not isinstance(value, datetime):
        return f' s="{style.day}"><v>{serial}</v></c>'
    return f' s="{style.moment}"><v>{serial + _part_of_day(value.time())}</v></c>'


def _part_of_day(clock: time) -> Decimal:
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second + Decimal(clock.microsecond) / 1_000_000
    return (seconds / SECONDS_OF_DAY).quantize(Decimal("1e-12"))


def _error(value: Broken, style: Style) -> str:
    """An error stays one; so does a formula that lost its value, for which there is no word of its own."""
    told = value.shown if value.shown in ERROR_VALUES else "#N/A"
    return f' s="{style.plain}" t="e"><v>{told}</v></c>'
