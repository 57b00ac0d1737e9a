"""Parts of a zipped workbook as streams of XML events, and the text rules Open XML adds to XML."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from xml.parsers import expat

from b2b.sandbox import Refused
from b2b.sheets.files.gate import chunks

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NO_XML_CHARACTER = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
XML_SPACES = " \t\r\n"
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""A raised digit is a footnote or a power, and no digit of the number before it: 12.50¹ is not 12.501."""


class Archive:
    """The parts of a zipped workbook by their names, in whichever case they are asked for."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.entries = {entry.filename.casefold(): entry for entry in archive.infolist()}

    def __contains__(self, part: str) -> bool:
        return part.casefold() in self.entries

    def chunks(self, part: str) -> Iterator[bytes]:
        """The part, unpacked piece by piece. Raises ``Refused`` where it is damaged."""
        return chunks(self.archive, self.entries[part.casefold()])


def parser(
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> expat.XMLParserType:
    """An expat parser that gives tags bare of their prefix, and refuses a document type."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    made.EndElementHandler = (lambda tag: end(tag.rpartition(":")[2])) if end else None
    made.CharacterDataHandler = text
    made.StartDoctypeDeclHandler = _refuse_doctype
    return made


def feed(to: expat.XMLParserType, data: bytes, *, is_last: bool = False) -> None:
    try:
        to.Parse(data, is_last)
    except (expat.ExpatError, ValueError) as damage:
        raise Refused("damaged") from damage


def walk(
    archive: Archive,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """All events of a part at once; a part that is not there has none."""
    if part not in archive:
        return
    made = parser(start, end, text)
    for chunk in archive.chunks(part):
        feed(made, chunk)
    feed(made, b"", is_last=True)


def without_entities(text: str) -> str | None:
    """The text with the entities of XML resolved; ``None`` where there is one that only a parser should judge."""
    if "&" not in text:
        return text
    bare = _ENTITY.sub("", text)
    if "&" in bare:
        return None
    try:
        return _ENTITY.sub(_resolved, text)
    except ValueError:
        return None


def _resolved(found: re.Match[str]) -> str:
    if found[1]:
        return _NAMED[found[1]]
    letter = chr(int(found[2]) if found[2] else int(found[3], 16))
    if _NO_XML_CHARACTER.fullmatch(letter):
        raise ValueError(letter)
    return letter


def unescaped(text: str) -> str:
    """ECMA-376 part 1, 22.9.2.19: ``_x000D_`` stands for a character XML cannot carry."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # Two halves may make one character.


def spaced(text: str, *, preserved: bool) -> str:
    """Outer space counts only where ``xml:space`` says so, as Excel reads it."""
    return text if preserved else text.strip(XML_SPACES)


def _refuse_doctype(*_declaration: object) -> None:
    raise Refused("doctype")
