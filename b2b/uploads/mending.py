"""A cell mended in the review itself: its row is read and judged again, and so are rows that shared its key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import MD5, Cast, Concat
from django.utils.translation import gettext

from b2b.errors import Fault, Invalid, NotFound
from b2b.policy import Actor
from b2b.sentences import remembered
from b2b.sheets.cells import Cell
from b2b.sheets.layout import Layout
from b2b.sheets.rows import ReadRow, RowReader
from b2b.sheets.survey import SourceRow
from b2b.uploads import conversions, duplicates
from b2b.uploads.cells import loaded
from b2b.uploads.forgetting import drop
from b2b.uploads.format import Session
from b2b.uploads.formats import format_of
from b2b.uploads.judging import judge
from b2b.uploads.models import Upload, UploadRow
from b2b.uploads.reading import candidate, count
from b2b.uploads.staging import stage
from b2b.uploads.surveying import table_of
from b2b.workflow import editing

LONGEST_CELL = 32_000
IDLE = ("left_out", "missing")
"""Rows of which nothing is judged."""
JUDGED = ("outcome", "faults", "before", "after")


def mend(
    upload: Upload, number: int, cells: Mapping[str, str], *, actor: Actor, expected_version: int | None
) -> list[int]:
    """Put texts into cells of one row, by column name, as if the file said so; which other rows changed by it.

    Raises ``NotFound``, ``Invalid``, ``StaleVersion``, ``NotAllowed`` or ``WrongState``.
    """
    with transaction.atomic(), editing(upload, actor=actor, expected_version=expected_version), remembered():
        row = upload.rows.filter(number=number).first()
        if row is None:
            raise NotFound
        others = _Mending(upload, actor).mend(row, _checked(upload, cells))
        upload.refresh_from_db()
        upload.mended_count += 1
    return others


def _checked(upload: Upload, cells: Mapping[str, str]) -> dict[int, str]:
    """By place. Raises ``Invalid`` for a column the table does not have."""
    places = upload.layout["columns"]
    faults = [
        Fault(f"#/cells/{name}", "unknown-column", gettext("The table has no such column."))
        for name in cells
        if name not in places
    ]
    if faults:
        raise Invalid(faults=faults)
    return {places[name]: text for name, text in cells.items()}


class _Mending:
    def __init__(self, upload: Upload, actor: Actor) -> None:
        self.upload = upload
        declared = format_of(upload.format)
        self.session: Session = declared.session(upload, actor)
        layout = Layout.from_json(upload.layout)
        table = table_of(upload, layout.table)
        if table is None:
            raise NotFound
        self.table = table
        self.reader = RowReader(self.session.sheet, layout, table, currency=declared.currency(upload))

    def mend(self, row: UploadRow, texts: Mapping[int, str]) -> list[int]:
        """Which other rows changed."""
        cells = _with(loaded(row.cells), texts)
        again = self._again(row, cells)
        numbers = [number for number, _cells in again]
        before = self._judgements(numbers)
        self._replace(again)
        duplicates.mark(self.upload)
        self.session.settle()
        count(self.upload, self.session)
        after = self._judgements(numbers)
        return sorted({number for number, _said in before.items() ^ after.items()} - {row.number})

    def _judgements(self, numbers: Sequence[int]) -> dict[int, str]:
        """What is said of the rows to judge again and of those with faults, as one text each.

        Where more rows have faults than could be judged together, only the first of them are looked at.
        """
        if self.upload.is_sealed:
            return {number: repr(said) for number, *said in self.upload.rows.values_list("number", *JUDGED)}
        outcomes = self.upload.rows.exclude(outcome="missing")
        said = Concat(*(Cast(name, TextField()) for name in JUDGED), output_field=TextField())
        rows = outcomes.order_by("number").annotate(said=MD5(said)).values_list("number", "said")
        faulty = rows.filter(outcome="faulty")[: self.session.most_rows]
        return dict(rows.filter(number__in=numbers)) | dict(faulty)

    def _again(self, row: UploadRow, cells: Sequence[Cell]) -> list[tuple[int, Sequence[Cell]]]:
        """The rows to judge again: all where rows are judged together, else those whose faults name this one."""
        if self.session.chunk_rows is None:
            others: QuerySet[UploadRow] = self.upload.rows.exclude(pk=row.pk).exclude(outcome__in=IDLE)
        else:
            others = duplicates.sharing(self.upload, row) | self.session.at_odds_with(row)
        found = [(other.number, loaded(other.cells)) for other in others.order_by("number")]
        return sorted([*found, (row.number, cells)], key=lambda one: one[0])

    def _replace(self, rows: Sequence[tuple[int, Sequence[Cell]]]) -> None:
        read = list(self._read(dict(rows)))
        found = [candidate(self.reader, self.table.name, one) for one in read]
        judge(self.session, found)
        numbers = [number for number, _cells in rows]
        if not self.upload.is_sealed:
            conversions.take_away(self.upload.pk, numbers)
        drop(self.upload.rows.filter(number__in=numbers))
        stage(self.upload.pk, found, sealed=self.upload.is_sealed)

    def _read(self, rows: Mapping[int, Sequence[Cell]]) -> Iterator[ReadRow]:
        """These rows; the reader is told of the others above them where they say something for rows below."""
        if not self._looks_up():
            yield from (self.reader.read_cells(number, tuple(cells)) for number, cells in sorted(rows.items()))
            return
        for row in self.upload.rows.filter(number__lte=max(rows)).order_by("number").iterator(chunk_size=2_000):
            if row.number in rows:
                yield self.reader.read_cells(row.number, tuple(rows[row.number]))
            else:
                self.reader.pass_over(SourceRow(row.number, loaded(row.cells)))

    def _looks_up(self) -> bool:
        return bool(self.reader.spans or self.reader.section_column)


def _with(cells: Sequence[Cell], texts: Mapping[int, str]) -> tuple[Cell, ...]:
    width = max([len(cells), *texts])
    mended: list[Any] = [*cells, *[None] * (width - len(cells))]
    for place, text in texts.items():
        mended[place - 1] = text.strip()[:LONGEST_CELL] or None
    return tuple(mended)
