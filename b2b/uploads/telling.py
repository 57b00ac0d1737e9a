"""The headings of an upload's columns as the reader knows them, in whichever language they were kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from b2b.uploads.formats import format_of
from b2b.uploads.models import Upload


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
            yield {**one, "heading": self.here(one["heading"])}
