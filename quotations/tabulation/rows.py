"""Reading the table row by row: every cell strictly, every fault a sentence with its sheet and row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from b2b.fields import PRICE_PLACES, QUANTITY_PLACES
from b2b.number import InvalidNumber, exact, half_up
from b2b.sheets.cells import Broken, Cell, is_blank, shown
from b2b.sheets.days import days_of
from b2b.sheets.numbers import POINT, readings
from quotations.tabulation.headings import Columns, columns_of, find_headings, missing_sentence

WHOLE_DIGITS = 12
LARGEST_AMOUNT = Decimal(10) ** 12
"""Of one line; more than any public works cost, and little enough for the sum of all lines."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_RANK = re.compile(r"0*(\d{1,3})(?:\.0*)?|T-?\s*0*(\d{1,3})|0*(\d{1,3})\s*-?\(?T(?:ied?)?\)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell about a file, with the place it is about."""

    sheet: str
    row: int | None
    detail: str

    def __str__(self) -> str:
        place = _("%(sheet)s, row %(row)s") % {"sheet": self.sheet, "row": self.row} if self.row else self.sheet
        return f"{place}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Row:
    """One bidder's price of one line, as published. ``rank`` is ``None`` where the file gives none."""

    sheet: str
    number: int
    call: str
    proposal: str
    line: str
    section: str
    alternate: str
    member: str
    code: str
    description: str
    unit: str
    quantity: Decimal
    bidder: str
    price: Decimal
    price_places: int
    amount: Decimal | None
    rank: int | None
    rank_text: str
    bid_date: date | None
    title: str
    place: str
    totals: tuple[Decimal | None, ...]
    """The published totals of ranks 1, 2 and 3, where the file states them."""
    bidder_id: str = ""
    """What tells bidders of one name apart, where the file has it."""

    def remark(self, detail: str) -> Remark:
        return Remark(self.sheet, self.number, detail)


@dataclass(slots=True)
class Reading:
    """Everything one file said: rows that can be used, faults by proposal, remarks, and holes in tables."""

    rows: list[Row] = field(default_factory=list)
    faults: list[tuple[tuple[str, str], Remark]] = field(default_factory=list)
    """(call, proposal) and what is wrong in one of its rows; a proposal with a fault is not recorded."""
    remarks: list[Remark] = field(default_factory=list)
    holes: list[tuple[tuple[str, str], tuple[str, str], Remark]] = field(default_factory=list)
    """The proposals before and after a run of empty rows inside a table."""


class Unusable(ValueError):
    """A cell that cannot be what its column says."""


def read_sheet(reading: Reading, sheet: str, rows: Sequence[Sequence[Cell]]) -> None:
    """Add what one sheet says; a sheet without a table leaves a remark."""
    headings = find_headings(rows)
    if headings is None:
        reading.remarks.append(Remark(sheet, None, _("No row with headings was found; the sheet was left out.")))
        return
    if missing := headings.missing():
        reading.remarks.append(Remark(sheet, headings.row, missing_sentence(missing)))
        return
    _say_what_is_absent(reading, sheet, headings.row, headings.columns)
    body = list(enumerate(rows[headings.row :], start=headings.row + 1))
    for number, cells in _with_content(reading, sheet, body, headings.columns):
        _read_row(reading, _Source(sheet, number, cells, headings.columns))


def _say_what_is_absent(reading: Reading, sheet: str, row: int, columns: Columns) -> None:
    if "rank" not in columns:
        reading.remarks.append(Remark(sheet, row, _("There is no column of ranks, so there is none to compare with.")))
    if "unit" not in columns:
        reading.remarks.append(Remark(sheet, row, _("There is no column of units; every line is in “ZZ”.")))


