"""What a file's peculiarities mean to the person who sent it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

_SENTENCES: dict[str, Callable[[], str]] = {
    "macros-ignored": lambda: _("The workbook holds macros; they were not run."),
    "links-not-followed": lambda: _("The workbook links to other files; the values it stored were taken."),
    "encoding": lambda: _("The text was read as %(encoding)s."),
    "delimiter": lambda: _("The columns are divided by %(delimiter)s."),
}


def sentence(code: str, values: Mapping[str, Any]) -> str:
    """In the reader's language; the code itself where there is none."""
    said = _SENTENCES.get(code)
    try:
        return said() % values if said else code
    except KeyError:
        return code
