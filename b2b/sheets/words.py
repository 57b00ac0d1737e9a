"""The text of a cell, as every parser of words takes it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from b2b.sheets.amounts import KEPT_DIGITS
from b2b.sheets.cells import Cell, Unreadable, shown
from b2b.sheets.parser import wrong_kind
from b2b.texts import CONTROLS, as_seen


def words(cell: Cell, expects: str | Promise) -> str:
    """The cell's text as it is seen, without outer spaces; a number becomes its digits. Raises ``Unreadable``."""
    if isinstance(cell, Decimal):
        return _digits(cell)
    if not isinstance(cell, str):
        raise wrong_kind(cell, expects)
    if CONTROLS.search(cell):
        raise Unreadable("control-characters", _("The text holds invisible control characters. Type it again."))
    return as_seen(cell).strip()


def _digits(number: Decimal) -> str:
    if number.adjusted() >= KEPT_DIGITS:
        raise Unreadable(
            "digits-lost",
            _("A spreadsheet keeps only 15 digits of a number. Format the cell as text and type it again."),
        )
    return shown(number)
