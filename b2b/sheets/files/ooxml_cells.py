"""What the cells of an .xlsx hold, as it travels on the wire.

Rows of one table mostly look alike: the same columns with the same styles and types. What follows from that is worked
out once for each shape of row; a row whose values are as plain as its shape is then put together without a look at
its single cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

from b2b.sandbox import Refused
from b2b.sheets.files import markup
from b2b.sheets.files.columns import Kind, Tells, tells
from b2b.sheets.files.formats import Form, Shown, iso_moment, pack_formatted
from b2b.sheets.files.ooxml import Book
from b2b.sheets.files.row_patterns import Fits, is_hidden, whole_row
from b2b.sheets.files.strings import Strings
from b2b.sheets.files.telling import BLANK, Telling, flags_of, joined, kept, pack, pack_error, pack_text
from b2b.sheets.files.wire import LAST_COLUMN, LAST_ROW

MOST_SHAPES = 2_000
ALIKE_ROWS, MOST_PATTERNS = 20, 50
"""After so many rows of a shape it is worth a pattern of its own; of so many shapes."""
MOST_REMEMBERED = 20_000
LONGEST_REMEMBERED = 200
"""Bytes of an inline text."""
_ATTRIBUTES = re.compile(rb'(?: [A-Za-z]+="[^"]*")*\s*/?')
_ATTRIBUTE = re.compile(rb' ([A-Za-z]+)="([^"]*)"')
_DIGIT = rb"(?=[^,]{1,15}(?:,|$))"
_PLAIN_NUMBER = rb"%b(?:0|-?(?:[1-9][0-9]*|0(?=\.))(?:\.[0-9]*[1-9])?)" % _DIGIT
_PLAIN_NUMBERS = re.compile(rb"%b(?:,%b)*" % (_PLAIN_NUMBER, _PLAIN_NUMBER)).fullmatch
"""Numbers that are already as they travel: at most fifteen characters, no zeros that say nothing."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_QUIET_TEXT = re.compile(rb"[A-Za-z](?:[ !#-%'-+/-Z\[\]^`-~-]{0,39}|[ !#-%'-Z\[\]^`-~]{40,})(?<! )").fullmatch
"""Texts that travel as they are written and tell nothing of their column: ASCII without what JSON or XML escape, and
where they are short without a comma or a point."""
_FINITE_NUMBER = re.compile(rb"-?[0-9]{1,200}(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?").fullmatch


_TEXTS = ("str", "d")


@dataclass(frozen=True, slots=True, eq=False)
class CellKind:
    """A cell's type and how its style shows a number. ``remembered`` holds shown numbers by their text."""

    type: str
    form: Shown
    sign: str = ""
    """The currency its style shows a number in."""
    remembered: dict[bytes, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filled:
    """One cell as it travels, and what its column learns from it."""

    packed: bytes
    kind: Kind
    told: Tells = Tells.NOTHING
    is_formula: bool = False
    """Whether its value is the stored result of a formula."""
    sign: str = ""


@dataclass(slots=True)
class Shape:
    """A row's columns (from 1) and kinds, by place in the row, and which places hold what."""

    columns: list[int]
    kinds: list[CellKind]
    shared: list[int]
    numbers: list[int]
    shown: list[int]
    inline: list[int]
    filled: list[int]
    template: bytes
    is_plain: bool
    rows: int = 0
    pattern: Fits | None = None
    """Fits whole rows of this shape; made once there were some."""


class Cells:
    """The cells of one sheet."""

    def __init__(self, book: Book, strings: Strings) -> None:
        self.book, self.strings = book, strings
        self.kinds: dict[tuple[str, str], CellKind] = {}
        self.shapes: dict[bytes, Shape | None] = {}
        self.inline: dict[bytes, tuple[bytes, Tells]] = {}
        self.prefix = b""
        self.alike: Shape | None = None
        self.patterns = 0

    # --- Rows ---------------------------------------------------------------------------------------
    def say_alike(self, telling: Telling, row: bytes) -> int:
        """Say a row that looks just like the plain one before it; its number, or 0 where that is not understood."""
        shape = self.alike
        found = shape.pattern(row) if shape is not None and shape.pattern is not None else None
        if shape is None or found is None:
            return 0
        said, number = found.groups(), int(found[1])
        values: list[Any] = [None] * len(shape.columns)
        for place, value in zip(shape.filled, said[2:], strict=True):
            values[place] = value
        text = self._by_shape(telling, shape, values, values) if 0 < number <= LAST_ROW else None
        if text is None:
            return 0
        self._say_by_shape(telling, number, shape, text, hidden=is_hidden(said[1]))
        return number

    def _say_by_shape(self, telling: Telling, number: int, shape: Shape, text: bytes, *, hidden: bool) -> None:
        shape.rows += 1
        if text:
            telling.line(number, b"h" if hidden else b"", text, shape.columns[shape.filled[-1]], len(shape.filled))

    def _expect(self, shape: Shape, parts: Sequence[bytes]) -> None:
        """Have the next row looked at as one of this shape, if there were some of it already."""
        self.alike = shape
        if shape.pattern is None and shape.rows >= ALIKE_ROWS and self.patterns < MOST_PATTERNS:
            self.patterns += 1
            shape.pattern = whole_row(self.prefix, parts[1::7], parts[3::7], shape.inline)

    def say_plain(self, telling: Telling, number: int, parts: list[bytes], *, hidden: bool) -> bool:
        """Say a row cut into seven parts for each cell (``Worksheet``); whether all of it was understood."""
        letters = parts[1::7]
        if not letters:
            return True
        shape = self._shape(letters, parts[3::7])
        if shape is None:
            return False
        if shape.is_plain and not any(parts[4::7]):
            texts = parts[6::7]
            is_told = len(texts) - texts.count(None) == len(shape.inline)  # type: ignore[arg-type]  # what was not found
            text = self._by_shape(telling, shape, parts[5::7], texts) if is_told else None
            if text is not None:
                self._say_by_shape(telling, number, shape, text, hidden=hidden)
                self._expect(shape, parts)
                return True
        return self._one_by_one(telling, number, parts, shape, hidden=hidden)

    def say(self, telling: Telling, number: int, found: dict[int, Filled], *, hidden: bool) -> None:
        """Say a row by its filled cells, by column from 1."""
        columns = [column for column in sorted(found) if found[column].kind is not Kind.BLANK]
        if not columns:
            return
        for column in columns:
            cell = found[column]
            telling.columns.add(column - 1, cell.kind, cell.told)
            if cell.sign:
                telling.columns.show(column - 1, cell.sign)
        formulas = [column for column in sorted(found) if found[column].is_formula]
        text = joined([found[column].packed for column in columns], [column - 1 for column in columns])
        telling.line(number, flags_of(hidden, formulas), text, columns[-1], len(columns))

    def settle(self, telling: Telling) -> None:
        """Count what the rows put together by their shape hold."""
        for shape in self.shapes.values():
            if shape is not None and shape.rows:
                self._count(telling, shape)

    def _count(self, telling: Telling, shape: Shape) -> None:
        for place in shape.filled:
            kind = shape.kinds[place]
            counted = Kind.DATE if kind.form in (Form.DAY, Form.MOMENT) else Kind.NUMBER
            if kind.type != "n":
                counted = Kind.TEXT
            telling.columns.add(shape.columns[place] - 1, counted, count=shape.rows)
            if kind.sign and counted is Kind.NUMBER:
                telling.columns.show(shape.columns[place] - 1, kind.sign)
        shape.rows = 0

    def _by_shape(self, telling: Telling, shape: Shape, values: list[bytes], texts: list[bytes]) -> bytes | None:
        """The row's cells, or ``None`` where one of them needs a closer look. ``texts`` are those that stand inline."""
        try:
            told = self._put_inline(shape, values, texts) if shape.inline else ()
            if shape.numbers:
                numbers = b",".join([values[place] for place in shape.numbers])
                # A number written as 1,5 would be two: some programs write so where the comma is the decimal mark.
                if numbers.count(b",") >= len(shape.numbers) or not _PLAIN_NUMBERS(numbers):
                    _shorten(values, shape.numbers)
            for place in shape.shown:
                values[place] = shape.kinds[place].remembered[values[place]]
            if shape.shared:
                self._put_strings(telling, shape, values)
        except (TypeError, ValueError, KeyError, IndexError):
            return None
        for key in told:
            telling.columns.tells[key] += 1
        return shape.template % tuple([values[place] for place in shape.filled])

    def _put_strings(self, telling: Telling, shape: Shape, values: list[bytes]) -> None:
        """Raises ``ValueError`` or ``IndexError`` where an index is none, or its string is not just a text."""
        named = [values[place] for place in shape.shared]
        indices = list(map(int, named))
        if not b"".join(named).isdigit():
            raise ValueError
        if self.strings.has_odd and any(map(self.strings.oddities.__getitem__, indices)):
            self._learn(telling, shape, indices)
        for place, index in zip(shape.shared, indices, strict=True):
            values[place] = self.strings[index]

    def _put_inline(self, shape: Shape, values: list[bytes], texts: list[bytes]) -> list[tuple[int, Tells]]:
        """Answers what the texts tell of their columns. Raises ``ValueError`` where one is not just a text."""
        odd = []
        for place in shape.inline:
            packed, told = self.inline.get(texts[place]) or self._inline(shape.kinds[place], texts[place])
            values[place] = packed
            if told:
                odd.append((shape.columns[place] - 1, told))
        return odd

    def _inline(self, kind: CellKind, raw: bytes | None) -> tuple[bytes, Tells]:
        """An inline text as it travels, remembered where it is short. Raises ``ValueError`` where it is none."""
        if raw is None:
            raise ValueError
        body = raw.partition(b">")[2]
        if _QUIET_TEXT(body):
            found = b'"%b"' % body, Tells.NOTHING
        else:
            text, is_understood = self._text(kind, None, raw)
            if text is None or not is_understood:
                raise ValueError
            filled = self._packed_text(kind, text, has_formula=False)
            if filled.kind is not Kind.TEXT:
                raise ValueError
            found = filled.packed, filled.told
        if len(raw) <= LONGEST_REMEMBERED and len(self.inline) < MOST_REMEMBERED:
            self.inline[raw] = found
        return found

    def _learn(self, telling: Telling, shape: Shape, indices: Sequence[int]) -> None:
        """Tell the columns what their texts give away. Raises ``ValueError`` where one is not just a text."""
        odd = [(place, *self.strings.kind_of(index)) for place, index in zip(shape.shared, indices, strict=True)]
        if any(kind is not Kind.TEXT for _place, kind, _told in odd):
            raise ValueError
        for place, _kind, told in odd:
            if told:
                telling.columns.tells[shape.columns[place] - 1, told] += 1

    def _one_by_one(self, telling: Telling, number: int, parts: list[bytes], shape: Shape, *, hidden: bool) -> bool:
        found: dict[int, Filled] = {}
        for place, (column, kind) in enumerate(zip(shape.columns, shape.kinds, strict=True)):
            formula, value, inline = parts[7 * place + 4 : 7 * place + 7]
            text, is_understood = self._text(kind, value, inline)
            if not is_understood:
                return False
            found[column] = self.packed(kind, text, has_formula=formula is not None)
        self.say(telling, number, found, hidden=hidden)
        return True

    def _text(self, kind: CellKind, value: bytes | None, inline: bytes | None) -> tuple[str | None, bool]:
        """What a cell says, and whether that needs no parser."""
        raw = value if inline is None else inline
        if raw is None:
            return None, True
        if (inline is not None) != (kind.type == "inlineStr"):
            return None, False
        if inline is None and kind.type not in _TEXTS and b"&" not in raw:
            return raw.decode("latin-1"), raw.isascii()
        try:
            text = markup.without_entities((raw if inline is None else inline.partition(b">")[2]).decode())
        except UnicodeDecodeError:
            return None, False
        if text is not None and inline is not None:
            text = markup.unescaped(markup.spaced(text, preserved=inline.partition(b">")[0].endswith(b'"')))
        return text, text is not None

    # --- Shapes -------------------------------------------------------------------------------------
    def _shape(self, letters: Sequence[bytes], attributes: Sequence[bytes]) -> Shape | None:
        key = b"\0".join([*letters, *attributes])
        shape = self.shapes.get(key, ...)
        if shape is ...:
            shape = self._shaped(letters, attributes)
            self._remember(key, shape)
        return shape

    def _remember(self, key: bytes, shape: Shape | None) -> None:
        """Shapes that have counted rows are never forgotten, so a file of ever new shapes is not counted wrongly."""
        if len(self.shapes) < MOST_SHAPES:
            self.shapes[key] = shape
        elif shape is not None:
            shape.is_plain = False

    def _shaped(self, letters: Sequence[bytes], attributes: Sequence[bytes]) -> Shape | None:
        columns = [column_number(letter.decode()) for letter in letters]
        kinds = [self._kind(attribute) for attribute in attributes]
        if columns[-1] > LAST_COLUMN or any(one >= other for one, other in pairwise(columns)):
            return None
        known = [kind for kind in kinds if kind is not None]
        if len(known) < len(kinds):
            return None
        return _shape_of(columns, known, [attribute.endswith(b"/") for attribute in attributes])

    def _kind(self, attributes: bytes) -> CellKind | None:
        """By a cell's attributes as they are written; ``None`` where a parser should judge."""
        if not _ATTRIBUTES.fullmatch(attributes):
            return None
        pairs = _ATTRIBUTE.findall(attributes)
        named = dict(pairs)
        if len(named) < len(pairs) or b"r" in named:
            return None
        return self.kind_of(named.get(b"t", b"n").decode("latin-1"), named.get(b"s", b"0").decode("latin-1"))

    def kind_of(self, kind: str, style: str) -> CellKind:
        found = self.kinds.get((kind, style))
        if found is None:
            number = int(style) if style.isascii() and style.isdecimal() and len(style) < 7 else -1  # noqa: PLR2004
            form = self.book.forms[number] if 0 <= number < len(self.book.forms) else Form.NUMBER
            sign = self.book.signs[number] if 0 <= number < len(self.book.signs) else ""
            found = CellKind(kind, form, sign)
            if len(self.kinds) < MOST_SHAPES:
                self.kinds[kind, style] = found
        return found

    # --- One cell -----------------------------------------------------------------------------------
    def packed(self, kind: CellKind, value: str | None, *, has_formula: bool) -> Filled:
        """``value`` is what stands in the cell, entities resolved; an inline text is complete."""
        if kind.type in _TEXTS or (kind.type == "inlineStr" and value is not None):
            return self._packed_text(kind, value or "", has_formula=has_formula)
        if kind.type == "e":
            return Filled(pack_error(value or "#VALUE!"), Kind.OTHER)
        if value is None or not value.strip():
            # An empty text is a value; an empty number was never computed.
            return Filled(pack_error(""), Kind.OTHER) if has_formula else Filled(BLANK, Kind.BLANK)
        if kind.type == "s":
            return self._packed_shared(value.strip(), has_formula=has_formula)
        if kind.type == "b":
            return Filled(b"true" if value.strip() in ("1", "true") else b"false", Kind.OTHER, is_formula=has_formula)
        return self._packed_number(kind, value, has_formula=has_formula)

    def _packed_text(self, kind: CellKind, value: str, *, has_formula: bool) -> Filled:
        text = markup.unescaped(value) if kind.type == "str" else value
        if kind.type == "d" and (moment := iso_moment(text.strip())) is not None:
            return Filled(*pack(moment), is_formula=has_formula)
        packed, counted = pack_text(text)
        return Filled(packed, counted, tells(text) if counted is Kind.TEXT else Tells.NOTHING, has_formula)

    def _packed_shared(self, value: str, *, has_formula: bool) -> Filled:
        if not (value.isascii() and value.isdecimal() and int(value[:10]) < len(self.strings)):
            raise Refused("damaged")
        place = int(value)
        return Filled(self.strings[place], *self.strings.kind_of(place), is_formula=has_formula)

    def _packed_number(self, kind: CellKind, value: str, *, has_formula: bool) -> Filled:
        if not _NUMBER.fullmatch(value.strip()):
            packed, counted = pack_text(value)
            return Filled(packed, counted, tells(value) if counted is Kind.TEXT else Tells.NOTHING, has_formula)
        packed, counted = pack_formatted(float(value), kind.form, from_1904=self.book.from_1904)
        is_usual = counted is (Kind.DATE if kind.form in (Form.DAY, Form.MOMENT) else Kind.NUMBER)
        if is_usual and kind.form is not Form.NUMBER and len(kind.remembered) < MOST_REMEMBERED:
            kind.remembered[value.encode()] = packed
        return Filled(packed, counted, is_formula=has_formula, sign=kind.sign)


def _shorten(values: list[bytes], places: Sequence[int]) -> None:
    """Numbers to their fifteen digits. Raises ``ValueError`` where one is not written as numbers usually are."""
    for place in places:
        number = values[place]
        if not _PLAIN_NUMBERS(number) or b"," in number:
            if not _FINITE_NUMBER(number):
                raise ValueError
            values[place] = kept(float(number)).encode()


@cache
def column_number(letters: str) -> int:
    """``A`` is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _shape_of(columns: list[int], kinds: list[CellKind], is_blank: list[bool]) -> Shape:
    filled = [place for place, blank in enumerate(is_blank) if not blank]
    shared = [place for place in filled if kinds[place].type == "s"]
    numbers = [place for place in filled if kinds[place].type == "n" and kinds[place].form is Form.NUMBER]
    shown = [
        place for place in filled if kinds[place].type == "n" and kinds[place].form not in (Form.NUMBER, Form.SPAN)
    ]
    inline = [place for place in filled if kinds[place].type == "inlineStr"]
    is_plain = len(shared) + len(numbers) + len(shown) + len(inline) == len(filled)
    template = joined([b"%b"] * len(filled), [columns[place] - 1 for place in filled])
    return Shape(columns, kinds, shared, numbers, shown, inline, filled, template, is_plain)
