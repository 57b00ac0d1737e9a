"""Rows of a table that are no data: totals, section titles, notes, headings once more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from b2b.sheets.cells import Cell, is_blank, level

_TOTALS = (
    r"(?:grand|sub|net)?[\s-]*totals?|(?:total\s+)?sum|total\s+(?:amount|price|sum|value|net|gross|general)|totals?\s+brought\s+forward"
    r"|[小合总共累][计計]|總計|総計|合[计計]金[额額]|总[额价]|总金额|本页合计|页小计"
    r"|(?:gesamt|zwischen|netto|brutto|end|teil)?-?summe|gesamt|gesamtbetrag|gesamtpreis|endbetrag|übertrag"
    r"|sous[\s-]*total|total\s+(?:ht|ttc|général)|montant\s+total|suma(?:\s+total)?|importe\s+total|totale|subtotale|totaal|subtotaal"
    r"|importo\s+totale|total\s+geral|sommes?|wartość\s+ogółem|всего\s+к\s+оплате|金[额額][合总]计|carried\s+forward"
    r"|(?:sub-?\s?totals?|zwischensummen?|sous-?\s?total|mezisoučet|подытог|小计|subtotale|subtotaal)\b.{0,50}"
    r"|razem|ogółem|łącznie|suma\s+częściowa|итого|всего|итог|подытог|промежуточный\s+итог|celkem|součet|mezisoučet"
)
_TOTAL = re.compile(rf"(?:{_TOTALS})\s*(?:[(（][^)）]{{0,30}}[)）]|[A-Za-z]{{3}}|[€$£¥￥])?\s*[:：.=]?", re.IGNORECASE)
_OPENS_TOTAL = re.compile(
    rf"(?:{_TOTALS}|valor\s+total|k\s+úhradě|do\s+zapłaty)(?:\s*[:(（/=–-].*|\s+(?:amount|bid|base|prices?|costs?|sum|value|for|of|in|incl|excl|net|gross|lot|section|part|division"
    r"|schedule|phase|page|alternate|of|für|netto|brutto|los|titel|abschnitt|pour|du|de|des|por|del|za|dla|по|за|без|с|bez|ht|ttc|eur|usd|cny|rmb|gbp|chf|pln|czk)\b.*|\s*\d+)?",
    re.IGNORECASE,
)
_LONGEST_LABEL = 60
_INITIALS = frozenset("gGsSnNtT小合总總総共累本页zZbBeEüÜmMiIrRoOłŁиИвВпПcC金")
_MORE_INITIALS = _INITIALS | frozenset("vVkKdDwW金")
_RULE = re.compile(r"[-=_*+~─━═—–]{3,}")
_CODE = re.compile(r"(?=.*\d)\S+")


def is_total(text: str) -> bool:
    """Whether the text is nothing but the label of a sum: "Total:", "Summe (EUR)", "小计"."""
    label = level(text).strip()
    return label[:1] in _INITIALS and len(label) <= _LONGEST_LABEL and _TOTAL.fullmatch(label) is not None


def opens_total(text: str) -> bool:
    """Whether the text may also be a longer label of a sum: "Total for lot 1". A total station is none."""
    label = level(text).strip()
    return label[:1] in _MORE_INITIALS and len(label) <= _LONGEST_LABEL and _OPENS_TOTAL.fullmatch(label) is not None


def only_text(cells: Sequence[Cell]) -> tuple[int, str] | None:
    """The place and the text of a row's only filled cell; ``None`` where more are filled, or it is no text."""
    found: tuple[int, str] | None = None
    for place, cell in enumerate(cells, start=1):
        if is_blank(cell):
            continue
        if found is not None or not isinstance(cell, str):
            return None
        found = (place, cell.strip())
    return found


def is_rule(cells: Sequence[Cell]) -> bool:
    """Whether the row is nothing but a line drawn of dashes, as printed lists have below their headings."""
    filled = [cell for cell in cells if not is_blank(cell)]
    return bool(filled) and all(isinstance(cell, str) and _RULE.fullmatch(cell.strip()) for cell in filled)


def looks_like_code(text: str) -> bool:
    """One word with a digit in it, as part numbers are and titles are not."""
    return _CODE.fullmatch(text) is not None
