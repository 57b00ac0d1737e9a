"""The whole way of a table within one request: brought, reviewed and applied, or refused with every fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, cast
from uuid import UUID

from django.core.files import File
from django.db import transaction

from b2b.errors import DomainError, Fault
from b2b.jobs import JobRun
from b2b.policy import CLOCK, Actor
from b2b.sentences import remembered
from b2b.sheets.faults import CellFault, Conversion, Faulty, SheetEmpty, cell_fault
from b2b.sheets.layout import Layout
from b2b.sheets.rows import RowReader
from b2b.sheets.survey import survey
from b2b.uploads import applying, reading
from b2b.uploads.formats import format_of
from b2b.uploads.mapping import proposals
from b2b.uploads.models import Upload
from b2b.uploads.starting import kept_upload
from b2b.uploads.surveying import table_of, tables_of
from b2b.uploads.telling import Headings

SHOWN_CONVERSIONS = 100
SHOWN_FAULTS = 1_000


@dataclass(frozen=True, slots=True)
class Done:
    """What a table brought: rows by outcome, the sheet read, and what was understood otherwise than written."""

    counts: dict[str, int]
    table: str
    conversions: tuple[Conversion, ...]
    unknown_columns: tuple[str, ...]

    def rows(self, *outcomes: str) -> int:
        return sum(self.counts.get(outcome, 0) for outcome in outcomes)


class _Unchanged(Exception):
    """There is nothing to apply, so nothing is kept of the upload."""


class _Here:
    """Stands for the job: the work is done within this request, which tells nobody and cannot be resumed."""

    reached = None

    def __init__(self, upload: Upload, actor: Actor) -> None:
        self.arguments = {"upload_id": str(upload.pk)}
        self.actor = actor

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Nobody watches."""

    def checkpoint(self, value: Any, *, done: int | None = None, total: int | None = None) -> None:
        """There is nothing to go on from."""


def import_at_once(
    file: File[bytes],
    *,
    format: str,  # noqa: A002 — what it is called everywhere
    actor: Actor,
    target_id: UUID | None = None,
) -> Done:
    """All rows or none. The same table again changes nothing, and leaves no trace.

    Raises ``Faulty`` with the fault of every cell, ``SheetRefused``, ``NotAllowed``, ``NotFound``, or what the rules
    of the format raise when the rows come into force; then nothing was written.
    """
    done: list[Done] = []
    try:
        with transaction.atomic():
            upload = kept_upload(file, format=format, actor=actor, target_id=target_id)
            _review(upload, actor)
            done.append(_done(upload))
            _apply(upload, actor)
    except _Unchanged:
        pass
    return done[0]


def _review(upload: Upload, actor: Actor) -> None:
    data = upload.content()
    upload.begin(actor=CLOCK)
    with remembered(), survey(data, upload.filename) as found:
        reading.understand(upload, found, cast("JobRun", _Here(upload, actor)))
    upload.refresh_from_db()
    if upload.state == "needs_mapping":
        raise Faulty(_questions(upload))
    if upload.faulty_count:
        raise Faulty(_faults(upload))
    if not sum(upload.counts.get(outcome, 0) for outcome in ("new", "changed", "unchanged")):
        raise SheetEmpty


def _apply(upload: Upload, actor: Actor) -> None:
    declared = format_of(upload.format)
    if not upload.changes_count() and not (declared.replaces and upload.missing_count):
        raise _Unchanged
    upload.apply(actor=actor)
    applying.apply(cast("JobRun", _Here(upload, actor)))
    upload.refresh_from_db()
    if upload.state != "applied":
        _refuse(upload.problem)


def _refuse(problem: dict[str, Any]) -> NoReturn:
    faults = (Fault(one["pointer"], one["code"], one["detail"]) for one in problem.get("faults", ()))
    raise DomainError(problem.get("detail", ""), faults=faults)


def _questions(upload: Upload) -> Iterator[CellFault]:
    best = next(iter(proposals(upload, tables_of(upload))))
    for question in best.questions:
        yield cell_fault(question.code, question.detail, sheet=best.layout.table)


def _faults(upload: Upload) -> Iterator[CellFault]:
    table, headings = upload.layout["table"], Headings(upload)
    for row in upload.rows.filter(outcome="faulty").order_by("number")[:SHOWN_FAULTS]:
        for said in headings.told(row.faults):
            yield cell_fault(
                said["code"],
                said["detail"],
                sheet=table,
                row=row.number,
                column=said["column"],
                heading=said["heading"],
                value=said["value"],
                suggestions=tuple(said["suggestions"]),
            )


def _done(upload: Upload) -> Done:
    layout = Layout.from_json(upload.layout)
    conversions = tuple(_conversions(upload, layout.table))
    table = table_of(upload, layout.table)
    sheet = format_of(upload.format).reading_sheet()
    unknown = RowReader(sheet, layout, table).header.unknown.values() if table else ()
    return Done(dict(upload.counts), layout.table, conversions, tuple(unknown))


def _conversions(upload: Upload, table: str) -> Iterator[Conversion]:
    rows = upload.rows.filter(conversions__isnull=False).order_by("number")[:SHOWN_CONVERSIONS]
    headings = Headings(upload)
    found = [(row.number, said) for row in rows for said in headings.told(row.conversions)]
    for number, said in found[:SHOWN_CONVERSIONS]:
        yield Conversion(table, number, said["column"], said["heading"], said["shown"], said["taken"])
