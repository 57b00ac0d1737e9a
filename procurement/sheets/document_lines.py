"""Tables whose rows are the lines of one document of procurement, known by their numbers.

Rows without numbers are counted. What the file has no column for stays as it is on lines that are there. Lines the
file does not name stay as well, unless whoever applies it asks that they go.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.utils.translation import gettext

from b2b.errors import Fault, Invalid
from b2b.policy import Actor
from b2b.sheets.sheet import Row
from b2b.uploads.dashes import recall
from b2b.uploads.drift import Drifted
from b2b.uploads.format import Act, Candidate
from b2b.uploads.lines import Lines, Values, drift
from b2b.uploads.staging import stage
from b2b.uploads.told import told
from b2b.workflow import Document, editing
from b2b.workflow.editing import require_editable
from procurement.line_writing import write_lines


class DocumentLines(Lines):
    columns_of_rules: ClassVar[Mapping[str, str]] = {"product": "sku", "code": "item_number"}
    defaults: ClassVar[Mapping[str, Any]] = {}
    """What a blank cell of an optional column means, where that is not "nothing"."""
    filled: ClassVar[frozenset[str]] = frozenset()
    """Columns the rules fill in where nothing is said."""
    typed: ClassVar[Mapping[str, Callable[[str], Any]]] = {}
    """Columns whose values are kept as text."""
    asking: ClassVar[frozenset[str]] = frozenset()
    """Columns that make the rules ask others than the document, such as a catalogue whose prices move."""
    plan: Sequence[Any] = ()
    """All lines the document is to have, as ``settle_lines`` was given them."""

    # --- What a kind of document says -----------------------------------------------------------------
    @abstractmethod
    def there(self) -> Mapping[int, Values]:
        """The lines as an export writes them, by number."""

    @abstractmethod
    def said(self, rows: Sequence[Row]) -> Sequence[Any]:
        """The rows as lines of the document. Raises ``Invalid``."""

    @abstractmethod
    def present(self) -> Mapping[int, Any]:
        """The lines that are there, in the form of ``said``, by number."""

    @abstractmethod
    def settle_lines(self, lines: Sequence[Any]) -> Sequence[Values]:
        """What these lines would say as an export writes them, in the same order. Raises ``Invalid``."""

    @abstractmethod
    def rewrite(self, lines: Sequence[Any]) -> None:
        """Make these the lines, inside ``editing``."""

    @abstractmethod
    def recount(self) -> None:
        """Bring the document's sums up to date with its lines."""

    # --- Review -----------------------------------------------------------------------------------------
    def judge(self, rows: Sequence[Candidate]) -> None:
        require_editable(self.target, self.reviewer)
        there = self.there()
        self._complete(rows, there)
        for row in self._sound(rows):
            self.compare(row, there.get(row.row["number"]), besides=self.filled)

    def _complete(self, rows: Sequence[Candidate], there: Mapping[int, Values]) -> None:
        """Count what has no number; a column the file lacks says what is there."""
        lacking: dict[int, list[str]] = {}
        for place, row in enumerate(rows, 1):
            number = int(row.key) if row.key else row.row.get("number") or place
            before = there.get(number, self.defaults)
            recall(row, before)
            row.row = Row(row.number, row.row)
            if (places := id(row.places)) not in lacking:
                lacking[places] = [name for name in self.sheet.columns if name not in row.places]
            for name in lacking[places]:
                row.row[name] = before.get(name)
            row.row["number"] = number
            row.key = str(number)
            for name, value in self.defaults.items():
                if row.row[name] is None:
                    row.row[name] = value

    def _sound(self, rows: Sequence[Candidate]) -> list[Candidate]:
        """Those the rules accept together; the others bear their faults."""
        sound = list(rows)
        while sound:
            try:
                self._settle(sound)
            except Invalid as refusal:
                self.place_together(refusal, sound)
                sound = [row for row in sound if not row.faults]
            else:
                break
        return sound

    def _settle(self, rows: Sequence[Candidate]) -> None:
        """What the rules fill in for blank cells, such as the price in force, is part of what the review shows."""
        lines = self.said([row.row for row in rows])
        named = {row.row["number"] for row in rows}
        self.plan = [*lines, *(line for number, line in self._kept().items() if number not in named)]
        for row, values in zip(rows, self.settle_lines(self.plan), strict=False):
            for name in [name for name, value in row.row.items() if value is None]:
                row.row[name] = values.get(name)

    def _kept(self) -> Mapping[int, Any]:
        """Lines the file does not name, less those that were staged to go."""
        gone = set(self.upload.rows.filter(outcome="missing").values_list("key", flat=True))
        return {number: line for number, line in self.present().items() if str(number) not in gone}

    # --- What the file does not name ------------------------------------------------------------------
    def missing(self) -> Any:
        # As one array: thousands of parameters take Django longer than the database the answer.
        lines = self.target.lines.order_by("number")
        named = sorted(self._named()) if lines.exists() else []
        lines = lines.filter(RawSQL("number <> ALL(%s)", [named], models.BooleanField()))
        return lines.values("id", key=Cast("number", models.CharField()), label=models.F("item"))

    def _named(self) -> Collection[int]:
        """Also by rows with faults: what they should say is only not known yet."""
        found = self.upload.rows.exclude(outcome__in=["left_out", "missing"])
        named = {int(key) for key in found.exclude(key="").values_list("key", flat=True)}
        place = (self.upload.layout or {}).get("columns", {}).get("number", 0)
        for cells in found.filter(key="").values_list("cells", flat=True) if place else ():
            with suppress(IndexError, TypeError, ValueError):
                named.add(int(cells[place - 1]))
        return named

    def delist(self) -> int:
        last = self.upload.rows.aggregate(last=models.Max("number"))["last"] or 0
        gone = [
            Candidate(
                last + place, Row(0, {}), "", {}, self.sheet, key=line["key"], outcome="missing",
                before={"item": line["label"]},
            )
            for place, line in enumerate(self.missing(), 1)
        ]  # fmt: skip
        if gone:
            stage(self.upload.pk, gone)
        return len(gone)

    # --- Coming into force ----------------------------------------------------------------------------
    def apply(self, acts: Sequence[Act], *, actor: Actor) -> None:
        """Rows that ask nobody but their document come into force as the review kept them, without a second reading."""
        self.target.lock()
        if any((act.after or {}).get(name) is not None for act in acts for name in self.asking):
            super().apply(acts, actor=actor)
            return
        self._take_as_reviewed([act for act in acts if act.outcome != "missing"])
        self.keep_basis(self.write(acts, actor=actor))

    def _take_as_reviewed(self, acts: Sequence[Act]) -> None:
        """Raises ``Drifted`` where the document says something else than the review saw."""
        there = self.there()
        if moved := [act.number for act in acts if not _is_as_seen(act, there.get(int(act.key)))]:
            raise Drifted(faults=[drift(number) for number in moved[:1_000]])
        blank = {name: self.defaults.get(name) for name in self.sheet.columns}
        lines = self.said([self._row(act, there.get(int(act.key)), blank) for act in acts])
        named = {int(act.key) for act in acts}
        self.plan = [*lines, *(line for number, line in self._kept().items() if number not in named)]

    def _row(self, act: Act, before: Values | None, blank: Values) -> Row:
        """What the act makes of the line that was there before, or of a blank one."""
        after = act.after or {}
        values = blank if before is None else {name: before.get(name) for name in self.sheet.columns}
        row = Row(act.number, values)
        row.update(after, number=int(act.key))
        for name, typed in self.typed.items():
            if after.get(name) is not None:
                row[name] = typed(after[name])
        return row

    def write(self, acts: Sequence[Act], *, actor: Actor) -> Any:
        basis = raw_lines(self.target)
        with editing(self.target, actor=actor):
            self.rewrite(self.plan)
        return {"lines": basis, "version": self.target.version}

    def dependents(self) -> Sequence[Fault]:
        if self.upload.basis and self.target.version == self.upload.basis["version"]:
            return ()
        return (Fault("#/target", "gone-on-since", gettext("The document was changed or went on since.")),)

    def restore(self, basis: Any, acts: Sequence[Act], *, actor: Actor) -> None:
        with editing(self.target, actor=actor):
            if self.target.version != basis["version"]:
                raise Drifted
            put_back(self.target, basis["lines"])
            self.recount()


def _is_as_seen(act: Act, now: Values | None) -> bool:
    if act.outcome == "new" or now is None:
        return (act.outcome == "new") == (now is None)
    return all(told(now.get(name)) == value for name, value in (act.before or {}).items())


def raw_lines(document: Document) -> list[dict[str, Any]]:
    """Every column of every line, as JSON that ``put_back`` restores them from."""
    lines: Any = document.lines  # type: ignore[attr-defined]  # every document with lines has them
    return [{name: told(value) for name, value in line.items()} for line in lines.order_by("number").values()]


def put_back(document: Document, kept: Sequence[Mapping[str, Any]]) -> None:
    """Make the lines exactly what ``raw_lines`` told, keys included."""
    lines: Any = document.lines  # type: ignore[attr-defined]
    columns = {column.attname: column for column in lines.model._meta.concrete_fields}
    rows = [lines.model(**{name: columns[name].to_python(value) for name, value in line.items()}) for line in kept]
    parent = lines.field.attname
    write_lines(lines, rows, [name for name in columns if name not in {"id", "number", parent}])


def numbered(rows: Sequence[Row]) -> list[int]:
    """The lines' numbers as written, else their place in the table."""
    return [row["number"] or place for place, row in enumerate(rows, 1)]
