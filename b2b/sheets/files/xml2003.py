"""Read a workbook in Excel's XML of 2003 (SpreadsheetML), which report programs like to call an .xls."""

from __future__ import annotations

from collections.abc import Iterator

from b2b.sandbox import Refused
from b2b.sheets.cells import Broken
from b2b.sheets.files import elements, markup
from b2b.sheets.files.formats import Form, Shown, form_of, formatted, iso_moment, sign_in
from b2b.sheets.files.telling import Budget, Telling, note
from b2b.sheets.files.wire import LAST_COLUMN, LAST_ROW, METADATA_SHEET

PIECE_BYTES = 64 * 1024
_DAYS = Form.DAY, Form.MOMENT, Form.SPAN


def tables(data: bytes, suffix: str, budget: Budget) -> Iterator[bytes]:
    """Every sheet, on the wire. Raises ``Refused``."""
    yield note("xml-workbook", suffix=suffix)
    scan = _Scan(budget)
    parser = markup.parser(scan.start, scan.end, scan.text)
    for start in range(0, len(data), PIECE_BYTES):
        markup.feed(parser, data[start : start + PIECE_BYTES])
        yield from scan.spoken()
    markup.feed(parser, b"", is_last=True)
    yield from scan.spoken()
    if not scan.sheets:
        raise Refused("no-sheets")


class _Scan:
    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.said: list[bytes] = []
        self.telling: Telling | None = None
        self.sheets = 0
        self.looks: dict[str, tuple[Shown, str]] = {}
        self.style = ""
        self.row = self.column = self.shape = self.size = 0
        self.hidden = self.is_text = False
        self.cells: dict[int, object] = {}
        self.formulas: list[int] = []
        self.attributes: dict[str, str] = {}
        self.kind = self.value = ""
        self.after = 0

    def spoken(self) -> Iterator[bytes]:
        yield from self.said
        self.said.clear()
        if self.telling:
            yield from self.telling.spoken()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        named = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        if tag == "Style":
            self.style = named.get("ID", "")
        elif tag == "NumberFormat":
            code = named.get("Format", "")
            self.looks[self.style] = Form.PERCENT if code == "Percent" else form_of(code), sign_in(code)
        elif tag == "Worksheet":
            self._enter_sheet(named)
        elif tag == "Column":
            self._column(named)
        elif tag == "Row":
            self._enter_row(named)
        elif tag == "Cell":
            self._enter_cell(named)
        elif tag == "Data":
            self.kind, self.value, self.is_text = named.get("Type", "String"), "", True
        elif tag == "Visible":
            self.value, self.is_text = "", True

    def text(self, data: str) -> None:
        if self.is_text:
            self.value += data
            self.size += len(data)
            if self.size > elements.LONGEST_ELEMENT:
                raise Refused("row-too-long")

    def end(self, tag: str) -> None:
        if tag == "Data":
            self.is_text = False
        elif tag == "Visible" and self.telling:
            self.is_text = False
            self.telling.head["hidden"] = self.value.strip() != "SheetVisible"
        elif tag == "Cell":
            self._leave_cell()
        elif tag == "Row":
            self._leave_row()
        elif tag == "Worksheet" and self.telling:
            self.said.extend(self.telling.ended())
            self.telling = None

    def _enter_sheet(self, attributes: dict[str, str]) -> None:
        name = attributes.get("Name", "")
        if name.startswith(METADATA_SHEET):
            return
        self.sheets += 1
        self.telling = Telling(self.budget, name)
        self.said.append(self.telling.begun())
        self.row = self.shape = 0

    def _column(self, attributes: dict[str, str]) -> None:
        first = _number(attributes, "Index", self.shape + 1)
        self.shape = min(first + _number(attributes, "Span", 0), LAST_COLUMN)
        if self.telling and attributes.get("Hidden") == "1":
            self.telling.hidden_columns.update(range(first, self.shape + 1))

    def _enter_row(self, attributes: dict[str, str]) -> None:
        self.row = _number(attributes, "Index", self.row + 1)
        self.after = _number(attributes, "Span", 0)
        self.hidden = attributes.get("Hidden") == "1"
        self.column = self.size = 0
        self.cells, self.formulas = {}, []
        if not 0 < self.row <= LAST_ROW:
            raise Refused("beyond-the-sheet")

    def _leave_row(self) -> None:
        if self.telling and self.cells:
            cells = [self.cells.get(column) for column in range(1, max(self.cells) + 1)]
            self.telling.row(self.row, cells, hidden=self.hidden, formulas=self.formulas)
        self.row += self.after

    def _enter_cell(self, attributes: dict[str, str]) -> None:
        self.column = _number(attributes, "Index", self.column + 1)
        if not 0 < self.column <= LAST_COLUMN:
            raise Refused("beyond-the-sheet")
        if self.column in self.cells:
            raise Refused("row-twice")
        self.attributes, self.kind, self.value = attributes, "", ""

    def _leave_cell(self) -> None:
        right, down = _number(self.attributes, "MergeAcross", 0), _number(self.attributes, "MergeDown", 0)
        value = self._cell()
        if value is not None:
            self.cells[self.column] = value
            if "Formula" in self.attributes and not isinstance(value, Broken):
                self.formulas.append(self.column)
        if self.telling and (right or down) and len(self.telling.merged) < elements.MOST_AREAS:
            bottom, last = min(self.row + down, LAST_ROW), min(self.column + right, LAST_COLUMN)
            self.telling.merged.append((self.row, self.column, bottom, last))
        self.column += right

    def _cell(self) -> object:
        if not self.kind:
            return Broken("") if "Formula" in self.attributes else None
        if self.kind == "Number":
            return self._numeric()
        if self.kind == "Boolean":
            return self.value.strip() == "1"
        if self.kind == "Error":
            return Broken(self.value.strip() or "#VALUE!")
        found = iso_moment(self.value.strip()) if self.kind == "DateTime" else None
        return self.value if found is None else found

    def _numeric(self) -> object:
        try:
            number = float(self.value)
        except ValueError:
            raise Refused("damaged") from None
        form, sign = self.looks.get(self.attributes.get("StyleID", ""), (Form.NUMBER, ""))
        if sign and self.telling:
            self.telling.columns.show(self.column - 1, sign)
        # Days say of themselves that they are: a number with the format of one is just a number.
        return formatted(number, form, from_1904=False) if form not in _DAYS else number


def _number(attributes: dict[str, str], name: str, otherwise: int) -> int:
    text = attributes.get(name, "")
    return int(text[:9]) if text.isascii() and text.isdecimal() else otherwise
