"""Read an .ods: one pass of expat over its content, row by row. Repeated rows and cells are counted, not believed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from b2b.sandbox import Refused
from b2b.sheets.cells import Broken
from b2b.sheets.files import elements, markup
from b2b.sheets.files.beheld import beheld
from b2b.sheets.files.formats import iso_moment
from b2b.sheets.files.telling import Budget, Percentage, Telling, duration, note
from b2b.sheets.files.wire import LAST_COLUMN, LAST_ROW, METADATA_SHEET

CONTENT = "content.xml"
MOST_REPEATED = 1_000
"""Rows or cells with a value that one element may stand for."""
_CELLS = ("table-cell", "covered-table-cell")
_SPAN = re.compile(r"(-?)P(?:(\d{1,6})D)?T(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,8})(?:[.,]\d+)?S)?")
_HIDDEN = ("collapse", "filter")


def tables(archive: markup.Archive, budget: Budget) -> Iterator[bytes]:
    """Every table but our own hidden ones, on the wire. Raises ``Refused``."""
    markup.walk(archive, "META-INF/manifest.xml", _refuse_password)
    scan = _Scan(budget)
    parser = markup.parser(scan.start, scan.end, scan.text)
    for chunk in archive.chunks(CONTENT) if CONTENT in archive else ():
        for start in range(0, len(chunk), 65536):
            markup.feed(parser, chunk[start : start + 65536])
            yield from scan.spoken()
    markup.feed(parser, b"", is_last=True)
    yield from scan.spoken()
    if not scan.tables:
        raise Refused("no-sheets")


def _refuse_password(tag: str, _attributes: dict[str, str]) -> None:
    if tag == "encryption-data":
        raise Refused("password")


@dataclass(slots=True)
class _Cell:
    repeated: int = 1
    kind: str = ""
    value: str = ""
    has_formula: bool = False
    is_error: bool = False
    currency: str = ""
    paragraphs: list[str] = field(default_factory=list)


class _Scan:
    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.said: list[bytes] = []
        self.tables = 0
        self.has_links = False
        self.telling: Telling | None = None
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.path: list[str] = []
        self.row = self.column = self.shape_column = 0
        self.rows_repeated, self.row_hidden = 1, False
        self.cells: list[object] = []
        self.formulas: list[int] = []
        self.cell: _Cell | None = None
        self.size = 0
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "style": self._enter_style,
            "table-properties": self._properties,
            "table": self._enter_table,
            "table-source": self._link,
            "dde-link": self._link,
            "table-column": self._shape,
            "table-row": self._enter_row,
            "p": self._enter_paragraph,
            "s": self._spaces,
            "tab": lambda _attributes: self.text("\t"),
            "line-break": lambda _attributes: self.text("\n"),
        } | dict.fromkeys(_CELLS, self._enter_cell)
        self.ends: dict[str, Callable[[], None]] = {
            "table": self._leave_table,
            "table-row": self._leave_row,
        } | dict.fromkeys(_CELLS, self._leave_cell)

    def spoken(self) -> Iterator[bytes]:
        yield from self.said
        self.said.clear()
        if self.telling:
            yield from self.telling.spoken()

    # --- Events -------------------------------------------------------------------------------------
    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.path.append(tag)
        if tag in self.starts:
            self.starts[tag]({name.rpartition(":")[2]: value for name, value in attributes.items()})
        if tag in _CELLS and self.cell:
            self.cell.is_error = attributes.get("calcext:value-type") == "error"

    def text(self, data: str) -> None:
        """Text in paragraphs of a cell; that of comments is not the cell's."""
        if self.cell is None or not self.cell.paragraphs or "annotation" in self.path or "p" not in self.path:
            return
        self.cell.paragraphs[-1] += data
        self.size += len(data)
        if self.size > elements.LONGEST_ELEMENT:
            raise Refused("row-too-long")

    def end(self, tag: str) -> None:
        self.path.pop()
        if tag in self.ends:
            self.ends[tag]()

    # --- Tables -------------------------------------------------------------------------------------
    def _enter_style(self, attributes: dict[str, str]) -> None:
        self.style = attributes.get("name", "")

    def _properties(self, attributes: dict[str, str]) -> None:
        if attributes.get("display") == "false":
            self.hidden_styles.add(self.style)

    def _enter_table(self, attributes: dict[str, str]) -> None:
        if self.telling is not None:
            raise Refused("embedded-objects")  # A table within a table; no spreadsheet has one.
        name = attributes.get("name", "")
        if self.path[-2:-1] != ["spreadsheet"] or name.startswith(METADATA_SHEET):
            return  # Elsewhere stand copies of what links lead to.
        self.tables += 1
        self.telling = Telling(self.budget, name, hidden=attributes.get("style-name", "") in self.hidden_styles)
        self.said.append(self.telling.begun())
        self.row = self.shape_column = 0

    def _link(self, _attributes: dict[str, str]) -> None:
        if not self.has_links:
            self.said.append(note("links-not-followed"))
        self.has_links = True

    def _leave_table(self) -> None:
        if self.telling:
            self.said.extend(self.telling.ended())
            self.telling = None

    def _shape(self, attributes: dict[str, str]) -> None:
        first = self.shape_column + 1
        self.shape_column = min(self.shape_column + _repeated(attributes, "number-columns-repeated"), LAST_COLUMN)
        if self.telling and attributes.get("visibility") in _HIDDEN:
            self.telling.hidden_columns.update(range(first, self.shape_column + 1))

    def _enter_row(self, attributes: dict[str, str]) -> None:
        self.row += 1
        self.column = self.size = 0
        self.rows_repeated = _repeated(attributes, "number-rows-repeated")
        self.row_hidden = attributes.get("visibility") in _HIDDEN
        self.cells, self.formulas = [], []

    def _leave_row(self) -> None:
        """A row of values that stands for many is said as often; blank ones are only counted."""
        if self.telling and any(cell is not None and cell != "" for cell in self.cells):
            if self.rows_repeated > MOST_REPEATED or self.row + self.rows_repeated - 1 > LAST_ROW:
                raise Refused("beyond-the-sheet")
            for number in range(self.row, self.row + self.rows_repeated):
                self.telling.row(number, self.cells, hidden=self.row_hidden, formulas=self.formulas)
        self.row += self.rows_repeated - 1

    # --- Cells --------------------------------------------------------------------------------------
    def _enter_cell(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("value-type", "")
        named = {"date": "date-value", "time": "time-value", "boolean": "boolean-value", "string": "string-value"}
        self.cell = _Cell(
            _repeated(attributes, "number-columns-repeated"),
            kind,
            attributes.get(named.get(kind, "value"), ""),
            "formula" in attributes,
            currency=attributes.get("currency", "") if kind == "currency" else "",
        )
        self._merge(attributes)

    def _merge(self, attributes: dict[str, str]) -> None:
        down, right = _repeated(attributes, "number-rows-spanned"), _repeated(attributes, "number-columns-spanned")
        if self.telling and (down > 1 or right > 1) and len(self.telling.merged) < elements.MOST_AREAS:
            top, left = self.row, self.column + 1
            self.telling.merged.append((top, left, min(top + down - 1, LAST_ROW), min(left + right - 1, LAST_COLUMN)))

    def _enter_paragraph(self, _attributes: dict[str, str]) -> None:
        if self.cell and "annotation" not in self.path:
            self.cell.paragraphs.append("")

    def _spaces(self, attributes: dict[str, str]) -> None:
        self.text(" " * min(_repeated(attributes, "c"), MOST_REPEATED))

    def _leave_cell(self) -> None:
        cell, self.cell = self.cell, None
        if cell is None:
            return
        value, sign = _value(cell), ""
        if isinstance(value, float):
            seen, sign = beheld(value, "\n".join(cell.paragraphs))
            value, sign = (value, cell.currency or sign) if cell.kind == "currency" else (seen, sign)
        if value is None or value == "":
            self.column += cell.repeated
            return
        if self.column + cell.repeated > LAST_COLUMN or cell.repeated > MOST_REPEATED:
            raise Refused("beyond-the-sheet")
        self.cells.extend([None] * (self.column - len(self.cells)))
        self.cells.extend([value] * cell.repeated)
        if sign and self.telling:
            for column in range(self.column, self.column + cell.repeated):
                self.telling.columns.show(column, sign)
        if cell.has_formula and not isinstance(value, Broken):
            self.formulas += range(self.column + 1, self.column + cell.repeated + 1)
        self.column += cell.repeated


def _value(cell: _Cell) -> object:
    shown = "\n".join(cell.paragraphs)
    if cell.is_error:
        return Broken(shown.strip() or "#VALUE!")
    if not cell.kind:
        return Broken("") if cell.has_formula else None
    if cell.kind in ("float", "currency", "percentage"):
        return _number(cell)
    if cell.kind == "boolean":
        return cell.value == "true"
    moments = {"date": iso_moment, "time": _time}
    found = moments[cell.kind](cell.value) if cell.kind in moments else None
    return found if found is not None else shown or cell.value


def _number(cell: _Cell) -> object:
    try:
        number = float(cell.value)
    except ValueError:
        raise Refused("damaged") from None
    return Percentage(number) if cell.kind == "percentage" and number - number == 0 else number


def _time(text: str) -> object:
    """A time of day, or the text of a longer or negative span."""
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if found[1] or span >= timedelta(days=1):
        return duration(-span if found[1] else span)
    return iso_moment(f"{span.seconds // 3600:02}:{span.seconds // 60 % 60:02}:{span.seconds % 60:02}")


def _repeated(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return min(int(text[:9]), LAST_ROW) if text.isascii() and text.isdecimal() and int(text[:9]) else 1
