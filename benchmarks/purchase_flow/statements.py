"""The SQL statements of one flow, and where they come from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from benchmarks.purchase_flow.recording import Record, Statement

SHOWN, WIDTH, DEPTH, MOST_PLACES = 40, 160, 5, 6
SAVEPOINT = re.compile(r'"s[0-9]+_x[0-9]+"')
VALUES = re.compile(r"\(%s(?:, %s)*\)(?:, \(%s(?:, %s)*\))*|IN \([^)]*%s[^)]*\)")


def summary(record: Record) -> str:
    found = record.statements
    seconds = sum(statement.seconds for statement in found)
    behind, savepoints = sum(map(_is_behind, found)), sum(map(_is_savepoint, found))
    return (
        f"{len(found)} SQL statements in {seconds:.3f} s: {len(found) - behind} by requests, {behind} by the clock and"
        f" the worker; {savepoints} of all are savepoints"
    )


def details(record: Record) -> str:
    return "\n".join(_lines(record.statements))


def _lines(found: list[Statement]) -> Iterator[str]:
    for text, alike in most_repeated(found):
        yield f"\n{len(alike)} × {sum(one.seconds for one in alike) * 1000:.1f} ms  {text[:WIDTH]}"
        for place, count in Counter(" < ".join(one.places[:DEPTH]) for one in alike).most_common(MOST_PLACES):
            yield f"    {count} × {place}"


def _is_savepoint(statement: Statement) -> bool:
    return "SAVEPOINT" in statement.sql


def _is_behind(statement: Statement) -> bool:
    """Not asked for by a request."""
    return not any("middleware" in place for place in statement.places)


def most_repeated(statements: Iterable[Statement]) -> list[tuple[str, list[Statement]]]:
    """However many values each was given."""
    groups: dict[str, list[Statement]] = {}
    for statement in statements:
        groups.setdefault(SAVEPOINT.sub("…", VALUES.sub("(…)", statement.sql)), []).append(statement)
    return sorted(groups.items(), key=lambda group: -len(group[1]))[:SHOWN]
