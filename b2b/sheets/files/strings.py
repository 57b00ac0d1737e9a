"""The shared strings of a workbook, as they travel on the wire; beyond some size they wait in a temporary file."""

from __future__ import annotations

import os
import re
from array import array
from collections.abc import Iterator
from functools import cache
from tempfile import TemporaryFile
from typing import IO

from b2b.sandbox import MIB, Refused
from b2b.sheets.files import elements, markup
from b2b.sheets.files.columns import Kind, Tells, tells
from b2b.sheets.files.telling import pack_text

HELD_BYTES = 48 * MIB
WINDOW_BYTES = 64 * 1024
_ODDITIES = [
    *((Kind.TEXT, told) for told in Tells),
    (Kind.BLANK, Tells.NOTHING),
    (Kind.OTHER, Tells.NOTHING),
]
_PER_STRING = 48
"""Bytes of memory a short text costs beyond its own."""


class Strings:
    """By index: the text as it travels.

    ``oddities`` has one byte for each: zero for a text that tells its column nothing, as most are.
    """

    def __init__(self) -> None:
        self.oddities = bytearray()
        self.has_odd = False
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._file: IO[bytes] | None = None
        self._starts = array("q", [0])
        self._window, self._window_start = b"", 0

    def __len__(self) -> int:
        return len(self._starts) - 1 if self._file else len(self._held)

    def __getitem__(self, place: int) -> bytes:
        if self._file is None:
            return self._held[place]
        start, end = self._starts[place], self._starts[place + 1]
        if not self._window_start <= start <= end <= self._window_start + len(self._window):
            self._window_start = start
            self._window = os.pread(self._file.fileno(), max(WINDOW_BYTES, end - start), start)
        return self._window[start - self._window_start : end - self._window_start]

    def add(self, text: str) -> None:
        packed, kind = pack_text(text)
        told = tells(text) if kind is Kind.TEXT else Tells.NOTHING
        oddity = _ODDITIES.index((kind, told))
        self.oddities.append(oddity)
        self.has_odd = self.has_odd or oddity > 0
        if self._file:
            self._spill(packed)
            return
        self._held.append(packed)
        self._held_bytes += len(packed) + _PER_STRING
        if self._held_bytes > HELD_BYTES:
            self._move_out()

    def settle(self) -> None:
        """Nothing more is added."""
        if self._file:
            self._file.flush()

    def kind_of(self, place: int) -> tuple[Kind, Tells]:
        return _ODDITIES[self.oddities[place]]

    def _move_out(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 — it lives as long as the child
        for packed in self._held:
            self._spill(packed)
        self._held = []

    def _spill(self, packed: bytes) -> None:
        assert self._file is not None  # noqa: S101 — for the type checker
        self._file.write(packed)
        self._starts.append(self._starts[-1] + len(packed))


def strings_of(archive: markup.Archive, part: str) -> Strings:
    """Raises ``Refused``."""
    found = Strings()
    if part in archive:
        _Reader(found).read(archive.chunks(part))
        found.settle()
    return found


class _Reader:
    """Plain strings are read by pattern, all others by expat."""

    def __init__(self, strings: Strings) -> None:
        self.strings = strings
        self.expat = markup.parser(self._start, self._end, self._text)
        self.path: list[str] = []
        self.preserved: list[bool] = [False]
        self.texts: list[str] = []
        self.text = ""
        self.in_text = False
        self.is_raised = False

    def read(self, chunks: Iterator[bytes]) -> None:
        for run in elements.runs(chunks, b"si"):
            if isinstance(run, bytes):
                markup.feed(self.expat, run)
            else:
                self._run(run)
        markup.feed(self.expat, b"", is_last=True)

    def _run(self, run: elements.Run) -> None:
        plain = _plain(run.prefix).fullmatch
        for element in run.elements:
            text = self._read(plain(element)) if self._is_between_strings() else None
            if text is None:
                markup.feed(self.expat, element + run.end)
            else:
                self.strings.add(text)

    def _is_between_strings(self) -> bool:
        return len(self.path) == 1 and not self.preserved[-1]

    def _read(self, found: re.Match[bytes] | None) -> str | None:
        """The text, or ``None`` where it is for expat to judge."""
        if found is None:
            return None
        try:
            text = markup.without_entities(found[2].decode())
        except UnicodeDecodeError:
            return None
        return None if text is None else markup.unescaped(markup.spaced(text, preserved=found[1] is not None))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.path.append(tag)
        spacing = attributes.get("xml:space")
        self.preserved.append(self.preserved[-1] if spacing is None else spacing == "preserve")
        if tag == "si":
            self.texts = []
        elif tag == "r":
            self.is_raised = False
        elif tag == "vertAlign":
            self.is_raised = attributes.get("val") == "superscript"
        elif tag == "t":
            self.in_text = "rPh" not in self.path
            self.text = ""

    def _text(self, data: str) -> None:
        if self.in_text:
            self.text += data
            if len(self.text) > elements.LONGEST_ELEMENT:
                raise Refused("row-too-long")

    def _end(self, tag: str) -> None:
        if tag == "t" and self.in_text:
            text = markup.unescaped(markup.spaced(self.text, preserved=self.preserved[-1]))
            self.texts.append(text.translate(markup.RAISED) if self.is_raised else text)
            self.in_text = False
        elif tag == "si":
            self.strings.add("".join(self.texts))
            self.is_raised = False
        self.path.pop()
        self.preserved.pop()


@cache
def _plain(prefix: bytes) -> re.Pattern[bytes]:
    """What nearly every string looks like."""
    tag = re.escape(prefix)
    return re.compile(
        rb'<%bsi><%bt( xml:space="preserve")?>([^<>\r\x00-\x08\x0b\x0c\x0e-\x1f]*)</%bt>(?:<%bphoneticPr[^<>]*/>)?'
        % (tag, tag, tag, tag)
    )
