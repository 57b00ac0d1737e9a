"""What an .xlsx says of itself: its sheets and where they are, its date system, how its cell styles show a number."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field

from b2b.sandbox import Refused
from b2b.sheets.files.formats import Shown, forms_of, sign_of
from b2b.sheets.files.markup import Archive, walk

MOST_STYLES = 100_000


@dataclass(frozen=True, slots=True)
class SheetPart:
    name: str
    part: str
    hidden: bool


@dataclass
class Book:
    """``forms``, and ``signs`` of currencies, are by cell style; ``strings`` is the part of the shared ones, if any."""

    sheets: list[SheetPart] = field(default_factory=list)
    from_1904: bool = False
    forms: Sequence[Shown] = ()
    signs: Sequence[str] = ()
    strings: str = ""

    @property
    def streamed(self) -> set[str]:
        """The parts that are read piece by piece and may be large, in lower case."""
        return {part.casefold() for part in (*(sheet.part for sheet in self.sheets), self.strings)}


def book(archive: Archive) -> Book:
    """Raises ``Refused``; a workbook without worksheets is one that cannot be read."""
    root = _targets(archive, "_rels/.rels")
    workbook = next((path for kind, path in root.values() if kind == "officeDocument"), "xl/workbook.xml")
    _require_workbook(archive, workbook)
    folder, base = posixpath.split(workbook)
    related = _targets(archive, f"{folder}/_rels/{base}.rels", folder)
    found = Book()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            identity = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            kind, part = related.get(identity, ("worksheet", ""))
            hidden = attributes.get("state", "visible") != "visible"
            if kind == "worksheet":
                found.sheets.append(SheetPart(attributes.get("name", ""), part, hidden))
        elif tag == "workbookPr":
            found.from_1904 = attributes.get("date1904", "0") in ("1", "true", "on")

    walk(archive, workbook, start)
    if not found.sheets:
        raise Refused("no-sheets")
    if any(sheet.part not in archive for sheet in found.sheets):
        raise Refused("damaged")
    parts = dict(related.values())
    found.strings = parts.get("sharedStrings", "")
    found.forms, found.signs = _forms(archive, parts.get("styles", ""))
    return found


def _require_workbook(archive: Archive, part: str) -> None:
    if part.endswith(".bin"):
        raise Refused("xlsb", suffix=".xlsb")
    if part.startswith(("word/", "ppt/", "visio/")):
        raise Refused("document", suffix="")
    if part not in archive:
        raise Refused("archive" if "[Content_Types].xml" not in archive else "damaged", suffix="")


def _forms(archive: Archive, part: str) -> tuple[list[Shown], list[str]]:
    codes: dict[int, str] = {}
    used: list[int] = []
    path: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif tag == "xf" and path[-1:] == ["cellXfs"]:
            used.append(_number(attributes.get("numFmtId")))
        path.append(tag)

    def end(_tag: str) -> None:
        path.pop()

    walk(archive, part, start, end)
    known = {number: forms_of(number, codes) for number in set(used)}
    signs = {number: sign_of(number, codes) for number in known}
    used = used[:MOST_STYLES]
    return [known[number] for number in used], [signs[number] for number in used]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() else 0


def _targets(archive: Archive, part: str, folder: str = "") -> dict[str, tuple[str, str]]:
    """By relationship id: the last word of its type, and the part it leads to."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)

    walk(archive, part, start)
    return found
