"""What calamine does not tell of an .ods: percentages, formulas, and errors. Repeated cells are counted as repeated."""

from __future__ import annotations

import zipfile

from b2b.sheets.files.ooxml import Marks, walk

FARTHEST = 1_048_576
"""Rows or columns a sheet can have; repetitions beyond are padding."""


def marks(archive: zipfile.ZipFile) -> dict[str, Marks]:
    """The marks of every sheet by its name."""
    scan = _Scan()
    names = {name.casefold(): name for name in archive.namelist()}
    walk(archive, names, "content.xml", scan.start, scan.end)
    return scan.found


class _Scan:
    def __init__(self) -> None:
        self.found: dict[str, Marks] = {}
        self.marks = Marks()
        self.row = self.column = 0
        self.rows_repeated = 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()} if tag.startswith("table") else {}
        if tag == "table":
            self.marks = self.found.setdefault(plain.get("name", ""), Marks())
            self.row = 0
        elif tag == "table-row":
            self.row += 1
            self.column = 0
            self.rows_repeated = _repeated(plain.get("number-rows-repeated"))
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell(attributes, plain)

    def end(self, tag: str) -> None:
        if tag == "table-row":
            self.row += self.rows_repeated - 1

    def _cell(self, attributes: dict[str, str], plain: dict[str, str]) -> None:
        first = self.column + 1
        self.column += _repeated(plain.get("number-columns-repeated"))
        kind = plain.get("value-type", "")
        wrong = attributes.get("calcext:value-type") == "error"
        if not (wrong or kind == "percentage" or "formula" in plain):
            return
        for column in range(first, min(self.column, first + 1024) + 1):
            self._mark((self.row, column), kind, wrong=wrong, formula="formula" in plain)

    def _mark(self, place: tuple[int, int], kind: str, *, wrong: bool, formula: bool) -> None:
        if wrong or (formula and not kind):
            self.marks.broken[place] = "#VALUE!" if wrong else ""
        elif formula:
            self.marks.formulas.add(place)
        if kind == "percentage" and not wrong:
            self.marks.percent.add(place)


def _repeated(text: str | None) -> int:
    return min(int(text), FARTHEST) if text and text.isdigit() else 1
