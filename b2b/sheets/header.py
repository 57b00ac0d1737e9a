"""Find the headings, wherever the table starts and in however many rows, and say which column is which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from b2b.sheets.cells import Cell, is_blank, shown
from b2b.sheets.headings import Fit, alike, currencies_in, fits
from b2b.sheets.layout import SEARCHED_ROWS, SURE, is_remark
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.survey import SurveyedTable
from b2b.sheets.table import SourceRow, at

_LOOKED_CLOSER = 3
_LONGEST_HEADING = 120
MOST_HEADINGS = 1_000
"""Columns whose headings are looked at: what a heading may be called takes a while for sixteen thousand."""
_CLEARLY_GROUPED = 0.2
"""For a second row that only holds what stands below groups: enough to take the group for no heading by itself."""
_GROUP = 0.6
"""What a heading over several columns says of the first of them."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings stand (``row`` from 1) and the column number (from 1) of each declared column.

    ``twice`` names declared columns that several headings fit equally well; ``unknown`` the headings nobody declared.
    """

    row: int
    places: Mapping[str, int]
    twice: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    unknown: Mapping[int, str] = field(default_factory=dict)

    def missing(self, sheet: type[Sheet]) -> list[Column]:
        found = self.places.keys() | self.twice.keys()
        return [column for name, column in sheet.columns.items() if column.required and name not in found]


@dataclass(frozen=True, slots=True)
class Found:
    """What one row of headings, or two, say. ``fits`` are places with how they fit, sure or not."""

    rows: tuple[int, ...]
    headings: Mapping[int, str]
    fits: Mapping[str, tuple[int, Fit]]
    twice: Mapping[str, tuple[int, ...]]
    score: float


Headings = dict[int, tuple[str, ...]]
"""By place, the texts that may be its heading: one for a plain heading, more where two rows stand above it."""


def find(sheet: type[Sheet], table: SurveyedTable) -> Found | None:
    """The row, or the two rows, that fit the most columns, required ones counting twice; the first of equals."""
    top = _Top(table)
    candidates = [rows for rows in top.candidates() if len(rows) == 1 or top.are_halves(sheet, *rows)]
    ranked = sorted((_found(sheet, top, rows, by_likeness=False) for rows in candidates), key=_rank)
    closer = [found.rows for found in ranked[:_LOOKED_CLOSER]]
    closer += [rows for rows in candidates[:10] if rows not in closer and top.is_all_words(rows)]
    best = min((_found(sheet, top, rows) for rows in closer), key=_rank, default=None)
    return best if best and _is_convincing(best) else None


def found_in(sheet: type[Sheet], table: SurveyedTable, rows: tuple[int, ...]) -> Found:
    """What the headings in these rows say."""
    return _found(sheet, _Top(table), rows)


def _found(sheet: type[Sheet], top: _Top, rows: tuple[int, ...], *, by_likeness: bool = True) -> Found:
    headings = top.headings(rows)
    by_words = [
        (place, fit)
        for place, texts in headings.items()
        for fit in _by_words(sheet, texts, is_group=len(rows) == 1 and (rows[0], place) in top.groups)
    ]
    matched, twice = _assigned(by_words)
    if by_likeness:
        matched |= _by_likeness(sheet, headings, matched, twice)
    names = {place: texts[1] if len(texts) > 1 else texts[0] for place, texts in headings.items()}
    score = _score(sheet, matched, twice) * top.wordiness(rows) + (_CLEARLY_GROUPED if top.inferred(rows) else 0)
    return Found(rows, names, matched, twice, score if matched or twice else 0)


def _rank(found: Found) -> tuple[float, int, int]:
    """Best first. Of equals one row comes before two: the other may be a title above it, or data below."""
    return -round(found.score, 6), len(found.rows), found.rows[0]


def _is_convincing(found: Found) -> bool:
    """One sure heading, or several that look right."""
    return bool(found.twice) or len(found.fits) > 1 or any(fit.confidence >= SURE for _, fit in found.fits.values())


class _Top:
    """The first rows of a table, and which of their cells are merged over several columns."""

    def __init__(self, table: SurveyedTable) -> None:
        self.rows = [row for row in table.head[:SEARCHED_ROWS] if any(isinstance(cell, str) for cell in row.cells)]
        self.by_number = {row.number: row for row in table.head}
        last = self.rows[-1].number if self.rows else 0
        self.groups = {(top, left): right for top, left, _, right in table.merged if top <= last and right > left}

    def candidates(self) -> Iterator[tuple[int, ...]]:
        for one, two in pairwise([*self.rows, SourceRow(0, ())]):
            yield (one.number,)
            if two.number == one.number + 1 and self._stand_in_two_rows(one, two):
                yield (one.number, two.number)

    def are_halves(self, sheet: type[Sheet], upper: int, lower: int) -> bool:
        """Whether both rows say something of columns: the first is no title over all, the second no row of data."""
        return self._says_something(sheet, upper) and self._adds_something(sheet, upper, lower)

    def _says_something(self, sheet: type[Sheet], number: int) -> bool:
        texts = [text for _, text in _texts(self._cells(number))]
        return any(currencies_in(text) or fits(sheet, text) for text in texts if len(text) <= _LONGEST_HEADING)

    def _adds_something(self, sheet: type[Sheet], upper: int, lower: int) -> bool:
        """Such as "USD | EUR" below "Price", or "net" below it, which only together is a heading."""
        for texts in self.headings((upper, lower)).values():
            under, *both = texts[:3]
            if len(texts) > 1 and (
                currencies_in(under) or fits(sheet, under) or any(fits(sheet, text) for text in both)
            ):
                return True
        return self._says_something(sheet, lower)

    def is_all_words(self, rows: tuple[int, ...]) -> bool:
        cells = [cell for number in rows for cell in self._cells(number) if not is_blank(cell)]
        return len(cells) > 1 and all(map(_is_words, cells))

    def wordiness(self, rows: tuple[int, ...]) -> float:
        """From 0 to 1, how much of the rows is words: a row of data may hold a word that is a heading elsewhere."""
        cells = [cell for number in rows for cell in self._cells(number) if not is_blank(cell)]
        return (sum(map(_is_words, cells)) / len(cells)) ** 2 if cells else 0

    def _cells(self, number: int) -> Sequence[Cell]:
        row = self.by_number.get(number)
        return row.cells if row else ()

    def headings(self, rows: tuple[int, ...]) -> Headings:
        found = [self.by_number[number] for number in rows if number in self.by_number]
        if len(found) < 2:  # noqa: PLR2004
            return {place: (text,) for row in found for place, text in _texts(row.cells)}
        over, under = self._spread(found[0], found[-1]), dict(_texts(found[-1].cells))
        return {place: _both(over.get(place), under.get(place)) for place in sorted(over.keys() | under.keys())}

    def _stand_in_two_rows(self, upper: SourceRow, lower: SourceRow) -> bool:
        """Whether the lower row can be the other half: only short texts, some of them below a group or a blank."""
        below = {place: cell for place, cell in enumerate(lower.cells, start=1) if not is_blank(cell)}
        if not all(map(_is_words, below.values())):
            return False
        return any(is_blank(at(upper.cells, place)) or (upper.number, place) in self.groups for place in below)

    def inferred(self, rows: tuple[int, ...]) -> dict[int, int]:
        """Groups nobody merged, as in a text file: a heading over its own column and over blanks to its right.

        By their first place, their last; none where another heading also has something below it, as data has.
        """
        if len(rows) < 2 or any((rows[0], place) in self.groups for place in range(1, len(self._cells(rows[0])) + 1)):  # noqa: PLR2004
            return {}
        over, below = dict(_texts(self._cells(rows[0]))), dict(_texts(self._cells(rows[-1])))
        found: dict[int, int] = {}
        if len(over) == 1:
            return found  # A title above the headings.
        for place in sorted(over.keys() & below.keys()):
            last = place
            while last + 1 in below and last + 1 not in over:
                last += 1
            if last == place:
                return {}
            found[place] = last
        return found

    def _spread(self, upper: SourceRow, lower: SourceRow) -> dict[int, str]:
        """The upper row with each group's heading over all its columns."""
        over, below = dict(_texts(upper.cells)), dict(_texts(lower.cells))
        inferred = self.inferred((upper.number, lower.number))
        groups = {(upper.number, place): end for place, end in inferred.items()} | self.groups
        last = 0
        for place in range(1, max([*over, *below], default=0) + 1):
            if place in over:
                last = place
            elif last in below and place in below and place <= groups.get((upper.number, last), 0):
                over[place] = over[last]
        return over


