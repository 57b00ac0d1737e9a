"""Which currencies a sign or a code beside a number may mean."""

from __future__ import annotations

import unicodedata
from functools import cache

from b2b.currency import currencies

SCALED = "×"
"""Opens the sign of numbers whose cells show them divided: ×1000."""

_SHARED = {
    "$": "USD CAD AUD NZD SGD HKD TWD MXN CLP COP ARS BRL BBD BSD BZD FJD GYD JMD LRD NAD SBD SRD TTD XCD UYU BMD KYD",
    "US$": "USD",
    "C$": "CAD NIO",
    "CA$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "NZ$": "NZD",
    "S$": "SGD",
    "SG$": "SGD",
    "HK$": "HKD",
    "NT$": "TWD",
    "MX$": "MXN",
    "R$": "BRL",
    "€": "EUR",
    "£": "GBP EGP GIP FKP SHP SSP SYP LBP SDG",
    "¥": "CNY JPY",
    "人民币": "CNY",
    "RMB": "CNY",
    "CNH": "CNY",
    "元": "CNY HKD TWD MOP",
    "圆": "CNY",
    "圓": "HKD TWD MOP JPY",
    "円": "JPY",
    "₹": "INR",
    "₩": "KRW KPW",
    "₽": "RUB",
    "฿": "THB",
    "₫": "VND",
    "₺": "TRY",
    "₱": "PHP CUP",
    "₪": "ILS",
    "₦": "NGN",
    "₴": "UAH",
    "CN¥": "CNY",
    "JP¥": "JPY",
    "$US": "USD",
    "$CA": "CAD",
    "$AU": "AUD",
    "£GB": "GBP",
    "£UK": "GBP",
    "美元": "USD",
    "欧元": "EUR",
    "港币": "HKD",
    "港元": "HKD",
    "日元": "JPY",
    "英镑": "GBP",
    "EURO": "EUR",
    "EUROS": "EUR",
    "YUAN": "CNY",
    "ZŁ": "PLN",
    "ZL": "PLN",
    "KČ": "CZK",
    "РУБ": "RUB",
    "РУБ.": "RUB",
    "Р.": "RUB",
    "ГРН": "UAH",
    "ГРН.": "UAH",
    "SFR": "CHF",
    "SFR.": "CHF",
    "FR.": "CHF",
    "RS": "INR PKR LKR NPR MUR SCR",
    "RS.": "INR PKR LKR NPR MUR SCR",
}
_MEANINGS = {sign: frozenset(codes.split()) for sign, codes in _SHARED.items()}


@cache
def meant_by(sign: str) -> frozenset[str]:
    """The ISO 4217 codes it may stand for; none where it is no currency at all."""
    code = unicodedata.normalize("NFKC", sign).strip().upper()
    return _MEANINGS.get(code) or frozenset({code}) & _codes()


@cache
def _codes() -> frozenset[str]:
    return frozenset(known.code for known in currencies())
