"""What a line of text above or below a table says of all its prices: their currency, for how many, with tax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from b2b.sheets.asides import only_text
from b2b.sheets.cells import level
from b2b.sheets.signs import meant_by
from b2b.sheets.survey import SurveyedTable

_SIGN = r"[A-Z]{0,2}\$|[€£¥₹₩₽฿₺₴]|[A-Z]{3}(?![A-Za-z])|人民币|美元|欧元|日元|英镑|港[币元]|元|z[łl]\b|Kč|руб"
_CURRENCY = re.compile(
    r"(?:\b[Ii]n|\b[Ee]n|\b[Ww]|\b[Vv]|\b[Вв]|(?i:currency|währung|devise|waluta|валюта|moneda|divisa|moeda|valuta|měna)"
    rf"|币种|货币|单位|(?i:prices?|preise?|prix|precios?|ceny|цены)|价格|单价)\s*[:：=(（]?\s*({_SIGN})"
)
_PRICE = re.compile(r"price|preis|prix|tarif|precio|preço|prezz|prijs|\bcen[ayeu]|цен|价", re.IGNORECASE)
_FOR_SEVERAL = re.compile(
    r"(?:\b(?:per|pro|je|par|les|por|za|за)|每)\s*"
    r"(?:(?:10{1,4}|12|25|50|144|1[.,' ]000)(?![\d./-])|hundred|thousand|cent\b|mille\b|hundert|tausend|тыс|百|千)"
    r"|/\s*(?:100|1[.,' ]?000)(?![\d./-])",
    re.IGNORECASE,
)
_WITH_TAX = re.compile(
    r"\bincl|\binkl|einschl|y compris|\bttc\b|\bcon iva|\bcom iva|\bvč|\bz vat|с ндс|включая ндс|(?<!不)含税"
    r"|\bbrutto|\bgross",
    re.IGNORECASE,
)
_TAX = re.compile(r"\bvat\b|mwst|ust\b|\btax|\btva|\bttc|\biva|\bdph|ндс|税|\bbtw|\bbrutto|\bgross", re.IGNORECASE)
_SCALED = re.compile(
    r"单位\s*[:：]?\s*[（(]?\s*(?:人民币)?\s*[百千万亿]+元"
    r"|(?<![^\W\d_])[kt](?:€|eur|usd|\$)(?![^\W\d_])|\b(?:in|en|w|v|в)\s+(?:tsd\b|tausend|thousand|millier|miles\b|tys|тыс|mio\b|milli?o|млн)",
    re.IGNORECASE,
)
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Said:
    """``currencies`` is empty where no line names one, or two name different ones.

    ``doubt`` is the first line that says prices are for several units, hold tax, or are in thousands.
    """

    currencies: frozenset[str] = frozenset()
    doubt: str = ""


def said_of_prices(table: SurveyedTable, header_rows: tuple[int, ...]) -> Said:
    """By the lines among the first rows of the table that hold nothing but one text."""
    lines = list(_lines(table, header_rows))
    named = [meant for line in lines for sign in _CURRENCY.findall(line) if (meant := meant_by(sign))]
    currencies = frozenset.intersection(*named) if named else frozenset()
    return Said(currencies, next(filter(_is_doubtful, lines), ""))


def _lines(table: SurveyedTable, header_rows: tuple[int, ...]) -> Iterator[str]:
    for row in table.head:
        found = only_text(row.cells) if row.number not in header_rows else None
        if found and len(found[1]) <= _LONGEST:
            yield " ".join(level(found[1]).split())


def _is_doubtful(line: str) -> bool:
    if _SCALED.search(line):
        return True
    if not _PRICE.search(line):
        return False
    return bool(_FOR_SEVERAL.search(line) or (_WITH_TAX.search(line) and _TAX.search(line)))
