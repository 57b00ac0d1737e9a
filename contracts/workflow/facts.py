"""What a contract knows of itself, in words, for the places its clauses leave open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.dates import format_date
from django.utils.translation import override

from b2b.currency import currency, reader_locale
from b2b.money import Money
from credit.terms import Terms

if TYPE_CHECKING:
    from b2b.models import Organisation
    from contracts.models import Contract


def facts(contract: Contract, language: str) -> dict[str, str]:
    """Every name of ``placeholders.STANDARD`` with its value in ``language``; empty where there is none yet."""
    chinese = language.startswith("zh")
    return {
        "contract_number": contract.number,
        "contract_title": contract.chinese_title if chinese else contract.title,
        "buyer_name": name_of(contract.buyer, language),
        "buyer_address": contract.buyer.address,
        "supplier_name": name_of(contract.supplier, language),
        "supplier_address": contract.supplier.address,
        "starts_on": day(contract.starts_on, language),
        "ends_on": day(contract.ends_on, language),
        "notice_days": str(contract.notice_days),
        "currency": currency_name(contract.currency, language),
        "value": amount(contract.value, contract.currency, language),
        "ceiling": amount(contract.ceiling, contract.currency, language),
        "payment_terms": terms(contract.payment_terms, language),
        "incoterm": contract.incoterm,
        "place": contract.place,
    }


def name_of(organisation: Organisation, language: str) -> str:
    """Its name in its own script for readers of Chinese, where it has one."""
    if language.startswith("zh") and organisation.native_name:
        return organisation.native_name
    return organisation.name


def currency_name(code: str, language: str) -> str:
    """With its code, in the brackets of the script."""
    name = currency(code).name(language)
    return f"{name}（{code}）" if language.startswith("zh") else f"{name} ({code})"


def day(on: date | None, language: str) -> str:
    return format_date(on, "long", locale=reader_locale(language)) if on else ""


def amount(value: Decimal | None, code: str, language: str) -> str:
    return "" if value is None else Money(value, code).display(language)


def terms(code: str, language: str) -> str:
    with override(language):
        return str(Terms(code).label)
