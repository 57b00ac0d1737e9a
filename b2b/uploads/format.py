"""What a kind of table is for: who may bring it, what its rows stand for, and how they come into force.

A format is declared beside its sheet, in ``<app>/sheets/<document>.py``:

    @register
    class Catalogue(Format):
        sheet, by = CatalogueSheet, sales
        session_class = CatalogueSession

The session is the work on one upload. Most derive from ``Register`` (every row is one thing, known by its key)
or from ``Lines`` (the rows together are one document's, or become documents).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from uuid import UUID

from django.utils.functional import Promise

from b2b.errors import NotFound
from b2b.policy import CLOCK, Actor, Rule
from b2b.sheets.cells import shown
from b2b.sheets.faults import CellFault, Conversion, cell_fault
from b2b.sheets.parser import Parser
from b2b.sheets.sheet import Row, Sheet

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from b2b.errors import Fault
    from b2b.uploads.models import Upload, UploadRow
    from b2b.workflow import Document


NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Candidate:
    """A row of the file, under review. The session says what it stands for and what is wrong with it.

    ``row`` holds the values by column name, of the columns that the file has. ``before`` and ``after`` are by
    database column; a row that is new has no ``before``.
    """

    number: int
    row: Row
    table: str
    places: Mapping[str, int]
    sheet: type[Sheet]
    cells: Sequence[Any] = ()
    conversions: list[Conversion] = field(default_factory=list)
    key: str = ""
    document_id: UUID | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    outcome: str = "unchanged"
    faults: list[CellFault] = field(default_factory=list)
    remark: str = ""
    unread: frozenset[str] = NONE
    """The columns whose cells cannot be used as they are."""

    def fault(self, column: str, code: str, detail: str, *, suggestions: tuple[str, ...] = ()) -> None:
        """Something the rules find wrong, at the cell it stands in; ``suggestions`` are what could be written there."""
        found = cell_fault(
            code,
            detail,
            sheet=self.table,
            row=self.number,
            column=self.places.get(column, 0),
            heading=self.sheet.columns[column].here,
            value=_said(self.row.get(column)),
            suggestions=suggestions,
        )
        if found not in self.faults:
            self.faults.append(found)
        self.outcome = "faulty"

    def parser_at(self, place: int) -> Parser[Any] | None:
        """What reads the cells at a place of the file, from 1."""
        name = next((name for name, found in self.places.items() if found == place and place), "")
        column = self.sheet.columns.get(name)
        return column.parse if column else None


def _said(value: Any) -> str:
    try:
        return shown(value)
    except AttributeError:
        return str(value)


class Act(NamedTuple):
    """A row that comes into force, as the review left it."""

    number: int
    key: str
    outcome: str
    document_id: UUID | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Notice(NamedTuple):
    """What a person should know before applying: a code for programs, a sentence in the reader's language."""

    code: str
    detail: str


class Session(ABC):
    """The work on one upload, for as long as one request or one job."""

    chunk_rows: ClassVar[int | None] = 5_000
    """Rows that are reviewed, and come into force, together in one transaction; ``None`` for all."""
    most_rows: ClassVar[int] = 20_000
    """The most that can be judged together, where ``chunk_rows`` is ``None``."""
    of_whole_rows: ClassVar[frozenset[str]] = frozenset()
    """Codes of faults that say nothing of a row with a cell that cannot be read."""

    def __init__(self, upload: Upload, declared: Format, reviewer: Actor = CLOCK) -> None:
        """``reviewer`` is on whose behalf rules are tried while reviewing."""
        self.upload, self.format, self.sheet, self.reviewer = upload, declared, declared.reading_sheet(), reviewer

    @cached_property
    def target(self) -> Any:
        """The document the rows go into. Raises ``NotFound``."""
        return self.format.target_of(self.upload)

    @abstractmethod
    def review(self, rows: Sequence[Candidate]) -> None:
        """Set key, outcome, ``before`` and ``after`` of each, or its faults. Writes nothing that stays."""

    def settle(self) -> None:  # noqa: B027 — most formats judge row by row
        """What only all rows together can tell; called behind the last chunk, and whenever a cell was mended."""

    def at_odds_with(self, row: UploadRow) -> QuerySet[UploadRow]:
        """The other rows that ``settle`` made faulty for what this one says."""
        return self.upload.rows.none()

    @abstractmethod
    def apply(self, acts: Sequence[Act], *, actor: Actor) -> None:
        """Bring them into force. Raises ``Drifted``, or what the rules raise; then none of them is."""

    @abstractmethod
    def take_back(self, acts: Sequence[Act], *, actor: Actor) -> None:
        """Restore exactly what was before. Raises ``Drifted`` where something later stands in the way."""

    def dependents(self) -> Iterable[Fault]:
        """What later came to rest on the changes, the first few; nothing where they can be taken back."""
        return ()

    def missing(self) -> Any:
        """Rows (``id``, ``key``, ``label``) of what is there and not in the file, in the order of keys; or ``None``."""
        return None

    def delist(self) -> int:
        """Stage what is missing as rows that take it out of sale; how many there are."""
        return 0

    def notices(self) -> Iterable[Notice]:
        """What applying means besides the changes themselves, such as letters to people."""
        return ()

    def labels(self, acts: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, str]]:
        """For database columns that hold keys: column → key → what a person calls it."""
        return {}

    def heading_of(self, column: str) -> str:
        """What a person calls a database column: the sheet's heading where it has one."""
        declared = self.sheet.columns.get(column) or self.sheet.columns.get(column.removesuffix("_id"))
        return declared.here if declared else column


