"""Values as documents may hold them, with a liking for those that a spreadsheet would take for something else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from b2b.currency import currencies
from b2b.sheets.absent import says_nothing
from b2b.sheets.asides import is_total
from b2b.sheets.cells import ERROR_VALUES
from b2b.texts import as_seen
from b2b.unit import current_units

PIECES = (
    *("Hexagon bolt M8×40", "Болт М8", "六角螺栓", "sechskant ß", "ﬁ", "İ", "Ǆ", "e\u0301", "１２", "①", "½"),
    *("00123", "1E5", "3-4", "1/2", "12.50", "1,234.5", "-5", "+49 30", "(7)", "100%", "€ 5", "0x1F", "1e-7"),
    *("2026-03-04", "03/04/2026", "12:30", "Jan 5", "20260304", "TRUE", "false", "yes", "否", "NaN", "None", "null"),
    *("=1+1", "@SUM(A1)", '=HYPERLINK("x")', "-", "–", "/", "n/a", "#", "'", "''", '"', '""', "“", "\\", "|", ";"),
    *(",", "\t", "\n", "\n\n", "  ", "\u00a0", "\u2009", "\u3000", " ", "&amp;", "<b>", "]]>", "_x000D_", "_x0041_"),
    *("😀", "👩\u200d🔧", "🇩🇪", "\U00020000", "\u200d", "\u2028", "\u0085", "\u00ad", "\u202e", "\ufeff", "\u200b"),
    *("sep=;", "Item", "Name", "thread=M8; length=40", "a" * 60, "长" * 30),
)  # fmt: skip
WHOLE_TEXTS = (
    *("-", "--", "–", "/", "n/a", "N/A", "不适用", "?", "0", "00", "1", "-1", "007", "1E5", "3-4", "1/2", "TRUE", "FALSE"),
    *("=1+1", "+1", "-1+2", "@a", "2026-01-02", "1.1.", "44927", "12:30", "13%", "100 000", "yes", "no", "是", "无"),
    *("'", '"', "'00123", '"a","b"', "a\nb", "#1", "Yes; no", "a|b", "a\tb", "_x000D_", "\u200b", "\u200da"),
)  # fmt: skip
FIRST_DAY, LAST_DAY = date(1900, 3, 1), date(2199, 12, 31)


def texts(most: int) -> SearchStrategy[str]:
    """As the API takes them in: without blanks around, not empty, no longer than they may be."""
    joined = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)
    filled = joined.map(lambda text: (text * (most // len(text) + 1)) if text else text)
    strange = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=12)
    some = st.one_of(joined, joined, st.sampled_from(WHOLE_TEXTS), strange, filled)
    return some.map(lambda text: as_seen(text)[:most].strip()).filter(_is_a_text)


def _is_a_text(text: str) -> bool:
    """Not blank, and neither the word of a row of totals nor what a formula shows that failed."""
    return bool(text) and not is_total(text) and text.upper() not in ERROR_VALUES


def names(most: int) -> SearchStrategy[str]:
    """Texts that name something, as more than a dash does."""
    return texts(most).filter(lambda text: not says_nothing(text))


def blank_or(some: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.one_of(st.just(""), some)


def decimals(digits: int, places: int, *, least: int = 1) -> SearchStrategy[Decimal]:
    """From the smallest step (``least`` of them) to the most the column holds."""
    most = 10**digits - 1
    ends = st.sampled_from([least or 0, max(least, 1), 10**places, 1234 * 10**places, most, most - 1, most // 7])
    small = st.integers(least, 10 ** (places + 4))
    return st.one_of(small, small, ends, st.integers(least, most)).map(lambda steps: Decimal(steps).scaleb(-places))


QUANTITIES, PRICES = decimals(20, 6), decimals(20, 6, least=0)
DAYS = st.one_of(st.dates(FIRST_DAY, LAST_DAY), st.sampled_from([FIRST_DAY, LAST_DAY, date(2000, 2, 29)]))
UNITS = st.sampled_from([unit.code for unit in current_units()])
CURRENCIES = st.sampled_from([currency.code for currency in currencies()])
