"""One sheet, written row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, groupby, repeat
from xml.sax.saxutils import escape, quoteattr

from b2b.sheets.xlsx.addresses import area, cell, letters
from b2b.sheets.xlsx.fragments import Lane
from b2b.sheets.xlsx.looks import MAIN, LookBook
from b2b.sheets.xlsx.shape import Choices, ColumnShape, Notice, Shape

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_BYTES = 1_800_000_000
"""Of one sheet's XML: beyond 2 GiB a zip needs an extension that makes Excel offer to mend the file. The rows that were
begun before still fit."""
BATCH_CHARACTERS = 256 * 1024
LONGEST_PROMPT = 255
MOST_NOTICES = 10_000
"""Spreadsheet programs draw every comment when they open the file."""


class Worksheet:
    """Open for rows until the workbook goes on to its next sheet, or is closed.

    ``rules``, ``merged`` and ``notices`` may be added to until then.
    """

    def __init__(self, name: str, shape: Shape, looks: LookBook, write: Callable[[bytes], object]) -> None:
        self.name, self.shape, self.looks, self._write = name, shape, looks, write
        self.row_number = 0
        self.width = len(shape.columns)
        self.bytes_written = 0
        self.rules: list[Choices] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.notices: list[Notice] = []
        self._waiting: list[str] = ["".join(_head(self))]
        self._waiting_characters = 0

    @property
    def is_full(self) -> bool:
        return self.row_number >= MOST_ROWS or self.bytes_written > MOST_BYTES

    @property
    def room(self) -> int:
        """How many rows fit."""
        return MOST_ROWS - self.row_number

    def row(self, fragments: Sequence[str], *, height: float = 0, hidden: bool = False) -> None:
        """The next row, from column A on; each fragment is the rest of a cell behind its address."""
        self.row_number += 1
        number = str(self.row_number)
        row = _template(len(fragments)).replace("#", number) % tuple(fragments)
        if height or hidden:
            row = row.replace(">", _row_attributes(height, hidden=hidden), 1)
        self.width = max(self.width, len(fragments))
        self._append(row)

    def rows(self, lanes: Sequence[Lane]) -> None:
        """The next rows, of which there must be ``room`` for; each lane is a column, from A on."""
        first = self.row_number + 1
        self.row_number += len(lanes[0].values)
        numbers = list(map(str, range(first, self.row_number + 1)))
        pieces: list[Iterable[str]] = [repeat('<row r="'), numbers]
        ending = '">'
        for column, lane in enumerate(lanes, start=1):
            pieces += repeat(f'{ending}<c r="{letters(column)}'), numbers, repeat(f'"{lane.before}'), lane.values
            ending = lane.behind
        rows = "".join(chain.from_iterable(zip(*pieces, repeat(f"{ending}</row>"), strict=False)))
        self.width = max(self.width, len(lanes))
        self._append(rows)

    def skip_to(self, number: int) -> None:
        """Let the next row be ``number``; those between are blank."""
        self.row_number = max(self.row_number, number - 1)

    def notice(self, row: int, column: int, text: str) -> None:
        if text and len(self.notices) < MOST_NOTICES:
            self.notices.append(Notice(row, column, text))

    def finish(self) -> None:
        self._waiting.append("".join(_tail(self)))
        self._flush()

    def _append(self, rows: str) -> None:
        self._waiting.append(rows)
        self._waiting_characters += len(rows)
        if self._waiting_characters > BATCH_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        piece = "".join(self._waiting).encode()
        self._write(piece)
        self.bytes_written += len(piece)
        self._waiting, self._waiting_characters = [], 0

    @property
    def whole_table(self) -> tuple[int, int, int, int]:
        """From the headings to the last row: first row and column, last row and column."""
        first = max(self.shape.frozen_rows, 1)
        return first, 1, max(self.row_number, first), max(self.width, 1)


@cache
def _template(width: int) -> str:
    """A row of so many cells: ``#`` for its number, ``%s`` for what each holds."""
    cells = "".join(f'<c r="{letters(column)}#"%s' for column in range(1, width + 1))
    return f'<row r="#">{cells}</row>'


