"""Tables whose rows are each one thing of a register, such as the items of a catalogue, known by its key.

The review compares in Python, thousands of rows at a time. What comes into force is copied by the database
from the reviewed rows, so that a million of them cost what a million rows cost.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Fault
from b2b.fields import new_key
from b2b.policy import Actor
from b2b.uploads import register_sql as sql
from b2b.uploads.dashes import recall
from b2b.uploads.drift import Drifted
from b2b.uploads.format import Act, Candidate, Session
from b2b.uploads.told import told

SHOWN_DEPENDENTS = 5
There = Mapping[str, Any]
"""A thing that is there: ``id``, ``key`` and its database columns."""


class Register(Session):
    model: ClassVar[type[models.Model]]
    fields: ClassVar[Mapping[str, str]]
    """Sheet column → database column, of what rows may set."""
    key_field: ClassVar[str]
    """The lookup whose text is the key, such as ``sku``."""
    read_besides: ClassVar[tuple[str, ...]] = ()
    """Columns the rules ask of what is there, besides those rows may set."""
    set_by_rules: ClassVar[tuple[str, ...]] = ()
    """Columns the session itself may put into ``before`` and ``after``, such as the state of what is delisted."""
    label_field: ClassVar[str] = ""
    """What a person calls a thing; the key where empty."""
    versioned: ClassVar[bool] = True
    """Whether the model is a ``Document``, whose version counts what happened to it."""

    deletes_missing: ClassVar[bool] = False
    """Whether the session itself deletes what is missing, before anything else, and puts it back behind all else."""

    insertion: ClassVar[str] = sql.INSERT
    """The statement that makes what is new."""

    @abstractmethod
    def owned(self) -> QuerySet[Any]:
        """The things this upload may touch."""

    @abstractmethod
    def values_of(self, row: Candidate, there: There | None) -> Mapping[str, Any]:
        """What the row says, by database column and typed as the model has it; faults go to ``row.fault``.

        Of a row with faults it may say less.
        """

    def key_of(self, row: Candidate) -> str:
        """The key as ``key_field`` has it."""
        return str(row.row[next(iter(self.sheet.key))])

    def judge(self, row: Candidate, there: There | None, differing: Sequence[str]) -> None:
        """Whether that change may happen; faults go to ``row.fault``. Also asked of a row that has faults already."""

    def constants(self, actor: Actor) -> Mapping[str, Any]:
        """Database columns that every new thing has alike, besides the model's defaults."""
        return {}

    # --- Review -------------------------------------------------------------------------------------
    def review(self, rows: Sequence[Candidate]) -> None:
        for row in rows:
            row.key = self.key_of(row)
        there = self.existing([row.key for row in rows])
        for row in rows:
            self._compare(row, there.get(row.key))

    def existing(self, keys: Sequence[str]) -> dict[str, There]:
        names = dict.fromkeys([*self.fields.values(), *self.read_besides])
        found = self.owned().filter(self._known_by(keys)).values("id", *names, key=models.F(self.key_field))
        return {row["key"]: row for row in found.iterator(chunk_size=10_000)}

    def _known_by(self, keys: Sequence[str]) -> Any:
        """One parameter where the key is a column of its own: thousands would each be prepared by Django."""
        if "__" in self.key_field:
            return models.Q(**{f"{self.key_field}__in": keys})
        column = self.model._meta.get_field(self.key_field).column  # type: ignore[union-attr]  # it has one
        condition = f"{self.model._meta.db_table}.{column} = ANY(%s)"
        return RawSQL(condition, [list(keys)], output_field=models.BooleanField())  # noqa: S611 — names of our own

    def _compare(self, row: Candidate, there: There | None) -> None:
        if there is not None:
            recall(row, there, self.fields)
        values = self.values_of(row, there)
        if there is None:
            self.judge(row, None, list(values))
            if not row.faults:
                row.outcome, row.document_id = "new", new_key()
                row.after = {name: told(value) for name, value in values.items()}
            return
        row.document_id = there["id"]
        differing = [name for name, value in values.items() if there[name] != value]
        if differing:
            self.judge(row, there, differing)
        if differing and not row.faults:
            row.outcome = "changed"
            row.before = {name: told(there[name]) for name in differing}
            row.after = {name: told(values[name]) for name in differing}

    def missing(self) -> Any:
        """Things that are there and in no row of the file; a row that was staged to take one out is none of it."""
        listed = self.upload.rows.filter(document_id=models.OuterRef("pk"))
        listed = listed.exclude(outcome__in=["missing", "left_out"])
        rows = self.owned().filter(~models.Exists(listed)).order_by(self.key_field, "pk")
        return rows.values("id", key=models.F(self.key_field), label=self.label())

    def label(self) -> Any:
        """What people call a thing, besides its key; an expression."""
        return models.F(self.label_field or self.key_field)

    # --- Coming into force ---------------------------------------------------------------------------
    def apply(self, acts: Sequence[Act], *, actor: Actor) -> None:
        span = self._span(acts)
        self._require_unchanged(span, "before")
        wanted = sum(act.outcome == "new" for act in acts)
        if self._run(self.insertion, span, constants=json.dumps(self._constants(actor))) < wanted:
            raise Drifted(faults=list(self._taken(span)))
        self._run(sql.UPDATE, span, side="after")
        self.touched(acts, actor=actor)

    def take_back(self, acts: Sequence[Act], *, actor: Actor) -> None:
        span = self._span(acts)
        self._require_unchanged(span, "after")
        if resting := list(self._resting(span)):
            raise Drifted(faults=resting)
        self._run(sql.UPDATE, span, side="before")
        self._run(sql.DELETE, span)
        self.touched(acts, actor=actor)

    def touched(self, acts: Sequence[Act], *, actor: Actor) -> None:
        """Called in the transaction that changed them, for what has to follow."""

    def _constants(self, actor: Actor) -> dict[str, Any]:
        blank = self.model()
        now = database_now()
        found = {
            str(column.column): told(now if _is_stamp(column) else getattr(blank, column.attname))
            for column in self.model._meta.concrete_fields
        }
        if self.versioned:
            found |= {"version": 1, "created_by_id": told(actor.user_id)}
        return found | {name: told(value) for name, value in self.constants(actor).items()}

    def _require_unchanged(self, span: sql.Span, side: str) -> None:
        """Lock what the rows change and compare it with what the review saw (or, undoing, with what it made)."""
        self._run(sql.LOCK, span)
        drifted = self._rows(sql.DRIFTED, span, side=side, deleted=self.deletes_missing)
        if drifted:
            raise Drifted(faults=[_drift(self.upload, number, key) for number, key in drifted])

    def _taken(self, span: sql.Span) -> Iterator[Fault]:
        for number, key in self._rows(sql.NOT_INSERTED, span):
            detail = gettext("Row %(row)s: “%(key)s” came to be there since the review.")
            yield Fault(_place(self.upload, number), "came-since-review", detail % {"row": number, "key": key})

    # --- What later rests on it ------------------------------------------------------------------------
    def dependents(self) -> Iterable[Fault]:
        span = sql.Span(self.upload.pk, -1, self.upload.applied_through, most=SHOWN_DEPENDENTS)
        drifted = self._rows(sql.DRIFTED, span, side="after", deleted=self.deletes_missing)
        for number, key in drifted:
            detail = gettext("Row %(row)s: “%(key)s” was changed again since.")
            yield Fault(_place(self.upload, number), "changed-again", detail % {"row": number, "key": key})
        yield from self._resting(span)

    def _resting(self, span: sql.Span) -> Iterator[Fault]:
        """What keeps new things from being taken away: they were changed, or are used, since."""
        for number, key in self._rows(sql.LIVED_ON if self.versioned else sql.RESHAPED, span):
            detail = gettext("Row %(row)s: “%(key)s” is new by this upload and has gone on since.")
            yield Fault(_place(self.upload, number), "gone-on-since", detail % {"row": number, "key": key})
        for relation in self.model._meta.related_objects:
            yield from self._referring(relation, span)

    def _referring(self, relation: Any, span: sql.Span) -> Iterator[Fault]:
        table, column = relation.related_model._meta.db_table, relation.field.column
        what = str(relation.related_model._meta.verbose_name)
        for number, key in self._rows(sql.REFERRED_TO, span, other=table, column=column):
            detail = gettext("Row %(row)s: “%(key)s” is used by: %(what)s.") % {"row": number, "key": key, "what": what}
            yield Fault(_place(self.upload, number), "used-since", detail)

    # --- SQL ---------------------------------------------------------------------------------------------
    def _span(self, acts: Sequence[Act]) -> sql.Span:
        return sql.Span(self.upload.pk, acts[0].number - 1, acts[-1].number)

    def _run(self, statement: str, span: sql.Span, **values: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(*self._statement(statement, span, values))
            return int(cursor.rowcount)

    def _rows(self, statement: str, span: sql.Span, **values: Any) -> list[tuple[int, str]]:
        with connection.cursor() as cursor:
            cursor.execute(*self._statement(statement, span, {"most": span.most, **values}))
            return list(cursor.fetchall())

    def _statement(self, statement: str, span: sql.Span, values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        names = list(dict.fromkeys([*self.fields.values(), *self.set_by_rules]))
        written = [str(column.column) for column in self.model._meta.concrete_fields if column.name not in self.derived]
        text = statement.format(
            table=self.model._meta.db_table,
            identity=self.model._meta.pk.column,
            columns=", ".join(written),
            set=", ".join([*(f"{name} = said.{name}" for name in names), *self._version_counts()]),
            then=", ".join(f"said.{name}" for name in names),
            now=", ".join(f"thing.{name}" for name in names),
            side=values.get("side", "after"),
            other=values.get("other", ""),
            column=values.get("column", ""),
        )
        return text, {"deleted": False, **values, "upload": span.upload_id, "over": span.over, "upto": span.upto}

    derived: ClassVar[frozenset[str]] = frozenset()
    """Columns the database derives from others."""

    def _version_counts(self) -> list[str]:
        return ["version = thing.version + 1"] if self.versioned else []


def _is_stamp(column: Any) -> bool:
    return bool(getattr(column, "auto_now_add", False) or getattr(column, "auto_now", False))


def _place(upload: Any, number: int) -> str:
    return f"#/rows/{number}"


def _drift(upload: Any, number: int, key: str) -> Fault:
    detail = gettext("Row %(row)s: “%(key)s” is not any more as the review saw it.") % {"row": number, "key": key}
    return Fault(_place(upload, number), "changed-since-review", detail)


def key_map(rows: Iterable[tuple[str, UUID]]) -> dict[str, UUID]:
    """Names in any case to keys, for references such as a category's code."""
    return {name.casefold(): key for name, key in rows if name}
