"""Propose how a table is to be read as a declared sheet: what is sure is taken, what is not is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from b2b.sheets import questions
from b2b.sheets.cells import shown
from b2b.sheets.content import BY_CONTENT, FEWEST, by_content, samples
from b2b.sheets.header import Found, find, found_in
from b2b.sheets.headings import currencies_shown, fits
from b2b.sheets.layout import SURE, Layout, Match, Proposal, Question, fingerprint, fingerprints
from b2b.sheets.said import Said, said_of_prices
from b2b.sheets.sheet import Sheet
from b2b.sheets.survey import SurveyedTable
from b2b.sheets.texts import CurrencyCode, Text
from b2b.sheets.trade_words import meanings

__all__ = ["fingerprint", "fingerprints", "propose", "propose_best"]

_MOSTLY = 0.5
_LEAST = 0.5
_CALLED_OTHERWISE = 0.8
_SAID_OTHERWISE = 0.8
_HUNDREDTHS = re.compile(r"[%％‰]")
"""Beside a price it may be a discount, or the old sign for a price of a hundred."""
_CLOSE = 0.85
"""A table that fits nearly as well as the best could be the one that is meant."""


def propose(
    sheet: type[Sheet],
    table: SurveyedTable,
    *,
    remembered: Layout | None = None,
    header_rows: tuple[int, ...] | None = None,
) -> Proposal:
    """How ``table`` is to be read. ``remembered`` answers everything where the headings are the same again.

    With ``header_rows`` a person has said where the headings stand; an empty tuple says that there are none.
    """
    if remembered is not None and (rows := _same_again(table, remembered)) is not None:
        return _remembered(sheet, table, remembered, rows)
    found = find(sheet, table) if header_rows is None else found_in(sheet, table, header_rows)
    if found is None:
        found = Found((), {}, {}, {}, 0)
    return _Mapping(sheet, table, found, are_told=header_rows is not None).proposal()


def propose_best(
    sheet: type[Sheet], tables: Sequence[SurveyedTable], *, remembered: Layout | None = None
) -> tuple[Proposal, ...]:
    """One for each table that could be it, best first: remembered, then visible, then by how well it fits.

    Where none could be it, one for each table, to choose from.
    """
    hidden = {table.name for table in tables if table.hidden}
    made = [propose(sheet, table, remembered=remembered) for table in tables]
    fitting = [proposal for proposal in made if proposal.score > 0] or made
    ranked = sorted(fitting, key=lambda one: (not _is_known(one), one.layout.table in hidden, -one.score))
    if not ranked or _is_known(ranked[0]):
        return tuple(ranked)
    return (_which(ranked, hidden), *ranked[1:])


def _which(ranked: Sequence[Proposal], hidden: set[str]) -> Proposal:
    """The best, asking which table is meant where another fits nearly as well."""
    best = ranked[0]
    close = [one.layout.table for one in ranked if one.score >= best.score * _CLOSE]
    if best.layout.table in hidden:
        close = [one.layout.table for one in ranked if one.layout.table in hidden and one.layout.table in close]
    else:
        close = [name for name in close if name not in hidden]
    if len(close) < 2:  # noqa: PLR2004
        return best
    return replace(best, questions=(questions.which_table(close), *best.questions))


def _is_known(proposal: Proposal) -> bool:
    return any(match.basis == "remembered" for match in proposal.matches.values())


# --- What is remembered -------------------------------------------------------------------------
def _same_again(table: SurveyedTable, remembered: Layout) -> tuple[int, ...] | None:
    """The rows where the remembered headings stand in this table."""
    if not remembered.fingerprint:
        return None
    if remembered.table == table.name and fingerprint(table, remembered.header_rows) == remembered.fingerprint:
        return remembered.header_rows
    return fingerprints(table).get(remembered.fingerprint)


def _remembered(sheet: type[Sheet], table: SurveyedTable, remembered: Layout, rows: tuple[int, ...]) -> Proposal:
    """All a person said the last time; only what that does not answer is asked."""
    headings = found_in(sheet, table, rows).headings
    columns = {name: place for name, place in remembered.columns.items() if name in sheet.columns}
    layout = replace(remembered, table=table.name, header_rows=rows, columns=columns)
    matches = {name: Match(place, headings.get(place, ""), 1.0, "remembered") for name, place in columns.items()}
    used = set(columns.values())
    unknown = {place: text for place, text in headings.items() if place not in used}
    missing = tuple(_missing(sheet, columns.keys() | layout.constants.keys()))
    asked = open_questions(sheet, table, layout)
    score = float(sum(2 if sheet.columns[name].required else 1 for name in columns))
    return Proposal(layout, matches, unknown, missing, asked, score)


def open_questions(sheet: type[Sheet], table: SurveyedTable, layout: Layout) -> tuple[Question, ...]:
    """What still stands in the way of reading by a layout a person has confirmed."""
    known = layout.columns.keys() | layout.constants.keys()
    asked = [questions.column_missing(sheet, table, name, (), {}) for name in _missing(sheet, known)]
    if layout.include_hidden_rows is None and (count := hidden_below(table, layout.header_rows)):
        asked.append(questions.hidden_rows(table, count))
    return tuple(asked)


def hidden_below(table: SurveyedTable, header_rows: tuple[int, ...]) -> int:
    """How many hidden rows may be data: those above the headings are none."""
    last = max(header_rows, default=0)
    return table.hidden_rows - sum(row.hidden for row in table.head if row.number <= last)


def _missing(sheet: type[Sheet], known: Iterator[str] | set[str]) -> Iterator[str]:
    found = set(known)
    yield from (name for name, column in sheet.columns.items() if column.required and name not in found)


# --- What is new --------------------------------------------------------------------------------
@dataclass
class _Mapping:
    """One table being mapped."""

    sheet: type[Sheet]
    table: SurveyedTable
    found: Found
    are_told: bool

    def __post_init__(self) -> None:
        has_prices = any(column.parse.carries_currency for column in self.sheet.columns.values())
        self.said = said_of_prices(self.table, self.found.rows) if has_prices else Said()

    def proposal(self) -> Proposal:
        matches = self._matches()
        sure = {name: match.place for name, match in matches.items() if match.is_sure}
        constants = self._constants(matches)
        layout = Layout(
            table=self.table.name,
            header_rows=self.found.rows,
            columns=sure,
            constants=constants,
            include_hidden_rows=None if hidden_below(self.table, self.found.rows) else False,
            fingerprint=fingerprint(self.table, self.found.rows),
        )
        missing = tuple(_missing(self.sheet, matches.keys() | self.found.twice.keys() | constants.keys()))
        unknown = self._unknown(matches)
        asked = tuple(self._questions(matches, missing, unknown))
        return Proposal(layout, matches, unknown, missing, asked, self.found.score)

    def _unknown(self, matches: Mapping[str, Match]) -> dict[int, str]:
        used = {match.place for match in matches.values()}
        used.update(place for places in self.found.twice.values() for place in places)
        return {place: text for place, text in self.found.headings.items() if place not in used}

    def _matches(self) -> dict[str, Match]:
        named = {
            name: Match(place, self.found.headings[place], fit.confidence, fit.basis)
            for name, (place, fit) in self.found.fits.items()
        }
        judged = {name: self._judged(name, match) for name, match in self._counted(named).items()}
        judged = self._called_otherwise({n: match for n, match in judged.items() if self._is_worth_asking(n, match)})
        judged |= by_content(self.sheet, self.table, self.found, taken={m.place for m in judged.values()})
        return {name: self._doubted(name, match) for name, match in judged.items()}

    def _doubted(self, name: str, match: Match) -> Match:
        """Prices are asked about where a line of text says that they are for a hundred, or hold tax."""
        is_priced = self.sheet.columns[name].parse.carries_currency
        if not is_priced or not (self.said.doubt or _HUNDREDTHS.search(match.heading)):
            return match
        return replace(match, confidence=min(match.confidence, _SAID_OTHERWISE))

    def _counted(self, matches: dict[str, Match]) -> dict[str, Match]:
        """The "Item" of many lists only counts their rows, and what is meant by it stands below "Description"."""
        taken = dict(matches)
        places = {match.place for match in matches.values()}
        for name, match in matches.items():
            column = self.sheet.columns[name]
            if not (column.required and isinstance(column.parse, Text) and self._only_counts(match.place)):
                continue
            named = [
                Match(place, heading, fit.confidence, fit.basis)
                for place, heading in self.found.headings.items()
                for fit in fits(self.sheet, heading)
                if fit.column == name and place not in places and not self._only_counts(place)
            ]
            if len(named) == 1:
                taken[name] = named[0]
                line = next((other for other in self.sheet.columns if other not in taken and self._is_line(other)), "")
                taken |= {line: replace(match, confidence=SURE, basis="content")} if line else {}
        return taken

    def _only_counts(self, place: int) -> bool:
        cells = samples(self.table, place, after=max(self.found.rows, default=0)).cells
        numbers = [shown(cell).strip().rstrip(".") for cell in cells]
        return len(cells) > 1 and numbers == [str(number) for number in range(1, len(cells) + 1)]

    def _is_line(self, name: str) -> bool:
        column = self.sheet.columns[name]
        return not column.required and any(spelling in meanings()["line"] for spelling in column.names())

    def _called_otherwise(self, matches: dict[str, Match]) -> dict[str, Match]:
        """A list whose only text is headed "Description" means the items' names by it, most likely."""
        taken = dict(matches)
        for name in _missing(self.sheet, matches.keys() | self.found.twice.keys()):
            if match := taken.pop(self.sheet.columns[name].often_called, None):
                taken[name] = replace(match, confidence=min(match.confidence, _CALLED_OTHERWISE), basis="likeness")
        return taken

    def _is_worth_asking(self, name: str, match: Match) -> bool:
        """What is less likely is no match: its heading is unknown."""
        return match.confidence >= (_LEAST if self.sheet.columns[name].required else questions.WORTH_ASKING)

    def _judged(self, name: str, match: Match) -> Match:
        """What only looks alike is less likely where the cells cannot be read as the column asks.

        So is an optional column of another name, such as the "Item no." of lines that holds 1-001, where none can.
        """
        column = self.sheet.columns[name]
        if not self.found.rows or (match.is_sure and (column.required or match.basis != "alias")):
            return match
        seen = samples(self.table, match.place, after=max(self.found.rows))
        share = seen.share_read(column.parse)
        if match.is_sure:
            holds_another_kind = not share and len(seen.telling()) >= FEWEST
            return replace(match, confidence=BY_CONTENT) if holds_another_kind else match
        return match if share >= _MOSTLY else replace(match, confidence=match.confidence / 2)

    def _constants(self, matches: Mapping[str, Match]) -> dict[str, str]:
        """The currency, where no column has it and the headings of all prices name the same one."""
        wanted = [
            name
            for name, column in self.sheet.columns.items()
            if isinstance(column.parse, CurrencyCode) and name not in matches and name not in self.found.twice
        ]
        priced = [
            match.place
            for name, match in matches.items()
            if self.sheet.columns[name].parse.carries_currency and (match.is_sure or self.said.doubt)
        ]
        named = {self._currencies(place) for place in priced}
        if not wanted or len(named) != 1 or len(codes := named.pop()) != 1:
            return {}
        return dict.fromkeys(wanted, next(iter(codes)))

    def _currencies(self, place: int) -> frozenset[str]:
        """What the heading and the cells of prices show, else the lines beside the table."""
        signs = self.table.marks[place - 1].signs if place <= len(self.table.marks) else ()
        shown = currencies_shown(self.found.headings.get(place, ""), signs)
        return self.said.currencies if shown is None else shown

    def _questions(
        self, matches: Mapping[str, Match], missing: Sequence[str], unknown: Mapping[int, str]
    ) -> Iterator[Question]:
        if not self.found.rows and not self.are_told:
            yield questions.no_headings(self.sheet, self.table, matches)
            return
        for name, match in matches.items():
            if not match.is_sure:
                is_priced = self.sheet.columns[name].parse.carries_currency
                yield questions.column_unsure(
                    self.sheet, self.table, name, match, after=max(self.found.rows, default=0),
                    said=self.said.doubt if is_priced else "",
                )  # fmt: skip
        for name, places in self.found.twice.items():
            yield questions.column_twice(self.sheet, self.table, name, places, self.found.headings)
        for name in missing:
            yield questions.column_missing(self.sheet, self.table, name, self.found.rows, unknown)
        yield from self._hidden(matches)

    def _hidden(self, matches: Mapping[str, Match]) -> Iterator[Question]:
        if self.table.hidden:
            yield questions.hidden_table(self.table)
        for name, match in matches.items():
            if match.place in self.table.hidden_columns:
                yield questions.hidden_column(self.sheet, self.table, name, match)
        if count := hidden_below(self.table, self.found.rows):
            yield questions.hidden_rows(self.table, count)
