"""The headings and codes of an upload as the reader knows them, in whichever language they were kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from b2b.sheets.codes import UnitCode
from b2b.sheets.parser import Parser
from b2b.sheets.texts import Choice, YesNo
from b2b.unit import UnknownUnit, unit
from b2b.uploads.formats import format_of
from b2b.uploads.models import Upload

_TRUTH = {"true": True, "false": False}


class Headings:
    """The columns of an upload's format by either of their headings."""

    def __init__(self, upload: Upload) -> None:
        columns = format_of(upload.format).reading_sheet().columns.values()
        self.columns = {heading: column for column in columns for heading in reversed(column.heading)}

    def here(self, heading: str) -> str:
        """The heading in the reader's language."""
        column = self.columns.get(heading)
        return column.here if column else heading

    def spellings(self, heading: str) -> tuple[str, ...]:
        """How it may have been kept."""
        column = self.columns.get(heading)
        return tuple(dict.fromkeys(column.heading)) if column else (heading,)

    def told(self, found: Iterable[Mapping[str, Any]] | None) -> Iterator[dict[str, Any]]:
        """Faults or conversions as a row keeps them, for the reader."""
        for one in found or ():
            said = {"taken": self.named(one["heading"], one["taken"])} if "taken" in one else {}
            yield {**one, **said, "heading": self.here(one["heading"])}

    def named(self, heading: str, taken: str) -> str:
        """What a cell of the column was read as."""
        column = self.columns.get(heading)
        return named(column.parse, taken) if column else taken


def named(parse: Parser[Any], told: str) -> str:
    """Of a code in a column so read, what people call it; anything else as it is."""
    try:
        if isinstance(parse, UnitCode):
            return unit(told).label()
        if isinstance(parse, Choice):
            return parse.write(told)
        if isinstance(parse, YesNo):
            return parse.write(_TRUTH[told.lower()])
    except (UnknownUnit, KeyError):
        pass  # Words of the time before, when the column meant something else.
    return told
