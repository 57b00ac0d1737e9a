"""ISO 4217 currencies one can pay in, with their minor unit, named in the reader's language by CLDR."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pycountry
from babel import Locale
from babel.numbers import get_currency_name, get_currency_symbol
from django.utils.translation import get_language
from django.utils.translation import gettext as _

_TWO_PLACES = 2
_WITHOUT_PLACES = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_PLACES = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_PLACES = "CLF UYW"
_OTHER_PLACES = (
    dict.fromkeys(_WITHOUT_PLACES.split(), 0)
    | dict.fromkeys(_THREE_PLACES.split(), 3)
    | dict.fromkeys(_FOUR_PLACES.split(), 4)
)
"""ISO 4217 table A.1. CLDR's own digits differ for a dozen currencies: they say what is printed, not what is owed."""

_NOT_PAYABLE = "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX"
_WITHOUT_MINOR_UNIT = frozenset(_NOT_PAYABLE.split())
"""Metals, funds and test codes: ISO 4217 gives them no minor unit, so nothing can be rounded to it."""


class UnknownCurrency(ValueError):
    """Not an active ISO 4217 code with a minor unit."""

    def __init__(self, code: object) -> None:
        super().__init__(_("“%(code)s” is not an ISO 4217 currency in use.") % {"code": str(code)[:20]})


@dataclass(frozen=True, slots=True)
class Currency:
    """One currency; ``places`` is its ISO 4217 minor unit: 2 for CNY, 0 for JPY, 3 for KWD."""

    code: str
    numeric: str
    places: int

    def name(self, language: str | None = None) -> str:
        """In the given language (a Django code such as ``zh-hans``), or in the reader's."""
        return get_currency_name(self.code, locale=reader_locale(language))

    def symbol(self, language: str | None = None) -> str:
        return get_currency_symbol(self.code, locale=reader_locale(language))


@lru_cache(maxsize=256)
def currency(code: str) -> Currency:
    """Raises ``UnknownCurrency``; codes are written in capitals."""
    found = pycountry.currencies.get(alpha_3=code) if isinstance(code, str) and code.isupper() else None
    if found is None or code in _WITHOUT_MINOR_UNIT:
        raise UnknownCurrency(code)
    return Currency(code, found.numeric, _OTHER_PLACES.get(code, _TWO_PLACES))


def currencies() -> list[Currency]:
    """Every currency one can pay in, in the order of their codes."""
    codes = {known.alpha_3 for known in pycountry.currencies} - _WITHOUT_MINOR_UNIT
    return [currency(code) for code in sorted(codes)]


def reader_locale(language: str | None = None) -> Locale:
    """Babel's locale for a Django language code; the language of this request when none is given."""
    return Locale.parse((language or get_language() or "en").replace("-", "_"))
