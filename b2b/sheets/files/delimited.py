"""Text tables: which encoding, which delimiter, which cells. The text is decoded as it is read."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO, TextIOWrapper
from itertools import islice

from b2b.sandbox import Refused
from b2b.sheets.files import cut_off
from b2b.sheets.files.encodings import encoding_notes, encoding_of
from b2b.sheets.files.telling import Budget, Telling, note

DELIMITERS = ",;\t|"
SNIFFED_ROWS = 50
LONGEST_LINE = 16 * 1024 * 1024
"""Letters; to take a longer one apart would take a minute and all memory there is."""
SNIFFED_LETTERS = 256 * 1024
LONGEST_CELL = 131_072
_BLOCK = 1024 * 1024
MOST_LINES_IN_CELL = 200
"""More lines than this in one cell are rows that a stray quotation mark swallowed."""
_EXCEL_HINT = re.compile(r"sep=(.)(?:\r\n|\r|\n|$)", re.IGNORECASE)
_GUARDED = re.compile(r"=\"([^\"]*)\"|'([=+@\-]?[\w./-]*\d[\w./-]*)")
"""How programs keep a spreadsheet from taking a part number for a number: ="0815" or '0815."""
_NEARLY_ALL = 0.8
_SHOWN = {"\t": "tab"}
_USUAL = {".csv": ",", ".tsv": "\t", ".text": "\t"}


def tables(data: bytes, name: str, suffix: str, budget: Budget) -> Iterator[bytes]:
    """The only table of a text file, on the wire. Raises ``Refused``."""
    encoding = encoding_of(data)
    yield from encoding_notes(encoding)
    is_open = not encoding.is_cut_off and _has_open_end(data)
    if is_open:
        yield note("open-end")
    with TextIOWrapper(BytesIO(data), encoding.codec, encoding.errors, "") as text:
        start = text.read(SNIFFED_LETTERS)
        hint = _EXCEL_HINT.match(start)
        mark = hint[1] if hint else delimiter(start, only="\t" if suffix == ".tsv" else DELIMITERS)
        is_parted = bool(_agreement(start, mark)[0])
        if not is_parted and _is_printed(start):
            raise Refused("parted-by-spaces")
        if hint or (is_parted and mark != _USUAL.get(suffix)):
            yield note("delimiter", taken=_SHOWN.get(mark, mark))
        lines = _lines(start[hint.end() :] if hint else start, text)
        rows = _rows(lines, mark, is_spaced=f'{mark} "' in start)
        if is_open or encoding.is_cut_off:
            rows = cut_off.marked(rows)
        if _guards(start, mark):
            rows = ([_unguarded(cell) for cell in row] for row in rows)
        yield from Telling(budget, name).texts(enumerate(rows, start=1))


def _has_open_end(data: bytes) -> bool:
    """Whether the last of several lines is not ended: programs end it, and half a download is not."""
    return not data[-4:].rstrip(b"\0").endswith((b"\n", b"\r")) and len(re.findall(rb"[\r\n]+", data[:_BLOCK])) > 1


def _is_printed(start: str) -> bool:
    """Whether nearly all lines hold several words with gaps between them, as lists for printers do."""
    lines = [line for line in start.splitlines()[:SNIFFED_ROWS] if line.strip()]
    gaps = sum(1 for line in lines if re.search(r"\S {2,}\S", line))
    return len(lines) > 1 and gaps >= _NEARLY_ALL * len(lines)


def delimiter(start: str, *, only: str = DELIMITERS) -> str:
    """The delimiter under which most of the first rows have the same number of cells, and the most cells."""
    return max(only, key=lambda mark: (*_agreement(start, mark), -only.index(mark)))


def _agreement(start: str, mark: str) -> tuple[int, int]:
    reader = csv.reader(StringIO(start, newline=""), delimiter=mark)
    try:
        widths = Counter(len(row) for row in islice(reader, SNIFFED_ROWS) if len(row) > 1)
    except csv.Error:
        return 0, 0
    if not widths:
        return 0, 0
    width, rows = max(widths.items(), key=lambda entry: (entry[1], entry[0]))
    return rows, width


def _lines(start: str, rest: TextIOWrapper) -> Iterator[str]:
    """The text line by line; a line may be ended by any of the three ends there have been."""
    opened = list(StringIO(start, newline=""))
    whole, last = opened[:-1], "".join(opened[-1:])
    for line in (*whole, *_joined(last, rest)):
        if "\0" in line:
            raise Refused("not-a-text")
        if len(line) > LONGEST_LINE:
            raise Refused("row-too-long")
        yield line


def _joined(last: str, rest: Iterable[str]) -> Iterator[str]:
    """The lines of ``rest``, the first of which ``last`` begins."""
    after = iter(rest)
    if last.endswith("\r"):
        following = next(after, "")
        yield from ([last + following] if following == "\n" else [last, following])
    elif last.endswith("\n"):
        yield last
    else:
        yield last + next(after, "")
    yield from after


def _guards(start: str, mark: str) -> bool:
    return any(f"{before}{guard}" in start for before in (mark, "\n", "\r", '"') for guard in ('="', "'"))


def _unguarded(cell: str) -> str:
    found = _GUARDED.fullmatch(cell) if cell[:1] in ("=", "'") else None
    return cell if found is None else found[1] or found[2] or ""


def _rows(lines: Iterator[str], mark: str, *, is_spaced: bool = False) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    last = _Last(lines, mark)
    try:
        for row in csv.reader(last, delimiter=mark, skipinitialspace=is_spaced):
            if any(cell.count("\n") > MOST_LINES_IN_CELL for cell in row):
                raise Refused("unclosed-quote")
            if last.is_over and last.is_open:
                raise Refused("unclosed-quote")
            last.row_ended()
            yield row
    except csv.Error as problem:
        raise Refused("unclosed-quote") from problem


class _Last:
    """The lines, and whether the last row's quotation marks are closed: csv takes the end of the text for one."""

    def __init__(self, lines: Iterator[str], mark: str) -> None:
        self.lines = lines
        self.opens = re.compile(rf'(?:^|{re.escape(mark)}) *"(?:[^"]|"")*$')
        self.row: list[str] = []
        self.is_over = False

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.row.append(line)
            yield line
        self.is_over = True

    @property
    def is_open(self) -> bool:
        """Whether a quotation mark that begins a cell of the last row is never closed."""
        text = "".join(self.row)
        return text.count('"') % 2 == 1 and self.opens.search(text) is not None

    def row_ended(self) -> None:
        self.row.clear()