def _is_words(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) <= _LONGEST_HEADING


def _texts(cells: Sequence[Cell]) -> Iterator[tuple[int, str]]:
    for place, cell in enumerate(cells[:MOST_HEADINGS], start=1):
        if not is_blank(cell) and not is_remark(cell):
            yield place, shown(cell).strip()


def _both(over: str | None, under: str | None) -> tuple[str, ...]:
    if over is None or under is None:
        return (over or under or "",)
    return under, f"{over} {under}", f"{under} {over}", f"{over} ({under})"


# --- Which columns ------------------------------------------------------------------------------
def _by_words(sheet: type[Sheet], texts: tuple[str, ...], *, is_group: bool) -> Iterator[Fit]:
    best: dict[str, Fit] = {}
    for text in texts:
        found = fits(sheet, text) if len(text) <= _LONGEST_HEADING else ()
        for fit in found:
            several = len(found) > 1 or is_group
            judged = Fit(fit.column, min(fit.confidence, _GROUP), "likeness") if several else fit
            if fit.column not in best or best[fit.column].confidence < judged.confidence:
                best[fit.column] = judged
    yield from best.values()


def _assigned(told: Sequence[tuple[int, Fit]]) -> tuple[dict[str, tuple[int, Fit]], dict[str, tuple[int, ...]]]:
    """The surest first, each place once; a column that several headings fit equally well is in doubt."""
    matched: dict[str, tuple[int, Fit]] = {}
    twice: dict[str, tuple[int, ...]] = {}
    used: set[int] = set()
    for place, fit in sorted(told, key=lambda entry: -entry[1].confidence):
        if fit.column in matched or fit.column in twice or place in used:
            continue
        equal = tuple(
            other
            for other, same in told
            if same.column == fit.column and same.confidence == fit.confidence and other not in used
        )
        if len(equal) > 1:
            twice[fit.column] = equal
        else:
            matched[fit.column] = (place, fit)
        used.update(equal)
    return matched, twice


