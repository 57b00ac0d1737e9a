"""Read the rows of one sheet of an .xlsx, piece by piece: by pattern where a row is plain, otherwise by expat."""

from __future__ import annotations

import re
from collections.abc import Iterator

from b2b.sandbox import Refused
from b2b.sheets.files import elements, markup
from b2b.sheets.files.ooxml_cells import Cells, Filled, column_number
from b2b.sheets.files.row_patterns import is_hidden, patterns
from b2b.sheets.files.telling import Telling
from b2b.sheets.files.wire import LAST_COLUMN, LAST_ROW

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_TRUE = ("1", "true", "on")


class Worksheet:
    """Walks one sheet part and says its rows."""

    def __init__(self, telling: Telling, cells: Cells) -> None:
        self.telling, self.cells = telling, cells
        self.expat = markup.parser(self._start, self._end, self._text)
        self.path: list[str] = []
        self.number = self.column = 0
        self.hidden = False
        self.found: dict[int, Filled] = {}
        self.spaces: list[bool] = [False]
        self.attributes: dict[str, str] = {}
        self.value: str | None = None
        self.inline: list[str] = []
        self.text: str | None = None
        self.has_formula = False

    def read(self, chunks: Iterator[bytes]) -> Iterator[None]:
        """Yields after each piece, so that what has gathered can be sent."""
        for run in elements.runs(chunks, b"row"):
            if isinstance(run, bytes):
                for start in range(0, len(run), 65536):
                    markup.feed(self.expat, run[start : start + 65536])
                    yield
            else:
                self._run(run)
                yield
        markup.feed(self.expat, b"", is_last=True)
        self.cells.settle(self.telling)

    # --- Plain rows ---------------------------------------------------------------------------------
    def _run(self, run: elements.Run) -> None:
        row, cell = patterns(run.prefix)
        self.cells.prefix = run.prefix
        for element in run.elements:
            if not (self._is_between_rows() and (self._alike(element) or self._plain(row, cell.split(element)))):
                markup.feed(self.expat, element + run.end)

    def _is_between_rows(self) -> bool:
        return len(self.path) == 2 and self.path[1] == "sheetData" and not self.spaces[-1]  # noqa: PLR2004

    def _alike(self, element: bytes) -> bool:
        """Say the row, if it looks just like the one before it."""
        number = self.cells.say_alike(self.telling, element)
        self.number = number or self.number
        return number > 0

    def _plain(self, row: re.Pattern[bytes], parts: list[bytes]) -> bool:
        """Say the row, if every byte of it is understood.

        ``parts`` are the row's start tag and then, for each cell, column letters, row number, other attributes,
        formula, value, inline text, and what stands behind the cell.
        """
        tag = row.fullmatch(parts[0])
        numbers = parts[2::7]
        if tag is None or any(parts[7::7]) or numbers.count(tag[1]) != len(numbers):
            return False
        number = int(tag[1])
        if not 0 < number <= LAST_ROW:
            raise Refused("beyond-the-sheet")
        hidden = is_hidden(tag[2])
        if not self.cells.say_plain(self.telling, number, parts, hidden=hidden):
            return False
        self.number = number
        return True

    # --- Everything else ----------------------------------------------------------------------------
    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        inside = self.path[-1] if self.path else ""
        self.path.append(tag)
        spacing = attributes.get("xml:space")
        self.spaces.append(self.spaces[-1] if spacing is None else spacing == "preserve")
        if inside == "row" and tag == "c":
            self._enter_cell(attributes)
        elif inside == "sheetData" and tag == "row":
            self._enter_row(attributes)
        elif inside == "c" and tag in ("v", "f"):
            self.has_formula |= tag == "f"
            self.text = "" if tag == "v" else None
        elif tag == "t" and "is" in self.path and "rPh" not in self.path:
            self.text = ""
        elif tag == "col" and inside == "cols":
            self._column(attributes)
        elif tag == "mergeCell" and inside == "mergeCells":
            self._merged(attributes.get("ref", ""))

    def _text(self, data: str) -> None:
        if self.text is not None:
            self.text += data
            if len(self.text) > elements.LONGEST_ELEMENT:
                raise Refused("row-too-long")

    def _end(self, tag: str) -> None:
        preserved = self.spaces.pop()
        self.path.pop()
        if tag == "v" and self.text is not None:
            self.value, self.text = self.text, None
        elif tag == "t" and self.text is not None:
            self.inline.append(markup.unescaped(markup.spaced(self.text, preserved=preserved)))
            self.text = None
        elif tag == "c" and self.path[-1:] == ["row"]:
            self._leave_cell()
        elif tag == "row" and self.path[-1:] == ["sheetData"]:
            self.cells.say(self.telling, self.number, self.found, hidden=self.hidden)

    def _enter_row(self, attributes: dict[str, str]) -> None:
        named = attributes.get("r", "")
        self.number = _row_number(named) if named else self.number + 1
        self.column = 0
        self.hidden = attributes.get("hidden", "0") in _TRUE
        self.found = {}

    def _enter_cell(self, attributes: dict[str, str]) -> None:
        address = attributes.get("r")
        if address is None:
            self.column += 1
        else:
            self._go_to(address)
        if self.column > LAST_COLUMN or self.number > LAST_ROW:
            raise Refused("beyond-the-sheet")
        self.attributes, self.value, self.text = attributes, None, None
        self.inline, self.has_formula = [], False

    def _go_to(self, address: str) -> None:
        found = _ADDRESS.fullmatch(address)
        if found is None:
            raise Refused("damaged")
        self.column = column_number(found[1])
        if int(found[2]) != self.number:
            raise Refused("damaged" if int(found[2]) <= LAST_ROW else "beyond-the-sheet")

    def _leave_cell(self) -> None:
        if self.column in self.found:
            raise Refused("row-twice")
        kind = self.cells.kind_of(self.attributes.get("t", "n"), self.attributes.get("s", "0"))
        value = "".join(self.inline) if kind.type == "inlineStr" and self.inline else self.value
        self.found[self.column] = self.cells.packed(kind, value, has_formula=self.has_formula)

    def _column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden", "0") in _TRUE:
            first, last = (attributes.get(name, "") for name in ("min", "max"))
            if first.isdecimal() and last.isdecimal():
                self.telling.hidden_columns.update(range(max(int(first), 1), min(int(last), LAST_COLUMN) + 1))

    def _merged(self, area: str) -> None:
        found = _AREA.fullmatch(area)
        if found and len(self.telling.merged) < elements.MOST_AREAS:
            top, left, bottom, right = int(found[2]), column_number(found[1]), int(found[4]), column_number(found[3])
            self.telling.merged.append((top, left, bottom, right))


def _row_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise Refused("damaged")
    number = int(text[:10])
    if not 0 < number <= LAST_ROW:
        raise Refused("beyond-the-sheet")
    return number
