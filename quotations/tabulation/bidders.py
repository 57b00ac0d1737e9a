"""Who bid: one bidder under several spellings, and the engineer's estimate, which is nobody's bid."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from quotations.tabulation.rows import Row

SIMILAR = 0.85
"""Likeness above which two names that share a rank are one bidder's; "E & B Paving, Inc." and "E&B Paving" have 1."""

_ESTIMATE = re.compile(r"(eng|engr|engrs|engineer|engineers)?(s)?est(imate|imated|imates)?|engineer|engineers")
_LEGAL_FORMS = {
    "incorporated": "inc",
    "company": "co",
    "corporation": "corp",
    "limited": "ltd",
}
_FORMS = frozenset({"inc", "co", "corp", "ltd", "llc", "lp", "llp", "plc", "pc"})


def is_estimate(name: str) -> bool:
    """Recognise “Eng Est”, “Engineer's Estimate”, “ENGR. EST.” and the like."""
    return bool(_ESTIMATE.fullmatch(re.sub(r"[^a-z]", "", name.casefold())))


def canonical(name: str) -> str:
    """One spelling for a company: case, accents, punctuation, "&" for "and", and forms such as "Co." levelled."""
    return " ".join(_LEGAL_FORMS.get(word, word) for word in _words(name))


def without_form(name: str) -> str:
    """``canonical`` without the legal forms at its end; the whole where nothing else would be left."""
    words = canonical(name).split()
    while len(words) > 1 and words[-1] in _FORMS:
        words.pop()
    return " ".join(words)


def _words(name: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", name).casefold()
    folded = "".join(letter for letter in folded if not unicodedata.combining(letter)).replace("&", " and ")
    folded = re.sub(r"['’`.]", "", folded)
    return re.sub(r"\bl l c\b", "llc", " ".join(re.findall(r"\w+", folded))).split()


def one_bidder_each(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of one proposal by bidder, under the spelling used most.

    Spellings that differ only in ``canonical`` ways are one bidder, unless the file tells them apart by an identifier,
    which then is part of their names. So are two that share a published rank and look alike or continue each other:
    both would otherwise hold that rank with half the lines.
    """
    ids = _ids(rows)
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        name = canonical(row.bidder)
        groups[name, row.bidder_id if len(ids[name]) > 1 else ""].append(row)
    merged: list[list[Row]] = []
    for group in groups.values():
        partner = next((known for known in merged if _same_bidder(known, group)), None)
        if partner is None:
            merged.append(group)
        else:
            partner.extend(group)
    return {_name_of(group, merged): group for group in merged}


def _ids(rows: Iterable[Row]) -> dict[str, set[str]]:
    """The identifiers that stand beside each name."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[canonical(row.bidder)].update({row.bidder_id} - {""})
    return found


def _same_bidder(one: Sequence[Row], other: Sequence[Row]) -> bool:
    if one[0].bidder_id != other[0].bidder_id and one[0].bidder_id and other[0].bidder_id:
        return False
    if _ranks(one) != _ranks(other) or not _ranks(one) or _lines(one) & _lines(other):
        return False
    names = without_form(one[0].bidder), without_form(other[0].bidder)
    return names[0] == names[1] or SequenceMatcher(None, *names).ratio() >= SIMILAR


def _ranks(rows: Iterable[Row]) -> set[int]:
    return {row.rank for row in rows if row.rank is not None}


def _lines(rows: Iterable[Row]) -> set[tuple[str, str, str]]:
    """Lines by number; without numbers two halves of one bidder cannot be told apart by them."""
    return {(row.section, row.line, row.description) for row in rows if row.line}


def _name_of(group: Sequence[Row], everybody: Sequence[Sequence[Row]]) -> str:
    """With the identifier where several have the name."""
    name = _usual_name(group)
    namesakes = [other for other in everybody if canonical(_usual_name(other)) == canonical(name)]
    return f"{name} ({group[0].bidder_id})" if len(namesakes) > 1 and group[0].bidder_id else name


def _usual_name(rows: Sequence[Row]) -> str:
    return Counter(row.bidder for row in rows).most_common(1)[0][0]


def spellings(rows: Iterable[Row]) -> list[str]:
    """Every way one bidder is written, in the order of the file."""
    return list(dict.fromkeys(row.bidder for row in rows))
