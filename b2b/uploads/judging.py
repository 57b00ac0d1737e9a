"""The real rules over rows under review, in transactions that are always rolled back: they may write to find out.

A row with a cell that cannot be read is judged as well, as if the cell were blank, so that all that is wrong with it
is told at once. What would only follow from the missing cell is not told, and nothing else becomes of such a row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from b2b.sheets.resting import Resting
from b2b.sheets.sheet import Row, Sheet
from b2b.sheets.texts import Text
from b2b.uploads.format import Candidate, Session

MOST_KINDS = 40
"""So many different sets of unreadable columns are looked into among rows that are reviewed at once."""
NO_NAME = "\N{REPLACEMENT CHARACTER}" * 500
"""Stands for a key that cannot be read: longer than anything has."""


def judge(session: Session, rows: Sequence[Candidate]) -> None:
    """Set what becomes of each row, or its faults."""
    sound = [row for row in rows if not row.faults and row.outcome != "left_out"]
    torn = [_Torn(row, _without_unread(row, session)) for row in rows if row.faults]
    if session.chunk_rows is None:
        _judge_together(session, sound, torn)
        return
    for some in _alike(torn):
        _try(session, [one.copy for one in some])
    _tell(session, torn)
    _try(session, sound)


@dataclass(slots=True)
class _Torn:
    """A row with unreadable cells, and what the rules are shown of it."""

    row: Candidate
    copy: Candidate


def _judge_together(session: Session, sound: Sequence[Candidate], torn: Sequence[_Torn]) -> None:
    """What sound rows lack only because another row could not be read, is not their fault."""
    if not torn:
        _try(session, sound)
        return
    copies = [replace(row, row=Row(row.number, row.row), conversions=[*row.conversions], faults=[]) for row in sound]
    _try(session, sorted([*copies, *(one.copy for one in torn)], key=lambda row: row.number))
    _tell(session, torn)
    _try(session, sound)
    for row, among_all in zip(sound, copies, strict=True):
        _excuse(session, row, among_all)


def _try(session: Session, rows: Sequence[Candidate]) -> None:
    if rows:
        with tried():
            session.review(rows)


@contextmanager
def tried() -> Iterator[None]:
    """Whatever is written within is as if it had not been."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _alike(torn: Sequence[_Torn]) -> list[list[_Torn]]:
    """Rows whose columns are the same belong together; the most frequent kinds first."""
    kinds: dict[frozenset[str], list[_Torn]] = defaultdict(list)
    for one in torn:
        kinds[one.row.unread].append(one)
    return sorted(kinds.values(), key=len, reverse=True)[:MOST_KINDS]


def _tell(session: Session, torn: Sequence[_Torn]) -> None:
    if not torn:
        return
    resting = Resting(session.sheet)
    for one in torn:
        found = [fault for fault in one.copy.faults if fault.code not in session.of_whole_rows]
        one.row.faults = [*one.row.faults, *resting.apart(found, one.row.unread)]


def _without_unread(row: Candidate, session: Session) -> Candidate:
    values = Row(row.number, row.row)
    for name in row.unread:
        values[name] = _stand_in(session.sheet, name)
    places = row.places
    if session.chunk_rows is not None:
        places = {name: place for name, place in places.items() if name not in row.unread}
    return replace(row, row=values, places=places, faults=[], conversions=[*row.conversions], outcome="unchanged")


def _stand_in(sheet: type[Sheet], name: str) -> Any:
    """What the rules can work with: what they find at this column, or by it, is not told."""
    column = sheet.columns[name]
    if not column.required:
        return None
    if name in sheet.key and isinstance(column.parse, Text):
        return NO_NAME
    return column.parse(column.example) if column.example else None


def _excuse(session: Session, row: Candidate, among_all: Candidate) -> None:
    """Instead of what is only wrong without the rows that cannot be read, say that it is for them."""
    known = {(fault.code, fault.heading) for fault in among_all.faults}
    own = [fault for fault in row.faults if (fault.code, fault.heading) in known]
    if len(own) == len(row.faults):
        return
    row.faults = own
    if not own:
        column = next(name for name in session.sheet.columns if name in row.places)
        detail = gettext("It belongs to another row that has a fault. Mend that one.")
        row.fault(column, "rests-on-faulty", detail)
