"""Tables whose rows together are the lines of one document, or become documents.

They are judged together by the rules that write them, once for the review and once more when they come into
force: what would then happen otherwise than the review showed does not happen at all.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from django.utils.translation import gettext

from b2b.errors import DomainError, Fault, Invalid
from b2b.policy import Actor
from b2b.sheets.faults import SheetRefused
from b2b.sheets.layout import Layout
from b2b.sheets.rows import RowReader
from b2b.sheets.survey import SourceRow
from b2b.uploads.cells import loaded
from b2b.uploads.drift import Drifted
from b2b.uploads.format import Act, Candidate, Session
from b2b.uploads.models import Upload
from b2b.uploads.reading import candidate
from b2b.uploads.surveying import table_of
from b2b.uploads.told import told

SOUND = frozenset({"new", "changed", "unchanged"})
OF_A_LINE = re.compile(r"#/lines/(\d+)(?:/(\w+))?")
"""How the rules about lines point at what they find."""
Values = Mapping[str, Any]
"""A line as an export writes it: column name → value."""


class Lines(Session):
    chunk_rows: ClassVar[int | None] = None
    columns_of_rules: ClassVar[Mapping[str, str]] = {}
    """Where a rule names a field otherwise than the sheet names its column."""
    _meant_last: tuple[tuple[Any, ...], AbstractSet[str]] = (None, None, None), frozenset()

    # --- What a format says -----------------------------------------------------------------------
    @abstractmethod
    def judge(self, rows: Sequence[Candidate]) -> None:
        """Set key, outcome, ``before`` and ``after`` of each row, or its faults; keep on ``self`` what ``write`` needs.

        A row of a document that is to be made carries its key as ``document_id`` already when it is judged again.
        Raises what forbids all of it, a ``SheetRefused`` where it is the file.
        """

    @abstractmethod
    def write(self, acts: Sequence[Act], *, actor: Actor) -> Any:
        """Bring into force what was judged. Answers what ``restore`` needs, as JSON."""

    @abstractmethod
    def restore(self, basis: Any, acts: Sequence[Act], *, actor: Actor) -> None:
        """Make everything as it was before; nothing depends on it."""

    # --- Review ------------------------------------------------------------------------------------
    def review(self, rows: Sequence[Candidate]) -> None:
        if rows:
            self._judge(rows)

    def _judge(self, rows: Sequence[Candidate]) -> None:
        try:
            self.judge(rows)
        except SheetRefused:
            raise
        except DomainError as refusal:
            self.place(refusal, rows)

    def compare(
        self,
        row: Candidate,
        before: Values | None,
        *,
        besides: frozenset[str] = frozenset(),
        less: frozenset[str] = frozenset(),
    ) -> None:
        """Set the outcome by what is there: of the file's columns, and those ``besides``, but not of ``less``."""
        meant = self._meant(row.places, besides, less)
        if before is None:
            row.outcome = "new"
            row.after = {
                name: value if type(value) is str else told(value)
                for name, value in row.row.items()
                if value is not None and name in meant
            }
            return
        now = {name: told(value) for name, value in row.row.items() if name in meant}
        differing = [name for name, value in now.items() if told(before.get(name)) != value]
        row.outcome = "changed" if differing else "unchanged"
        if differing:
            row.before = {name: told(before.get(name)) for name in differing}
            row.after = {name: now[name] for name in differing}

    def _meant(self, places: Mapping[str, int], besides: frozenset[str], less: frozenset[str]) -> AbstractSet[str]:
        """Put together once for rows in a row that share their places, as those of a table mostly do."""
        before, meant = self._meant_last
        if before[0] is not places or before[1:] != (besides, less):
            meant = (places.keys() | besides) - less
            self._meant_last = (places, besides, less), meant
        return meant

    def place(self, refusal: DomainError, rows: Sequence[Candidate]) -> None:
        """What the rules find goes to the row it is about; what is about all of them to the first."""
        for fault in refusal.faults:
            found = OF_A_LINE.match(fault.pointer)
            row = rows[int(found[1])] if found and int(found[1]) < len(rows) else rows[0]
            name = (found[2] or "") if found else fault.pointer.rpartition("/")[2]
            row.fault(self._column(name, row), fault.code, fault.detail)
        if not refusal.faults:
            rows[0].fault(self._column("", rows[0]), refusal.code, refusal.detail or str(refusal.title))

    def place_together(self, refusal: DomainError, rows: Sequence[Candidate]) -> None:
        """What is wrong with lines, each at its own; else what is wrong with all of them together, at every one."""
        if any(OF_A_LINE.match(fault.pointer) for fault in refusal.faults):
            self.place(refusal, rows)
        else:
            self.place_all(refusal, rows)

    def place_all(self, refusal: DomainError, rows: Sequence[Candidate]) -> None:
        """What forbids all rows, told at each."""
        for row in rows:
            self.place(refusal, [row])

    def _column(self, name: str, row: Candidate) -> str:
        wanted = self.columns_of_rules.get(name, name)
        if wanted in self.sheet.columns:
            return wanted
        return next((column for column in self.sheet.columns if column in row.places), next(iter(self.sheet.columns)))

    # --- Coming into force ----------------------------------------------------------------------------
    def apply(self, acts: Sequence[Act], *, actor: Actor) -> None:
        rows = list(self.candidates())
        self.reviewer = actor
        if rows:
            self.judge(rows)
        _require_as_reviewed(rows, acts)
        self.keep_basis(self.write(acts, actor=actor))

    def keep_basis(self, basis: Any) -> None:
        """What ``restore`` is to be given."""
        self.upload.basis = basis
        Upload.objects.filter(pk=self.upload.pk).update(basis=basis)

    def take_back(self, acts: Sequence[Act], *, actor: Actor) -> None:
        """Raises ``Drifted``; then every row of the upload stays as it is."""
        if fault := next(iter(self.dependents()), None):
            raise Drifted(faults=[Fault(f"#/rows/{act.number}", fault.code, fault.detail) for act in acts])
        self.restore(self.upload.basis, acts, actor=actor)

    def candidates(self) -> Iterator[Candidate]:
        """Every sound row of the upload, read from what was kept of it; a section's title counts for those below."""
        layout, reader = self._reader()
        kept = self.upload.rows.exclude(outcome__in=["faulty", "missing"]).order_by("number")
        told = kept.values_list("number", "key", "outcome", "cells", "document_id")
        for number, key, outcome, cells, document_id in told.iterator(chunk_size=5_000):
            read = reader.read(SourceRow(number, loaded(cells)))
            if outcome in SOUND and read.row is not None:
                again = candidate(reader, layout.table, read)
                again.key, again.document_id = key, document_id
                yield again

    def _reader(self) -> tuple[Layout, RowReader]:
        layout = Layout.from_json(self.upload.layout)
        table = table_of(self.upload, layout.table)
        if table is None:
            raise Drifted
        return layout, RowReader(self.sheet, layout, table, currency=self.format.currency(self.upload))


def _require_as_reviewed(rows: Sequence[Candidate], acts: Sequence[Act]) -> None:
    """Raises ``Invalid`` for what the rules find now, ``Drifted`` for rows that would do other than the review said."""
    if faults := [fault for row in rows for fault in row.faults]:
        raise Invalid(faults=faults)
    reviewed = {act.number: (act.outcome, act.before, act.after) for act in acts if act.outcome != "missing"}
    now = {row.number: (row.outcome, row.before, row.after) for row in rows if row.outcome != "unchanged"}
    moved = sorted(number for number in reviewed.keys() | now.keys() if reviewed.get(number) != now.get(number))
    if moved:
        raise Drifted(faults=[drift(number) for number in moved[:1_000]])


def drift(number: int) -> Fault:
    """What refuses a row that would do something else than the review shows."""
    detail = gettext("Row %(row)s would not change any more what the review shows.") % {"row": number}
    return Fault(f"#/rows/{number}", "changed-since-review", detail)
