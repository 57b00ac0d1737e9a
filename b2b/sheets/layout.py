"""How one table is to be read: where its headings stand, which column is which, and what a person answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import pairwise
from typing import Any, Literal

from b2b.sheets.cells import Cell, plain, shown
from b2b.sheets.files.wire import REASONS_HEADING
from b2b.sheets.survey import SurveyedTable
from b2b.sheets.table import SourceRow

SURE = 0.9
"""From this confidence on a match is taken; below it a person is asked."""
SEARCHED_ROWS = 60
"""How many rows that hold something are looked at for headings."""

Basis = Literal["heading", "alias", "remembered", "likeness", "content", "chosen"]


@dataclass(frozen=True, slots=True)
class Match:
    """The column (``place`` from 1) that seems to be a declared one, how sure that is (0 to 1), and why."""

    place: int
    heading: str
    confidence: float
    basis: Basis

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SURE


@dataclass(frozen=True, slots=True)
class Question:
    """Something only a person can know. ``detail`` is a sentence in the reader's language, ``about`` for programs."""

    code: str
    detail: str
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """How one table is to be read; as JSON it can be kept and remembered.

    ``header_rows`` are row numbers, several where headings stand in two rows, none where the table has no headings.
    ``columns`` leads from declared columns to places from 1; ``constants`` says what every row holds in a column the
    file does not have, as a cell would say it. ``include_hidden_rows`` is ``None`` until somebody has said.
    ``is_confirmed`` once a person looked at it: then nothing is asked that this layout answers.
    """

    table: str
    header_rows: tuple[int, ...]
    columns: Mapping[str, int]
    constants: Mapping[str, str] = field(default_factory=dict)
    include_hidden_rows: bool | None = None
    fingerprint: str = ""
    is_confirmed: bool = False

    @property
    def first_row(self) -> int:
        """The first row that may be data."""
        return max(self.header_rows, default=0) + 1

    def confirmed(self, **changes: Any) -> Layout:
        """The same with a person's answers in it."""
        return replace(self, is_confirmed=True, **changes)

    def to_json(self) -> dict[str, Any]:
        return {
            "table": self.table,
            "header_rows": list(self.header_rows),
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "include_hidden_rows": self.include_hidden_rows,
            "fingerprint": self.fingerprint,
            "is_confirmed": self.is_confirmed,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Layout:
        """Raises ``ValueError`` for what is no layout."""
        try:
            return cls(
                table=str(told["table"]),
                header_rows=tuple(sorted(_place(row) for row in told["header_rows"])),
                columns={str(name): _place(place) for name, place in told["columns"].items()},
                constants={str(name): str(value) for name, value in told.get("constants", {}).items()},
                include_hidden_rows=_said(told.get("include_hidden_rows")),
                fingerprint=str(told.get("fingerprint", "")),
                is_confirmed=told.get("is_confirmed") is True,
            )
        except (KeyError, TypeError, AttributeError) as problem:
            raise ValueError(repr(problem)) from None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a table seems to be. ``layout`` holds only what is sure; ``matches`` also what is asked about.

    ``unknown`` are headings nobody declared, by place; ``missing`` the required columns that were not found.
    ``score`` says how well the table fits, to compare tables.
    """

    layout: Layout
    matches: Mapping[str, Match]
    unknown: Mapping[int, str]
    missing: tuple[str, ...]
    questions: tuple[Question, ...]
    score: float

    @property
    def is_sure(self) -> bool:
        return not self.questions


def fingerprint(table: SurveyedTable, header_rows: tuple[int, ...]) -> str:
    """The identity of a heading layout: the same words in the same places, whatever stands above or below.

    Without headings it is the kinds of the columns that count.
    """
    rows = [row for row in table.head if row.number in header_rows]
    words = [_words(row) for row in rows] if rows else [_kinds(table)]
    return sha256("\x1e".join("\x1f".join(_trimmed(one)) for one in words).encode()).hexdigest()


def fingerprints(table: SurveyedTable) -> dict[str, tuple[int, ...]]:
    """Every layout the table may have, with its rows of headings: to look up which of them is remembered."""
    searched = table.head[:SEARCHED_ROWS]
    rows = [(row.number,) for row in searched]
    pairs = [(one.number, two.number) for one, two in pairwise(searched) if two.number == one.number + 1]
    return {fingerprint(table, numbers): numbers for numbers in ((), *reversed(pairs), *reversed(rows))}


def is_remark(cell: Cell) -> bool:
    """Whether it heads the column of reasons that an annotated copy adds."""
    return isinstance(cell, str) and cell.startswith(REASONS_HEADING)


def _words(row: SourceRow) -> list[str]:
    return ["" if is_remark(cell) else plain(shown(cell)) for cell in row.cells]


def _kinds(table: SurveyedTable) -> list[str]:
    return [
        "no headings",
        *(max("numbers", "texts", "dates", key=lambda kind: getattr(marks, kind)) for marks in table.marks),
    ]


def _trimmed(words: list[str]) -> list[str]:
    while words and not words[-1]:
        words.pop()
    return words


def _place(told: Any) -> int:
    if type(told) is not int or told < 1:
        raise TypeError(told)
    return told


def _said(told: Any) -> bool | None:
    if told is None or isinstance(told, bool):
        return told
    raise TypeError(told)
