"""What every document with a life has: a key, a number, a version, a state, and its steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.functions import TransactionNow
from django.db import connection, models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import remember_now
from b2b.compiled import compiled
from b2b.errors import StaleVersion
from b2b.fields import KeyField, StateField
from b2b.rows import columns, loaded, prepared, updated, written
from b2b.workflow.seen import among, likeness, looked_for, seen

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from b2b.policy import Actor, Rule
    from b2b.workflow.declaration import Step


T = TypeVar("T")

HOLD = 'SELECT now(), {} FROM "{}" own WHERE own.id = %s FOR UPDATE'
"""Every step begins with it, so it is written out, and tells the time as well."""


def held(model: type[Document], sql: str, parameters: Sequence[Any]) -> tuple[Sequence[Any], datetime]:
    """The row a query holds until the transaction ends, and when that began. Raises the model's ``DoesNotExist``."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A document is held by a transaction.")
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    if row is None:
        raise model.DoesNotExist
    return row[1:], row[0]


@compiled
def _to_hold(
    key: UUID, user_id: UUID | None, organisation_id: UUID | None, *, model: type[Document], like: Actor | None
) -> models.QuerySet[Any]:
    found = among(model, like, user_id, organisation_id).filter(pk=key).order_by()
    held_there: models.QuerySet[Any] = found.select_for_update(of=("self",)).annotate(began_at=TransactionNow())
    return held_there


@dataclass(frozen=True, slots=True)
class _Found:
    """What ``refresh_from_db`` takes for a query: its answer is there already."""

    row: models.Model

    def filter(self, **_: Any) -> _Found:
        return self

    def only(self, *_: str) -> _Found:
        return self

    def get(self) -> models.Model:
        return self.row


_NEVER_CHANGED_IN_PLACE = frozenset({type(None), str, int, bool, Decimal, date, datetime, UUID})


def _is_same(value: Any, was: Any) -> bool:
    return value is was and type(value) in _NEVER_CHANGED_IN_PLACE


