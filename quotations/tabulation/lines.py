"""Which rows are the same line of a proposal, bidder by bidder."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from b2b.sheets.cells import plain
from b2b.unit import find_unit
from quotations.tabulation.rows import Remark, Row

MUTUALLY_DEFINED = "ZZ"
"""Rec 20's code for a unit the parties agreed on: what a tabulation's own spelling becomes if nobody knows it."""


@dataclass(slots=True)
class Line:
    """One line of a proposal: what is asked for, and each bidder's row.

    ``known_unit`` is false for a unit only the file knows.
    """

    number: int
    label: str
    section: str
    item: str
    unit: str
    known_unit: bool
    quantity: Decimal
    rows: dict[str, Row] = field(default_factory=dict)


@dataclass(slots=True)
class Lines:
    """The lines of a proposal in the file's order, what is wrong with them, and what to tell about them."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


Key = tuple[str, ...]


def lines_of(rows_by_bidder: Mapping[str, Sequence[Row]]) -> Lines:
    """Group each bidder's rows into lines.

    A line is its section and number, or its item where the file numbers nothing; it is split by item,
    unit and quantity only where one bidder has several rows of it. Rows still alike are the first, second,
    third … of the kind, in the order of the file, or in the reverse order for a bidder whose whole list
    is printed backwards.
    """
    found = Lines()
    split = _repeated_keys(rows_by_bidder)
    rows_of_line: dict[Key, dict[str, Row]] = {}
    reference: list[Key] = []
    for bidder, rows in rows_by_bidder.items():
        kept = list(_without_repetitions(rows, found))
        keys = [_key(row, split) for row in kept]
        reference = reference or keys
        if keys != reference and keys == reference[::-1]:
            kept, keys = kept[::-1], keys[::-1]
        for key, row in zip(_numbered(keys), kept, strict=True):
            rows_of_line.setdefault(key, {})[bidder] = row
    numbers = _line_numbers([next(iter(rows.values())) for rows in rows_of_line.values()])
    for number, by_bidder in zip(numbers, rows_of_line.values(), strict=True):
        _add_line(found, number, by_bidder)
    return found


def _repeated_keys(rows_by_bidder: Mapping[str, Sequence[Row]]) -> set[Key]:
    """The plain keys of which some bidder has more than one row."""
    return {
        key
        for rows in rows_by_bidder.values()
        for key, count in Counter(_plain_key(row) for row in rows).items()
        if count > 1
    }


def _plain_key(row: Row) -> Key:
    if row.line:
        return row.section, row.line.lstrip("0"), row.alternate, row.member
    return row.section, plain(row.code) or plain(row.description), row.alternate, row.member


def _key(row: Row, split: set[Key]) -> Key:
    key = _plain_key(row)
    if key not in split:
        return key
    return *key, plain(row.code), plain(row.description), plain(row.unit), f"{row.quantity.normalize():f}"


def _numbered(keys: Sequence[Key]) -> Iterator[Key]:
    """Keys that occur again get the count of their occurrence."""
    seen: Counter[Key] = Counter()
    for key in keys:
        seen[key] += 1
        yield (*key, str(seen[key])) if seen[key] > 1 else key


def _without_repetitions(rows: Sequence[Row], found: Lines) -> Iterator[Row]:
    """A numbered line printed twice for one bidder, alike in everything, is one; at two prices it is a fault."""
    first: dict[Key, Row] = {}
    for row in rows:
        key = (*_plain_key(row), plain(row.code), plain(row.description), plain(row.unit), str(row.quantity))
        earlier = first.setdefault(key, row) if row.line else row
        if earlier is row:
            yield row
        elif (earlier.price, earlier.amount) == (row.price, row.amount):
            found.remarks.append(row.remark(_("Repeats row %(row)s; it is counted once.") % {"row": earlier.number}))
        else:
            found.faults.append(
                row.remark(
                    _(
                        "Line %(line)s of %(bidder)s stands in row %(row)s with another price. Two bidders of one name "
                        "need a column “Vendor ID”."
                    )
                    % {"line": row.line, "bidder": row.bidder, "row": earlier.number}
                )
            )