def _by_likeness(
    sheet: type[Sheet],
    headings: Headings,
    matched: Mapping[str, tuple[int, Fit]],
    twice: Mapping[str, tuple[int, ...]],
) -> dict[str, tuple[int, Fit]]:
    """The columns nobody named, at the places that look most like them."""
    used = {place for place, _ in matched.values()} | {place for places in twice.values() for place in places}
    told = [
        (place, fit)
        for place, texts in headings.items()
        if place not in used
        for fit in alike(sheet, texts[1] if len(texts) > 1 else texts[0][:_LONGEST_HEADING])
        if fit.column not in matched and fit.column not in twice
    ]
    found: dict[str, tuple[int, Fit]] = {}
    for place, fit in sorted(told, key=lambda entry: -entry[1].confidence):
        if fit.column not in found and place not in used:
            found[fit.column] = (place, fit)
            used.add(place)
    return found


def _score(sheet: type[Sheet], matched: Mapping[str, tuple[int, Fit]], twice: Mapping[str, tuple[int, ...]]) -> float:
    """Columns found, required ones counting twice, unsure ones half."""
    surely = {
        name: fit.confidence if fit.confidence >= SURE else fit.confidence / 2 for name, (_, fit) in matched.items()
    }
    return sum(
        (2 if sheet.columns[name].required else 1) * worth
        for name, worth in [*surely.items(), *((n, 0.9) for n in twice)]
    )