class Document(models.Model):
    """A row whose ``state`` moves by steps only. Subclasses add a ``StateField`` and the steps.

    ``version`` counts the journal entries of the document, so that a reader's copy, the row and
    the journal can be compared; it is what ``ETag`` and ``If-Match`` carry.
    """

    editable_in: ClassVar[tuple[str, ...]] = ("draft",)
    """States in which ``editing`` may change the content."""
    editable_by: ClassVar[Rule]
    """Who may change the content in those states."""

    UNTOLD: ClassVar[frozenset[str]] = frozenset()
    """Columns the journal does not tell, as they say nothing about the document's life."""

    id = KeyField()
    number = models.CharField(_("number"), max_length=40, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(
        "b2b.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("created by")
    )

    created_by_id: UUID | None
    state: StateField

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number or str(self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("_read", None)
        super().save(*args, **kwargs)

    @property
    def kind_name(self) -> str:
        """What kind of document this is, in the reader's language."""
        return str(self._meta.verbose_name)

    def lock(self) -> None:
        """Hold this row until the transaction ends, and see it as it is now; unsaved edits are dropped."""
        if not self.was_held():
            row, began_at = held(type(self), HOLD.format(columns(type(self), "own"), self._meta.db_table), [self.pk])
            self.see(loaded(type(self), row), began_at)

    def see(self, row: Document, began_at: datetime) -> None:
        """Take over all that the held row says, and when this transaction began."""
        remember_now(began_at)
        self.refresh_from_db(from_queryset=_Found(row))
        self.__dict__["_read"] = row.__dict__["_read"]
        self._state.adding = False

    def is_held(self) -> None:
        """Say of a row that was just read ``FOR UPDATE`` that the ``lock`` which comes next need not read it again."""
        # A rollback, be it to a savepoint, gives the row back; Django then makes a new list of commit hooks.
        self.__dict__["_held_by"] = connection.run_on_commit

    def was_held(self) -> bool:
        """Whether that was said in this transaction; it is asked once, for nobody knows what happens afterwards."""
        return self.__dict__.pop("_held_by", None) is connection.run_on_commit

    @classmethod
    def found_and_held(cls, key: UUID, *, seen_by: Actor | None) -> Self:
        """The document with this key, if the actor may see it, as its ``lock`` would hold it.

        ``None`` sees everything. Raises ``DoesNotExist``. Where ``lock`` holds something else first, it is only read.
        """
        if cls.lock is not Document.lock:
            return cls._default_manager.get(pk=key) if seen_by is None else seen(cls, seen_by).get(pk=key)
        document: Self | None = _to_hold.first(*looked_for(key, seen_by), model=cls, like=likeness(seen_by))
        if document is None:
            raise cls.DoesNotExist
        remember_now(cast("Any", document).began_at)
        document.is_held()
        return document

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        self.__dict__["_reloading"] = True
        self.__dict__.pop("_asked", None)
        self.__dict__.pop("_read", None)
        try:
            super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
        finally:
            del self.__dict__["_reloading"]

    def write(self) -> None:
        """``save`` for the row that is held, of what is not as it was read: every step ends with it."""
        now = {field: field.pre_save(self, False) for field in written(type(self))}
        if self.get_deferred_fields() or any(hasattr(value, "resolve_expression") for value in now.values()):
            self.save()
            return
        was = self.__dict__.setdefault("_read", {})
        fields = [field for field, value in now.items() if not _is_same(value, was.get(field.attname, Document))]
        values = [now[field] for field in fields]
        if fields and not updated(type(self), fields, [*prepared(fields, values), self.pk]):
            raise type(self).DoesNotExist
        was |= {field.attname: value for field, value in zip(fields, values, strict=True)}

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **how: Any) -> Self:
        """What was read is remembered, so that ``write`` need not write it again."""
        document = super().from_db(db, field_names, values, **how)
        document.__dict__["_read"] = dict(zip(field_names, values, strict=False))
        return document

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, *rest: Any) -> Any:
        """As the framework does it, but every step ends with it: where nothing is computed, the SQL is kept."""
        if not values or any(hasattr(value, "resolve_expression") for _, _, value in values):
            return super()._do_update(base_qs, using, pk_val, values, *rest)
        parameters = [field.get_db_prep_save(value, connection) for field, _, value in values]
        return updated(base_qs.model, [field for field, _, _ in values], [*parameters, pk_val])

    def once(self, question: str, ask: Callable[[], T]) -> T:
        """The answer to what several guards of a step ask the database; asked anew after ``lock``."""
        asked: dict[str, T] = self.__dict__.setdefault("_asked", {})
        if question not in asked:
            asked[question] = ask()
        return asked[question]

    def expect(self, version: int | None) -> None:
        """Raise ``StaleVersion`` unless ``version`` is this row's, or the caller named none."""
        if version is not None and version != self.version:
            raise StaleVersion(
                gettext("You saw version %(seen)s; it is now version %(current)s. Read it again and repeat.")
                % {"seen": version, "current": self.version}
            )

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        """The rows under the document, by a stable key, for the journal's before and after."""
        return {}

    @classmethod
    def steps(cls) -> dict[str, Step]:
        """Every declared step by name, in the order of declaration."""
        found: dict[str, Step] = {}
        for base in reversed(cls.__mro__):
            for name, member in vars(base).items():
                if declared := getattr(member, "step", None):
                    found[name] = declared
        return found

    @classmethod
    def state_field(cls) -> StateField:
        return cast("StateField", cls._meta.get_field("state"))

    @classmethod
    def states(cls) -> dict[str, str]:
        """Value to label, as declared."""
        return dict(cls.state_field().flatchoices)

    @classmethod
    def initial_state(cls) -> str:
        return str(cls.state_field().get_default())

    @classmethod
    def final_states(cls) -> set[str]:
        """States no step leaves."""
        left = {source for declared in cls.steps().values() for source in declared.sources}
        return set(cls.states()) - left


def documents() -> list[type[Document]]:
    """Every document class installed, in the order of the apps."""
    return [model for model in apps.get_models() if issubclass(model, Document)]