def _with_content(
    reading: Reading, sheet: str, body: list[tuple[int, Sequence[Cell]]], columns: Columns
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Rows that say something and are not headings again; runs of empty rows between them are kept as holes."""
    last: tuple[int, Sequence[Cell]] | None = None
    for number, cells in body:
        if all(is_blank(cell) for cell in cells) or columns_of(cells) == columns:
            continue
        if last is not None and number > last[0] + 1 and _is_empty(body, last[0], number):
            before, after = _proposal_of(last[1], columns), _proposal_of(cells, columns)
            reading.holes.append((before, after, Remark(sheet, last[0] + 1, _hole(last[0] + 1, number - 1))))
        last = number, cells
        yield number, cells


def _is_empty(body: list[tuple[int, Sequence[Cell]]], after: int, before: int) -> bool:
    between = [cells for number, cells in body if after < number < before]
    return all(is_blank(cell) for cells in between for cell in cells)


def _hole(first: int, last: int) -> str:
    if first == last:
        return _("The row is empty although the table goes on below it.")
    return _("Rows %(first)s to %(last)s are empty although the table goes on below them.") % {
        "first": first,
        "last": last,
    }


def _proposal_of(cells: Sequence[Cell], columns: Columns) -> tuple[str, str]:
    source = _Source("", 0, cells, columns)
    return source.text("call"), source.text("proposal")


@dataclass(frozen=True, slots=True)
class _Source:
    sheet: str
    number: int
    cells: Sequence[Cell]
    columns: Columns

    def cell(self, name: str) -> Cell:
        place = self.columns.get(name)
        return self.cells[place] if place is not None and place < len(self.cells) else None

    def text(self, name: str) -> str:
        """One line, single blanks, nothing invisible; a number such as 202.0 as 202."""
        cell = self.cell(name)
        if isinstance(cell, Decimal) and cell == cell.to_integral_value():
            return f"{cell.to_integral_value():f}"
        return " ".join(_CONTROL.sub(" ", shown(cell)).split())

    def remark(self, detail: str) -> Remark:
        return Remark(self.sheet, self.number, detail)


def _read_row(reading: Reading, source: _Source) -> None:
    key = source.text("call"), source.text("proposal")
    if _is_total(source):
        reading.remarks.append(source.remark(_("A row of totals; it was left out.")))
        return
    if is_blank(source.cell("price")) and is_blank(source.cell("amount")) and source.text("bidder"):
        reading.remarks.append(source.remark(_("There is no price: this bidder did not bid on the line.")))
        return
    row, complaints = _row(source)
    if row is not None:
        reading.rows.append(row)
    for complaint in complaints:
        reading.faults.append((key, source.remark(complaint)))


def _is_total(source: _Source) -> bool:
    """A sum printed under a table names no line and no unit price, and says so."""
    said = " ".join(shown(cell) for cell in source.cells if isinstance(cell, str))
    return bool(re.search(r"\btotals?\b", said, re.IGNORECASE)) and not (
        source.text("price") and (source.text("line") or source.text("code") or source.text("unit"))
    )


def _row(source: _Source) -> tuple[Row | None, list[str]]:
    """The row, or everything that is wrong with it."""
    faults: list[str] = []
    quantity = _number(source, "quantity", faults, needed=True)
    amount = _number(source, "amount", faults, needed=is_blank(source.cell("price")))
    price, places = _price(source, faults, quantity, amount)
    bidder = source.text("bidder")
    rank = _rank(source.text("rank"))
    if quantity is not None and price is not None and quantity * price >= LARGEST_AMOUNT:
        faults.append(_("The quantity times the price is too large."))
    if not bidder:
        faults.append(_("No bidder is named."))
    if not (source.text("proposal") or source.text("call")) and {"proposal", "call"} & source.columns.keys():
        faults.append(_("No proposal is named."))
    if not (source.text("line") or source.text("code") or source.text("description")):
        faults.append(_("Neither a line number nor an item is named."))
    if faults or quantity is None or price is None:
        return None, faults
    return (
        Row(
            sheet=source.sheet,
            number=source.number,
            call=source.text("call"),
            proposal=source.text("proposal") or source.text("call") or source.sheet,
            line=source.text("line"),
            section=source.text("section"),
            alternate=source.text("alternate"),
            member=source.text("member"),
            code=source.text("code"),
            description=" ".join(filter(None, [source.text("description"), source.text("supplement")])),
            unit=source.text("unit"),
            quantity=quantity,
            bidder=bidder,
            price=price,
            price_places=places,
            amount=amount,
            rank=rank,
            rank_text=source.text("rank"),
            bid_date=_day(source.cell("bid_date")),
            title=source.text("title"),
            place=source.text("place"),
            totals=tuple(_stated(source.cell(name)) for name in ("first_total", "second_total", "third_total")),
            bidder_id=source.text("bidder_id"),
        ),
        [],
    )


def _price(
    source: _Source, faults: list[str], quantity: Decimal | None, amount: Decimal | None
) -> tuple[Decimal | None, int]:
    """The unit price and the places it is written to; from the amount where the price is blank."""
    if not is_blank(source.cell("price")):
        price = _number(source, "price", faults, needed=True)
        return price, _places(price)
    if quantity and amount is not None:
        return half_up(amount / quantity, PRICE_PLACES), PRICE_PLACES
    return None, 0


def _places(price: Decimal | None) -> int:
    """At least the two places of cents: a spreadsheet shows 0.14 for what it holds as 0.135 in either form."""
    return 2 if price is None else max(2, -int(price.as_tuple().exponent))


def _number(source: _Source, name: str, faults: list[str], *, needed: bool) -> Decimal | None:
    """A number that is not negative, or ``None`` and a fault."""
    cell = source.cell(name)
    heading = {"quantity": _("quantity"), "amount": _("amount"), "price": _("price")}[name]
    if is_blank(cell):
        if needed:
            faults.append(_("The %(what)s is blank.") % {"what": heading})
        return None
    try:
        return _decimal(cell, places=QUANTITY_PLACES if name == "quantity" else PRICE_PLACES)
    except Unusable as refusal:
        faults.append(f"{heading}: {refusal}")
        return None


def _decimal(cell: Cell, *, places: int) -> Decimal:
    """Numbers and texts that are numbers, dollars and thousands included, written as the United States write them."""
    if isinstance(cell, Decimal):
        number = cell
    elif isinstance(cell, str) and (read := readings(cell, money=True).by(POINT)) is not None:
        number = read
    else:
        said = cell.shown if isinstance(cell, Broken) else shown(cell)
        raise Unusable(_("“%(text)s” is not a number.") % {"text": _CONTROL.sub(" ", said[:40])})
    if number < 0:
        raise Unusable(_("%(number)s is less than zero.") % {"number": f"{number:f}"})
    try:
        return exact(half_up(number, places).normalize(), whole=WHOLE_DIGITS, places=places)
    except InvalidNumber as refusal:
        raise Unusable(str(refusal)) from None


def _stated(cell: Cell) -> Decimal | None:
    """A total printed for information: what cannot be read is as good as not printed, and so is zero."""
    try:
        return _decimal(cell, places=2) or None
    except Unusable:
        return None


def _rank(text: str) -> int | None:
    """Blank, zero and words ("Rejected") are no rank; "T2" and "2 (tie)" are 2."""
    found = _RANK.fullmatch(text)
    return int(next(filter(None, found.groups()))) or None if found else None


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = days_of(cell, "month-day") if isinstance(cell, str) else ()
    return found[0] if found else None
