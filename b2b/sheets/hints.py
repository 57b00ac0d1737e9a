"""What a column says of itself to who fills it in."""

from __future__ import annotations

from django.utils.translation import gettext as _

from b2b.sheets.sheet import Column
from b2b.sheets.texts import Text


def heading_of(column: Column) -> str:
    """As templates and exports write it; a star marks what must be filled in."""
    return f"{column.title}{' *' if column.required else ''}"


def what_to_write(column: Column) -> str:
    if isinstance(column.parse, Text):
        return _("a text of at most %(most)s characters") % {"most": column.parse.max_length}
    return str(column.parse.expects)


def hint_of(column: Column) -> str:
    """What the comment on a heading says: the note, and what to write."""
    return "\n".join(part for part in (str(column.note), what_to_write(column)) if part)