def _line_numbers(firsts: Sequence[Row]) -> list[int]:
    """The file's own numbers where they are numbers and each occurs once; else one, two, three."""
    texts = [row.line.lstrip("0") for row in firsts]
    if all(text.isascii() and text.isdigit() and len(text) < 7 for text in texts) and len(set(texts)) == len(texts):  # noqa: PLR2004
        return [int(text) for text in texts]
    return list(range(1, len(firsts) + 1))


def _add_line(found: Lines, number: int, rows: dict[str, Row]) -> None:
    first = next(iter(rows.values()))
    found.faults.extend(_differences(first, rows))
    if not first.quantity:
        found.remarks.append(first.remark(_("The quantity is zero: the line asks for nothing and was left out.")))
        return
    code, known = _unit_of(first.unit)
    if not known and first.unit:
        found.remarks.append(
            first.remark(
                _("The unit “%(unit)s” is not known; the line is in “ZZ” (mutually defined).") % {"unit": first.unit}
            )
        )
    found.lines.append(
        Line(
            number=number,
            label=first.line or str(number),
            section=first.section,
            item=_item(first, keep_unit=not known),
            unit=code,
            known_unit=known,
            quantity=first.quantity,
            rows=rows,
        )
    )


def _unit_of(text: str) -> tuple[str, bool]:
    unit = find_unit(text) if text else None
    return (unit.code, True) if unit is not None else (MUTUALLY_DEFINED, False)


def _item(row: Row, *, keep_unit: bool) -> str:
    item = " ".join(filter(None, [row.code, row.description])) or row.line
    return f"{item} [{row.unit}]" if keep_unit and row.unit else item


def _differences(first: Row, rows: Mapping[str, Row]) -> Iterator[Remark]:
    """The same line asks everybody for the same: another quantity or unit is a wrong number somewhere."""
    for row in rows.values():
        if row.quantity != first.quantity:
            yield row.remark(
                _("The quantity of line %(line)s is %(here)s here and %(there)s in row %(row)s.")
                % {
                    "line": row.line or row.code or row.description,
                    "here": f"{row.quantity:,f}",
                    "there": f"{first.quantity:,f}",
                    "row": first.number,
                }
            )
        elif _units_differ(row.unit, first.unit):
            yield row.remark(
                _("The unit of line %(line)s is “%(here)s” here and “%(there)s” in row %(row)s.")
                % {
                    "line": row.line or row.code or row.description,
                    "here": row.unit,
                    "there": first.unit,
                    "row": first.number,
                }
            )


def _units_differ(one: str, other: str) -> bool:
    """Spellings may differ, and two codes of one size; what nobody knows cannot be told apart from a spelling."""
    units = find_unit(one), find_unit(other)
    if units[0] is None or units[1] is None or units[0].code == units[1].code:
        return False
    return (units[0].dimension, units[0].factor) != (units[1].dimension, units[1].factor)


def chosen_members(lines: Sequence[Line], totals: Mapping[str, Mapping[int, Decimal]]) -> dict[str, set[int]]:
    """The lines that do not count for a bidder who priced several members of one alternate set.

    Agencies count the cheapest member for each bidder (AASHTO: "the low alternate"). ``totals`` holds each
    bidder's amount by line number.
    """
    sets: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        row = next(iter(line.rows.values()))
        if row.alternate and row.member:
            sets[row.alternate][row.member].append(line.number)
    passed_over: dict[str, set[int]] = defaultdict(set)
    for members in sets.values():
        for bidder, amounts in totals.items():
            priced = [numbers for numbers in members.values() if any(number in amounts for number in numbers)]
            if len(priced) > 1:
                priced.sort(key=lambda numbers: sum(amounts.get(number, Decimal(0)) for number in numbers))
                passed_over[bidder].update(number for numbers in priced[1:] for number in numbers)
    return dict(passed_over)
