"""Tables whose rows together are the lines of one document, or become documents.

Reviewing writes them for good and rolls that back, so that the rules that judge are the rules that will apply.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext

from b2b.errors import DomainError, Fault, Invalid
from b2b.policy import Actor
from b2b.sheets.layout import Layout
from b2b.sheets.rows import RowReader
from b2b.sheets.sheet import Row
from b2b.sheets.survey import SourceRow
from b2b.uploads.cells import loaded
from b2b.uploads.drift import Drifted
from b2b.uploads.format import Act, Candidate, Session
from b2b.uploads.models import Upload
from b2b.uploads.surveying import table_of
from b2b.uploads.told import told

SOUND = frozenset({"new", "changed", "unchanged"})
OF_A_LINE = re.compile(r"#/lines/(\d+)/(\w+)")
"""How the rules about lines point at what they find."""


class Lines(Session):
    chunk_rows: ClassVar[int | None] = None
    most_rows: ClassVar[int] = 20_000
    columns_of_rules: ClassVar[Mapping[str, str]] = {}
    """Where a rule names a field otherwise than the sheet names its column."""

    # --- What a format says -----------------------------------------------------------------------
    @abstractmethod
    def there(self) -> Mapping[str, Mapping[str, Any]]:
        """The rows that are there now, by key, as an export writes them: column name → value."""

    @abstractmethod
    def key_of(self, row: Row) -> str: ...

    @abstractmethod
    def write(self, rows: Sequence[Row], *, actor: Actor) -> None:
        """Make the rows what the document says. Raises ``Invalid`` with pointers ``#/lines/<place>/<field>``."""

    @abstractmethod
    def take_back_all(self, *, actor: Actor) -> None:
        """Restore what was there before; ``self.upload.basis`` holds what ``remember`` kept."""

    def remember(self) -> Any:
        """What taking back needs, kept just before the rows come into force; JSON."""
        return None

    # --- Review ------------------------------------------------------------------------------------
    def review(self, rows: Sequence[Candidate]) -> None:
        there = self.there()
        for row in rows:
            self._compare(row, there)
        if len(rows) > self.most_rows:
            self._too_many(rows)
        elif rows:
            self._try(rows)

    def _compare(self, row: Candidate, there: Mapping[str, Mapping[str, Any]]) -> None:
        row.key = self.key_of(row.row)
        now = {name: told(value) for name, value in row.row.items() if name in row.places}
        before = there.get(row.key)
        if before is None:
            row.outcome, row.after = "new", now
            return
        differing = [name for name, value in now.items() if name in before and told(before[name]) != value]
        if differing:
            row.outcome = "changed"
            row.before = {name: told(before[name]) for name in differing}
            row.after = {name: now[name] for name in differing}

    def _too_many(self, rows: Sequence[Candidate]) -> None:
        detail = gettext("The table has more than %(most)s rows. Split it.") % {"most": self.most_rows}
        rows[self.most_rows].fault(next(iter(self.sheet.columns)), "too-many-rows", detail)

    def _try(self, rows: Sequence[Candidate]) -> None:
        """Write them and roll that back; what the rules find goes to the rows it is about."""
        try:
            with transaction.atomic():
                self.write([row.row for row in rows], actor=self.reviewer)
        except Invalid as refusal:
            self._place(refusal, rows)
        except DomainError as refusal:
            rows[0].fault(next(iter(rows[0].places)), refusal.code, refusal.detail or str(refusal.title))

    def _place(self, refusal: Invalid, rows: Sequence[Candidate]) -> None:
        for fault in refusal.faults:
            found = OF_A_LINE.match(fault.pointer)
            row = rows[int(found[1])] if found and int(found[1]) < len(rows) else rows[0]
            row.fault(self._column(found[2] if found else "", row), fault.code, fault.detail)
        if not refusal.faults:
            rows[0].fault(next(iter(rows[0].places)), refusal.code, refusal.detail or str(refusal.title))

    def _column(self, name: str, row: Candidate) -> str:
        wanted = self.columns_of_rules.get(name, name)
        return wanted if wanted in self.sheet.columns else next(iter(row.places))

    # --- Coming into force ----------------------------------------------------------------------------
    def apply(self, acts: Sequence[Act], *, actor: Actor) -> None:
        self._require_unchanged()
        self.upload.basis = self.remember()
        Upload.objects.filter(pk=self.upload.pk).update(basis=self.upload.basis)
        self.write(self.rows_again(), actor=actor)

    def take_back(self, acts: Sequence[Act], *, actor: Actor) -> None:
        if faults := list(self.dependents()):
            raise Drifted(faults=faults)
        self.take_back_all(actor=actor)

    def rows_again(self) -> list[Row]:
        """Every sound row of the upload, read from what was kept of it."""
        reader = self.reader()
        found = []
        for row in self.upload.rows.order_by("number").iterator(chunk_size=2_000):
            read = reader.read(SourceRow(row.number, loaded(row.cells)))
            if row.outcome in SOUND and read.row is not None:
                found.append(read.row)
        return found

    def reader(self) -> RowReader:
        layout = Layout.from_json(self.upload.layout)
        table = table_of(self.upload, layout.table)
        if table is None:
            raise Drifted
        return RowReader(self.sheet, layout, table, currency=self.format.currency(self.upload))

    def _require_unchanged(self) -> None:
        """What the review compared with must be there as it was."""
        there = self.there()
        faults = [
            _drift(number, key)
            for number, key, outcome, before in self.upload.rows.filter(outcome__in=["new", "changed"]).values_list(
                "number", "key", "outcome", "before"
            )
            if self._moved(there.get(key), outcome, before)
        ]
        if faults:
            raise Drifted(faults=faults[:1_000])

    def _moved(self, now: Mapping[str, Any] | None, outcome: str, before: Mapping[str, Any] | None) -> bool:
        if outcome == "new" or now is None:
            return (outcome == "new") != (now is None)
        return any(told(now.get(name)) != value for name, value in (before or {}).items())


def _drift(number: int, key: str) -> Fault:
    detail = gettext("Row %(row)s: “%(key)s” is not any more as the review saw it.") % {"row": number, "key": key}
    return Fault(f"#/rows/{number}", "changed-since-review", detail)
