"""The first half of the work: read the file, find out how, and review every row against what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext

from b2b.errors import WrongState
from b2b.garbage import let_go, uncollected
from b2b.jobs import JobRun
from b2b.jobs.ending import problem
from b2b.policy import CLOCK
from b2b.sentences import remembered
from b2b.sheets.faults import SheetEmpty, SheetRefused, SheetTooLong
from b2b.sheets.layout import Layout
from b2b.sheets.rows import ReadRow, RowReader
from b2b.sheets.survey import SourceRow, Survey, SurveyedTable, survey
from b2b.uploads import delisting, duplicates
from b2b.uploads.forgetting import drop
from b2b.uploads.format import NONE, Candidate, Session
from b2b.uploads.formats import format_of
from b2b.uploads.judging import judge
from b2b.uploads.mapping import proposals, still_fits
from b2b.uploads.models import Upload
from b2b.uploads.secrecy import Secret
from b2b.uploads.staging import MANY_ROWS, stage, tell_planner
from b2b.uploads.surveying import kept


class Overtaken(Exception):
    """Somebody cancelled the upload or sent another file while this one was being read."""


def read(run: JobRun) -> dict[str, int]:
    """The job ``uploads.read``: ends with a review, a question about the columns, or a refusal."""
    upload = Upload.objects.get(pk=run.arguments["upload_id"])
    if upload.state in {"uploaded", "reading"}:
        try:
            upload.begin(actor=CLOCK)
            with remembered():
                _read(upload, run)
        except WrongState:
            if Upload.objects.filter(pk=upload.pk, state="reading").exists():
                raise
            # Somebody cancelled it meanwhile: there is nothing to say.
    return dict(upload.counts)


def _read(upload: Upload, run: JobRun) -> None:
    try:
        data = upload.content()
        with survey(data, upload.filename, progress=run.progress) as found:
            del data
            understand(upload, found, run)
    except SheetRefused as refusal:
        upload.refuse(actor=CLOCK, problem=problem(refusal))
    except Overtaken:
        return


def understand(upload: Upload, found: Survey, run: JobRun) -> None:
    """Ends with a review, or a question about the columns."""
    told = kept(found.tables, found.notes)
    Upload.objects.filter(pk=upload.pk).update(survey=Secret(told) if upload.is_sealed else told)
    upload.refresh_from_db()
    layout = _layout(upload, found.tables)
    if layout is None:
        upload.ask(actor=CLOCK)
        return
    upload.layout = layout.to_json()
    Upload.objects.filter(pk=upload.pk).update(layout=upload.layout)
    table = next(table for table in found.tables if table.name == layout.table)
    Reviewing(upload, table, layout, run).review(found)


def _layout(upload: Upload, tables: Sequence[SurveyedTable]) -> Layout | None:
    """The confirmed layout where it still fits the file; else the best proposal, if nothing about it is unsure."""
    if upload.layout:
        confirmed = Layout.from_json(upload.layout)
        if still_fits(confirmed, tables):
            return confirmed
    best = next(iter(proposals(upload, tables)), None)
    return best.layout if best is not None and best.is_sure else None


class Reviewing:
    """One pass over one table: read, judge, compare and keep its rows, a chunk at a time."""

    def __init__(self, upload: Upload, table: SurveyedTable, layout: Layout, run: JobRun) -> None:
        self.upload, self.table, self.run = upload, table, run
        declared = format_of(upload.format)
        self.session: Session = declared.session(upload, run.actor)
        self.reader = RowReader(self.session.sheet, layout, table, currency=declared.currency(upload))

    def review(self, found: Survey) -> None:
        reached = self.run.reached or 0
        if not reached:
            with transaction.atomic():
                drop(self.upload.rows.all())
                self.upload.conversion_counts.all().delete()
        with uncollected():
            self._chunks(self._read(found.rows(self.table), reached))
        if self.session.chunk_rows is not None and self.table.filled_rows > MANY_ROWS:
            tell_planner()  # Rows that are judged all together never meet other tables.
        self._settle()
        self.upload.refresh_from_db()
        self.upload.present(actor=CLOCK)

    def _read(self, sources: Iterable[SourceRow], reached: int) -> Iterator[ReadRow]:
        """The rows behind the last one that is kept already."""
        headings = frozenset(self.reader.layout.header_rows)
        for source in sources:
            if source.number in headings:
                continue
            if source.number > reached:
                yield self.reader.read(source)
            else:
                self.reader.pass_over(source)

    def _chunks(self, rows: Iterable[ReadRow]) -> None:
        for chunk in self._chunked(rows):
            self._review_chunk([candidate(self.reader, self.table.name, row) for row in chunk])
            let_go(chunk)

    def _review_chunk(self, candidates: Sequence[Candidate]) -> None:
        judge(self.session, candidates)
        self._keep(candidates)

    def _chunked(self, rows: Iterable[ReadRow]) -> Iterator[list[ReadRow]]:
        """Raises ``SheetTooLong`` where rows are judged all together and are more than that can be."""
        remaining, most = iter(rows), self.session.most_rows
        size = self.session.chunk_rows or most + 1
        while chunk := list(islice(remaining, size)):
            if self.session.chunk_rows is None and len(chunk) > most:
                raise SheetTooLong(gettext("The table has more than %(most)s rows. Split it.") % {"most": most})
            yield chunk

    def _keep(self, rows: Sequence[Candidate]) -> None:
        with transaction.atomic():
            _still_reading(self.upload)
            stage(self.upload.pk, rows, sealed=self.upload.is_sealed)
            self.run.checkpoint(rows[-1].number, done=rows[-1].number, total=self.table.row_count)

    def _settle(self) -> None:
        with transaction.atomic():
            _still_reading(self.upload)
            duplicates.mark(self.upload)
            self.session.settle()
            count(self.upload, self.session)
            if not self.upload.rows.exclude(outcome="left_out").exists():
                raise SheetEmpty(gettext("The table has headings but no rows below them."))


def candidate(reader: RowReader, table: str, read: ReadRow) -> Candidate:
    """A row as the review goes on with it."""
    found = Candidate(
        number=read.number,
        row=read.values if read.row is None else read.row,
        unread=reader.resting.columns_of(read.faults) if read.faults else NONE,
        table=table,
        places=_places(reader),
        sheet=reader.sheet,
        cells=read.cells,
        conversions=read.conversions,
        faults=read.faults,
        remark=read.left_out,
    )
    found.outcome = "left_out" if read.left_out else "faulty" if read.faults else "unchanged"
    return found


def _places(reader: RowReader) -> Mapping[str, int]:
    """The columns the rows say something about: those of the file, and 0 for what holds for every row."""
    layout = reader.layout
    if not layout.constants and reader.section is None:
        return layout.columns
    besides = dict.fromkeys(layout.constants, 0)
    return besides | ({reader.section_column: 0} if reader.section is not None else {}) | dict(layout.columns)


def count(upload: Upload, session: Session) -> None:
    """Bring the upload's counts up to date with its rows."""
    found = upload.rows.order_by().values_list("outcome").annotate(rows=Count("pk"))
    counts = dict(found)
    missing, mark = delisting.counted(session)
    Upload.objects.filter(pk=upload.pk).update(
        counts=counts,
        faulty_count=counts.get("faulty", 0),
        missing_count=missing,
        **({"basis": mark} if mark else {}),
    )


def _still_reading(upload: Upload) -> None:
    """Raise ``Overtaken`` where the upload went another way; hold it there until the chunk is kept."""
    locked = Upload.objects.select_for_update(of=("self",)).filter(pk=upload.pk, state="reading", sha256=upload.sha256)
    if not locked.exists():
        raise Overtaken
