"""Read a spreadsheet file once, from end to end, in a child; keep its rows on disk and what is to know of its tables.

However large the file, neither side holds more than a piece of it: rows are spooled as the child sends them and
decoded when ``Survey.rows`` is iterated, any number of times.
"""

from __future__ import annotations

import logging
import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import PurePath
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, Self

from b2b.sandbox import MIB, Limits, Refused, Stopped, run
from b2b.sheets.files import wire
from b2b.sheets.judging import judged
from b2b.sheets.refusals import of_child, refusal
from b2b.sheets.table import SourceRow

__all__ = ["ColumnMarks", "Note", "SourceRow", "Survey", "SurveyedTable", "survey"]

log = logging.getLogger("b2b.sheets.survey")

HEAD_ROWS = 200
MOST_HEAD_CELLS = 1_000_000
"""Over all tables of a file: a sheet of two hundred rows of the full width would fill memory otherwise."""
MOST_CELLS = 50_000_000
"""Filled cells of a file: a million rows of forty columns, and some more."""
BLOCK_BYTES = 256 * 1024
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True)
class ColumnMarks:
    """What the cells of one column give away, over all rows.

    ``point`` and ``comma`` count texts that are numbers only with that decimal mark, ``day_first`` and
    ``month_first`` texts that are dates only in that order; ``signs`` are the currencies its numbers are shown in by
    their formats. ``numbers`` (percentages too), ``texts``, ``dates``
    and ``blanks`` count cells by kind, over the rows that hold a value anywhere.
    """

    point: int = 0
    comma: int = 0
    day_first: int = 0
    month_first: int = 0
    numbers: int = 0
    texts: int = 0
    dates: int = 0
    blanks: int = 0
    signs: tuple[str, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class SurveyedTable:
    """One sheet. ``row_count`` and ``width`` are its last row and column that hold a value.

    ``head`` holds the first rows with values, at most two hundred; ``filled_rows`` says how many there are.
    ``merged`` lists areas by first row, first column, last row, last column: at most 20,000, the tall ones first.
    ``marks[0]`` is of column A.
    """

    place: int
    name: str
    hidden: bool
    from_1904: bool
    row_count: int
    width: int
    filled_rows: int
    head: tuple[SourceRow, ...]
    hidden_rows: int
    hidden_columns: tuple[int, ...]
    merged: tuple[tuple[int, int, int, int], ...]
    marks: tuple[ColumnMarks, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell about the file as a whole; ``b2b.sheets.notes`` has its sentence."""

    code: str
    values: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Span:
    """Where the rows of a table stand in the spool, in bytes."""

    start: int
    end: int


class Survey:
    """What a file holds. Owns the spool: close it, or use it as a context manager.

    ``tables`` are those that hold a value, hidden ones included.
    """

    def __init__(
        self, spool: IO[bytes], tables: Sequence[SurveyedTable], spans: Mapping[int, Span], notes: Iterable[Note]
    ) -> None:
        self._spool, self._spans = spool, spans
        self.tables = tuple(tables)
        self.notes = tuple(notes)

    def rows(self, table: SurveyedTable) -> Iterator[SourceRow]:
        """The rows that hold a value, in their order; several iterations may run side by side.

        Raises ``SheetUnreadable`` where the child was led to send what are no rows.
        """
        try:
            yield from wire.rows(_lines(self._spool, self._spans[table.place]))
        except wire.Nonsense as nonsense:
            raise refusal("stops-the-reader") from nonsense

    def close(self) -> None:
        self._spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def survey(data: bytes, filename: str, *, progress: Callable[[int], None] | None = None) -> Survey:
    """Read the whole file. ``progress`` is called with the rows so far; what it raises ends the reading.

    Raises ``SheetFormat``, ``SheetHostile``, ``SheetUnreadable`` or ``SheetEmpty``, each with a sentence.
    """
    suffix = judged(data, filename)
    limits = limits_for(len(data))
    name = PurePath(filename.replace("\\", "/")).stem or "Table"
    answer = run("b2b.sheets.files.parsing:parse", data, limits=limits, suffix=suffix, name=name, most_cells=MOST_CELLS)
    try:
        found = _surveyed(answer, progress or _nobody)
    except (Refused, Stopped) as ended:
        log.info("spreadsheet refused", extra={"reason": str(ended), "suffix": suffix, "bytes": len(data)})
        raise of_child(ended, wall_seconds=limits.wall_seconds) from None
    except wire.Nonsense as nonsense:
        log.exception("the spreadsheet reader spoke nonsense", extra={"suffix": suffix, "bytes": len(data)})
        raise refusal("stops-the-reader") from nonsense
    if not found.tables:
        found.close()
        raise refusal("no-rows")
    return found


def limits_for(size_bytes: int) -> Limits:
    """A large file may take longer; how much memory reading takes hardly depends on the size."""
    size_mib = size_bytes // MIB
    return Limits(
        memory_bytes=1536 * MIB,
        cpu_seconds=60 + 4 * size_mib,
        wall_seconds=90 + 8 * size_mib,
        answer_bytes=4 * GIB,
        file_bytes=2 * GIB,
    )


def _nobody(_rows: int) -> None:
    """Who does not ask for progress is not told."""


def _surveyed(pieces: Iterable[bytes], progress: Callable[[int], None]) -> Survey:
    """Raises ``Nonsense``, and whatever ends the pieces."""
    spool: IO[bytes] = TemporaryFile()  # noqa: SIM115 — the survey owns it
    try:
        return _Gathering(spool, progress).over(pieces)
    except BaseException:
        spool.close()
        raise


class _Gathering:
    """Takes the child's pieces: rows to the spool unread, everything else into tables and notes."""

    def __init__(self, spool: IO[bytes], progress: Callable[[int], None]) -> None:
        self.spool, self.progress = spool, progress
        self.tables: list[SurveyedTable] = []
        self.spans: dict[int, Span] = {}
        self.notes: list[Note] = []
        self.head: dict[str, Any] | None = None
        self.place = self.rows = self.written = self.start = 0
        self.head_cells_left = MOST_HEAD_CELLS

    def over(self, pieces: Iterable[bytes]) -> Survey:
        for piece in pieces:
            kind = piece[:1]
            if kind == wire.ROWS:
                self._rows(piece)
            elif kind == wire.HEAD:
                self._begin(wire.told(piece))
            elif kind == wire.END:
                self._end(wire.told(piece))
            elif kind == wire.NOTE:
                self.notes.append(_note(wire.told(piece)))
            else:
                raise wire.Nonsense("no piece")
        self.spool.flush()
        return Survey(self.spool, self.tables, self.spans, self.notes)

    def _begin(self, head: dict[str, Any]) -> None:
        self.head, self.start = head, self.written
        self.place += 1

    def _rows(self, piece: bytes) -> None:
        if self.head is None:
            raise wire.Nonsense("rows of no table")
        self.written += self.spool.write(memoryview(piece)[1:])
        self.rows += piece.count(b"\n")
        self.progress(self.rows)

    def _end(self, tail: dict[str, Any]) -> None:
        head, self.head = self.head, None
        if head is None:
            raise wire.Nonsense("end of no table")
        if self.written == self.start:
            return
        self.spool.flush()
        try:
            if not tail["in_order"]:
                self._put_in_order()
            self.spans[self.place] = Span(self.start, self.written)
            self.tables.append(self._table(head, tail))
        except (LookupError, TypeError, ValueError) as problem:
            raise wire.Nonsense(type(problem).__name__) from None

    def _table(self, head: dict[str, Any], tail: dict[str, Any]) -> SurveyedTable:
        signs = {int(place): tuple(map(str, shown)) for place, shown in tail["signs"]}
        marks = tuple(
            _marks(counts, int(tail["rows"]), signs.get(place, ()))
            for place, counts in enumerate(tail["marks"][: wire.LAST_COLUMN])
        )
        return SurveyedTable(
            self.place,
            str(head["name"]),
            bool(tail["hidden"]),
            bool(head["from_1904"]),
            int(tail["last_row"]),
            len(marks),
            int(tail["rows"]),
            tuple(self._first_rows()),
            int(tail["hidden_rows"]),
            tuple(int(column) for column in tail["hidden_columns"]),
            tuple((int(top), int(left), int(bottom), int(right)) for top, left, bottom, right in tail["merged"]),
            marks,
        )

    def _first_rows(self) -> Iterator[SourceRow]:
        for row in islice(wire.rows(_lines(self.spool, self.spans[self.place])), HEAD_ROWS):
            self.head_cells_left -= len(row.cells)
            if self.head_cells_left < 0:
                return
            yield row

    def _put_in_order(self) -> None:
        """Write the rows of the last table again, by their numbers. Two of one number are refused."""
        start = self.written
        for line in _sorted(self.spool, Span(self.start, self.written)):
            self.written += self.spool.write(line)
        self.spool.flush()
        self.start = start


def _marks(counts: list[int], rows: int, signs: tuple[str, ...]) -> ColumnMarks:
    return ColumnMarks(*[int(count) for count in counts], signs=signs) if counts else ColumnMarks(blanks=rows)


def _note(found: dict[str, Any]) -> Note:
    try:
        return Note(str(found["code"]), dict(found["values"]))
    except (LookupError, TypeError, ValueError) as problem:
        raise wire.Nonsense(type(problem).__name__) from None


def _lines(spool: IO[bytes], span: Span) -> Iterator[str]:
    """Lines without their ends, block by block; the spool's own position is left alone."""
    at, rest = span.start, b""
    while at < span.end:
        block = os.pread(spool.fileno(), min(BLOCK_BYTES, span.end - at), at)
        if not block:
            raise wire.Nonsense("short spool")
        at += len(block)
        whole, line_end, rest = (rest + block).rpartition(b"\n")
        yield from wire.lines_of(whole + line_end)


def _sorted(spool: IO[bytes], span: Span) -> Iterator[bytes]:
    """The lines by their row's number, from an index of where each begins. Raises ``Refused``."""
    numbers, starts = array("q"), array("q", [span.start])
    for line in _lines(spool, span):
        numbers.append(int(line.partition("\t")[0]))
        starts.append(starts[-1] + len(line.encode()) + 1)
        if len(numbers) > wire.LAST_ROW:
            raise Refused("row-twice")
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    if any(numbers[one] == numbers[other] for one, other in pairwise(order)):
        raise Refused("row-twice")
    for place in order:
        yield os.pread(spool.fileno(), starts[place + 1] - starts[place], starts[place])
