"""What calamine does not tell of an .xlsx: errors, formulas without a value, percentages, the date system.

One pass of expat over the parts that need it; most sheets hold none of these and are not looked at twice.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from b2b.sandbox import Refused
from b2b.sheets.files.gate import chunks

Place = tuple[int, int]
_BUILTIN_PERCENT = {"9", "10"}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass
class Marks:
    """Places (row and column from 1) of one sheet that need a second look."""

    broken: dict[Place, str] = field(default_factory=dict)
    percent: set[Place] = field(default_factory=set)
    formulas: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass
class Book:
    """What the workbook part says: sheet names with their parts, which of them are hidden, and the date system."""

    parts: dict[str, str] = field(default_factory=dict)
    from_1904: bool = False
    percent_styles: frozenset[str] = frozenset()


def book(archive: zipfile.ZipFile) -> Book:
    names = {name.casefold(): name for name in archive.namelist()}
    root = _targets(archive, names, "_rels/.rels")
    workbook = next((path for kind, path in root.values() if kind == "officeDocument"), "xl/workbook.xml")
    folder, base = posixpath.split(workbook)
    related = _targets(archive, names, f"{folder}/_rels/{base}.rels", folder)
    found = Book()
    sheets: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            identity = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            sheets[attributes.get("name", "")] = identity
        elif tag == "workbookPr":
            found.from_1904 = attributes.get("date1904", "0") in ("1", "true", "on")

    walk(archive, names, workbook, start)
    found.parts = {name: related[identity][1] for name, identity in sheets.items() if identity in related}
    styles = next((path for kind, path in related.values() if kind == "styles"), "")
    found.percent_styles = _percent_styles(archive, names, styles)
    return found


def marks(archive: zipfile.ZipFile, book: Book, sheet: str) -> Marks:
    """The marks of one sheet, or none where a look at the bytes shows that there are none."""
    names = {name.casefold(): name for name in archive.namelist()}
    part = names.get(book.parts.get(sheet, "").casefold())
    if part is None or not (book.percent_styles or _speaks_of(archive, part)):
        return Marks()
    scan = _Scan(book.percent_styles)
    walk(archive, names, part, scan.start, scan.end, scan.text)
    return scan.marks


class _Scan:
    """Walks the cells of one sheet part."""

    def __init__(self, percent_styles: frozenset[str]) -> None:
        self.percent_styles = percent_styles
        self.marks = Marks()
        self.row = self.column = 0
        self.kind = self.style = ""
        self.has_formula = self.in_value = False
        self.value = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._enter(attributes)
        elif tag == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif tag == "f":
            self.has_formula = True
        elif tag == "v":
            self.in_value = True

    def end(self, tag: str) -> None:
        if tag == "v":
            self.in_value = False
        elif tag == "c":
            self._leave()

    def text(self, data: str) -> None:
        if self.in_value:
            self.value += data

    def _enter(self, attributes: dict[str, str]) -> None:
        found = _ADDRESS.fullmatch(attributes.get("r", ""))
        self.column = column_number(found[1]) if found else self.column + 1
        self.row = int(found[2]) if found else self.row
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
        self.has_formula = False
        self.value = ""

    def _leave(self) -> None:
        place = self.row, self.column
        if self.kind == "e":
            self.marks.broken[place] = self.value or "#VALUE!"
        elif self.has_formula and not self.value and self.kind not in ("str", "inlineStr"):
            self.marks.broken[place] = ""  # An empty text is a value; an empty number was never computed.
        elif self.has_formula:
            self.marks.formulas.add(place)
        if self.kind == "n" and self.style in self.percent_styles:
            self.marks.percent.add(place)


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def is_percent(number_format: str) -> bool:
    """Whether a format shows a number as a percentage: a percent sign that is neither quoted nor escaped."""
    return "%" in _QUOTED.sub("", number_format)


def _speaks_of(archive: zipfile.ZipFile, part: str) -> bool:
    tail = b""
    for chunk in chunks(archive, archive.getinfo(part)):
        window = tail + chunk
        if re.search(
            rb"<(\w+:)?f[\s/>]|\bt=[\"']e[\"']|^\xff\xfe|^\xfe\xff|encoding=[\"']utf-16", window, re.IGNORECASE
        ):
            return True
        tail = window[-64:]
    return False


def _percent_styles(archive: zipfile.ZipFile, names: dict[str, str], part: str) -> frozenset[str]:
    percent = set(_BUILTIN_PERCENT)
    used: list[str] = []
    inside = {"cellXfs": False}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt" and is_percent(attributes.get("formatCode", "")):
            percent.add(attributes.get("numFmtId", ""))
        elif tag == "cellXfs":
            inside["cellXfs"] = True
        elif tag == "xf" and inside["cellXfs"]:
            used.append(attributes.get("numFmtId", ""))

    def end(tag: str) -> None:
        if tag == "cellXfs":
            inside["cellXfs"] = False

    walk(archive, names, part, start, end)
    return frozenset(str(place) for place, number in enumerate(used) if number in percent)


def _targets(
    archive: zipfile.ZipFile, names: dict[str, str], part: str, folder: str = ""
) -> dict[str, tuple[str, str]]:
    """By relationship id: the last word of its type, and the part it leads to."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)

    walk(archive, names, part, start)
    return found


def walk(
    archive: zipfile.ZipFile,
    names: dict[str, str],
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Feed a part to expat, with tags bare of their prefix; a part that is not there is walked at once."""
    if part.casefold() not in names:
        return
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    parser.EndElementHandler = (lambda tag: end(tag.rpartition(":")[2])) if end else None
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for chunk in chunks(archive, archive.getinfo(names[part.casefold()])):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as damage:
        raise Refused("damaged") from damage


def _refuse_doctype(*_declaration: object) -> None:
    raise Refused("doctype")
