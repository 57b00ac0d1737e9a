"""What calamine does not tell of an .ods: percentages, formulas, and errors. Repeated cells are counted as repeated."""

from __future__ import annotations

import zipfile

from b2b.sheets.files.calamined import Marks
from b2b.sheets.files.markup import Archive, walk

FARTHEST = 1_048_576
"""Rows or columns a sheet can have; repetitions beyond are padding."""
MOST_REPEATED = 1024
"""Columns of one repeated cell that are looked at."""
_CELLS = ("table-cell", "covered-table-cell")


def marks(archive: zipfile.ZipFile) -> dict[str, Marks]:
    """The marks of every sheet by its name."""
    scan = _Scan()
    walk(Archive(archive), "content.xml", scan.start, scan.end, scan.text)
    return scan.found


class _Scan:
    def __init__(self) -> None:
        self.found: dict[str, Marks] = {}
        self.marks = Marks()
        self.row = self.column = 0
        self.rows_repeated = 1
        self.wrong: list[tuple[int, int]] = []
        """The places of the error that is being read, whose text says which it is."""
        self.error = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()} if tag.startswith("table") else {}
        if tag == "table":
            self.marks = self.found.setdefault(plain.get("name", ""), Marks())
            self.row = 0
        elif tag == "table-row":
            self.row += 1
            self.column = 0
            self.rows_repeated = _repeated(plain.get("number-rows-repeated"))
        elif tag in _CELLS:
            self._cell(attributes, plain)

    def text(self, data: str) -> None:
        if self.wrong:
            self.error += data

    def end(self, tag: str) -> None:
        if tag == "table-row":
            self.row += self.rows_repeated - 1
        elif tag in _CELLS and self.wrong:
            self.marks.broken |= dict.fromkeys(self.wrong, self.error.strip() or "#VALUE!")
            self.wrong, self.error = [], ""

    def _cell(self, attributes: dict[str, str], plain: dict[str, str]) -> None:
        first = self.column + 1
        self.column += _repeated(plain.get("number-columns-repeated"))
        places = [(self.row, column) for column in range(first, min(self.column, first + MOST_REPEATED) + 1)]
        if attributes.get("calcext:value-type") == "error":
            self.wrong = places
            return
        kind = attributes.get("office:value-type", "")
        if "formula" in plain and kind:
            self.marks.formulas.update(places)
        elif "formula" in plain:
            self.marks.broken |= dict.fromkeys(places, "")
        if kind == "percentage":
            self.marks.percent.update(places)


def _repeated(text: str | None) -> int:
    return min(int(text), FARTHEST) if text and text.isdigit() else 1