def _row_attributes(height: float, *, hidden: bool) -> str:
    return (f' ht="{height}" customHeight="1"' if height else "") + (' hidden="1">' if hidden else ">")


# --- Before the rows ------------------------------------------------------------------------------
def _head(sheet: Worksheet) -> Iterator[str]:
    shape = sheet.shape
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
    colour = f'<tabColor rgb="FF{shape.tab_colour}"/>' if shape.tab_colour else ""
    yield f'<sheetPr>{colour}<pageSetUpPr fitToPage="1"/></sheetPr>'
    grid = "" if shape.grid else ' showGridLines="0"'
    yield f'<sheetViews><sheetView{grid} workbookViewId="0">{_pane(shape)}</sheetView></sheetViews>'
    yield '<sheetFormatPr defaultRowHeight="15"/>'
    if shape.columns:
        yield f"<cols>{''.join(_columns(shape.columns, sheet.looks))}</cols>"
    yield "<sheetData>"


def _pane(shape: Shape) -> str:
    rows, columns = shape.frozen_rows, shape.frozen_columns
    if not rows and not columns:
        return ""
    active = "bottomRight" if rows and columns else "bottomLeft" if rows else "topRight"
    split = (f' xSplit="{columns}"' if columns else "") + (f' ySplit="{rows}"' if rows else "")
    first = cell(rows + 1, columns + 1)
    return (
        f'<pane{split} topLeftCell="{first}" activePane="{active}" state="frozen"/>'
        f'<selection pane="{active}" activeCell="{first}" sqref="{first}"/>'
    )


def _columns(columns: Sequence[ColumnShape], looks: LookBook) -> Iterator[str]:
    """Neighbours of the same shape together."""
    for shape, group in groupby(enumerate(columns, start=1), key=lambda numbered: numbered[1]):
        places = [place for place, _shape in group]
        style = f' style="{looks.number(shape.look)}"' if shape.look else ""
        hidden = ' hidden="1"' if shape.hidden else ""
        yield f'<col min="{places[0]}" max="{places[-1]}" width="{shape.width}"{style}{hidden} customWidth="1"/>'


# --- Behind the rows ------------------------------------------------------------------------------
def _tail(sheet: Worksheet) -> Iterator[str]:
    """In the order the format prescribes."""
    yield "</sheetData>"
    if sheet.shape.protected:
        # Without a password: it guards against slips, and what must not change is checked when it comes back.
        yield '<sheetProtection sheet="1" formatColumns="0" formatRows="0" sort="0" autoFilter="0"/>'
    if sheet.shape.filtered:
        yield f'<autoFilter ref="{area(*sheet.whole_table)}"/>'
    if sheet.merged:
        areas = "".join(f'<mergeCell ref="{area(*merged)}"/>' for merged in sheet.merged)
        yield f'<mergeCells count="{len(sheet.merged)}">{areas}</mergeCells>'
    if sheet.rules:
        rules = "".join(_rule(rule) for rule in sheet.rules)
        yield f'<dataValidations count="{len(sheet.rules)}">{rules}</dataValidations>'
    yield '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    yield '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    yield "<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter>"
    if sheet.row_number:
        ref = area(1, 1, sheet.row_number, max(sheet.width, 1))
        yield f'<ignoredErrors><ignoredError sqref="{ref}" numberStoredAsText="1"/></ignoredErrors>'
    if sheet.notices:
        yield '<legacyDrawing r:id="notices"/>'
    yield "</worksheet>"


def _rule(rule: Choices) -> str:
    prompt = f' showInputMessage="1" prompt={quoteattr(rule.prompt[:LONGEST_PROMPT])}' if rule.prompt else ""
    where = area(rule.first_row, rule.column, rule.last_row, rule.column)
    return (
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="0"{prompt} sqref="{where}">'
        f"<formula1>{escape(rule.source)}</formula1></dataValidation>"
    )