class Format(ABC):
    """One kind of table people bring and take away."""

    sheet: ClassVar[type[Sheet]]
    by: ClassVar[Rule]
    """Who may bring one, as a role; that they act for the upload's organisation is asked besides."""
    session_class: ClassVar[type[Session]]
    target: ClassVar[type[Document] | None] = None
    """The kind of document the rows go into; ``None`` where they go into the organisation's own register."""
    target_required: ClassVar[bool] = True
    """Whether there must be such a document; where not, rows may also make their own."""
    makes: ClassVar[type[Document] | None] = None
    """The kind of documents the rows become, where they do; a row's ``document_id`` is then the document's key."""
    replaces: ClassVar[bool] = False
    """Whether what is missing from the file is taken out without being asked, as the file stands for all."""
    can_delist: ClassVar[bool] = False
    """Whether what is missing from the file can be taken out of sale on request."""
    needs_currency: ClassVar[bool] = False
    """Whether the upload says the currency of prices."""

    open_columns: ClassVar[tuple[str, ...] | None] = None
    """Of a protected workbook, what may be filled in; ``None`` where an export is not protected."""
    sealed: ClassVar[bool] = False
    """Whether what the table says may stand nowhere in clear; only for formats whose session is ``Lines``."""

    scope: ClassVar[str] = ""
    """The app a token's scopes must name besides uploads; that of the declaration where empty."""

    code: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "sheet" in vars(cls):
            cls.code = cls.sheet.code

    @property
    def title(self) -> str | Promise:
        return self.sheet.title

    def reading_sheet(self) -> type[Sheet]:
        """What a file is read by: the sheet, or one with columns besides that only the database knows."""
        return self.sheet

    def session(self, upload: Upload, reviewer: Actor = CLOCK) -> Session:
        return self.session_class(upload, self, reviewer)

    def target_of(self, upload: Upload) -> Any:
        """Raises ``NotFound`` where the document is not there."""
        if self.target is None:
            return None
        if upload.target_id is None:
            if self.target_required:
                raise NotFound
            return None
        found = self.target._base_manager.filter(pk=upload.target_id).first()
        if found is None:
            raise NotFound
        return found

    def check_target(self, target: Any, actor: Actor) -> None:  # noqa: B027 — most formats have nothing to refuse
        """Refuse a document the actor may not put rows into now. Raises ``NotAllowed`` or ``WrongState``."""

    def currency(self, upload: Upload) -> str:
        """What prices without a currency of their own are in; empty where the rows must say it."""
        return upload.currency or str(getattr(self.target_of(upload), "currency", ""))

    def rows(self, *, organisation_id: UUID, target: Any, actor: Actor) -> Iterator[Mapping[str, Any]]:
        """What an export writes: the present content, as importing it again would read it."""
        return iter(())

    def notes(self, *, organisation_id: UUID, target: Any) -> Sequence[str]:
        """What an export tells besides its rows, in the reader's language: such as what is not among them."""
        return ()

    def metadata(self, target: Any) -> Mapping[str, Any] | None:
        """What an export carries hidden, to be known again by."""
        return None

    def choices(self, *, organisation_id: UUID) -> Mapping[str, Sequence[str]]:
        """Drop-downs of the template that only the database knows, by column."""
        return {}
