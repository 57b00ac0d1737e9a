"""Text tables: which encoding, which delimiter, which cells."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from b2b.sandbox import Refused

DELIMITERS = ",;\t|"
SNIFFED_ROWS = 50
LONGEST_CELL = 131_072
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 4096
_USUAL_CHINESE = range(0xB0, 0xD8)
"""First bytes of GB 2312's level 1, the 3,755 usual characters."""
_PUNCTUATION = range(0xA1, 0xAA)


def table(data: bytes, suffix: str) -> Iterator[list[str]]:
    """The rows of a text file. Raises ``Refused``."""
    text = decoded(data)
    if "\0" in text:
        raise Refused("not-what-it-says", suffix=suffix)
    return _rows(text, "\t" if suffix == ".tsv" else delimiter(text))


def decoded(data: bytes) -> str:
    """The text, in the one encoding that explains the bytes."""
    for encoding in _encodings(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("unknown-encoding")


def _encodings(data: bytes) -> Iterator[str]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            yield encoding
            return
    even, odd = data[0:_SAMPLE_BYTES:2].count(0), data[1:_SAMPLE_BYTES:2].count(0)
    if even or odd:
        yield "utf-16-be" if even > odd else "utf-16-le"
        return
    yield "utf-8"
    if _looks_chinese(data):
        yield "gb18030"


def _looks_chinese(data: bytes) -> bool:
    """Whether nearly all pairs of high bytes are usual Chinese characters.

    GB 18030 decodes most bytes somehow, so that "Müller" in Latin-1 would silently become a Chinese word.
    """
    usual = total = place = 0
    while place < len(data) - 1:
        if data[place] < 0x80:  # noqa: PLR2004
            place += 1
            continue
        total += 1
        usual += data[place] in _USUAL_CHINESE or data[place] in _PUNCTUATION
        place += 2
    return total > 0 and usual >= 0.9 * total


def delimiter(text: str) -> str:
    """The delimiter under which most of the first rows have the same number of cells, and the most cells."""
    return max(DELIMITERS, key=lambda mark: (*_agreement(text, mark), -DELIMITERS.index(mark)))


def _agreement(text: str, mark: str) -> tuple[int, int]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark)
    try:
        widths = Counter(len(row) for row in islice(reader, SNIFFED_ROWS) if len(row) > 1)
    except csv.Error:
        return 0, 0
    if not widths:
        return 0, 0
    width, rows = max(widths.items(), key=lambda entry: (entry[1], entry[0]))
    return rows, width


def _rows(text: str, mark: str) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=mark)
    except csv.Error as problem:
        raise Refused("unclosed-quote") from problem
