"""What a contract says, as one value: what the PDF is drawn from, what is hashed, what the parties sign.

It is plain JSON in both languages. The same contract gives the same canonical bytes, and so the
same SHA-256, on every machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from b2b.models import Organisation
from contracts.models import Contract, ContractClause
from contracts.placeholders import filled, names_in_all
from contracts.workflow.facts import name_of
from contracts.workflow.wording import paragraphs
from suppliers.models import SupplierProfile

FORM = "hanse/contract/1"
LANGUAGES = ("en", "zh-hans")


Values = Mapping[str, Mapping[str, str]]
"""By language, what the places in the clauses are filled with, by name."""


def content_of(contract: Contract, *, version: int, values: Values | None = None) -> dict[str, Any]:
    """Parties, terms, clauses and price lines, with every place filled in that has something to fill it.

    ``values`` are today's unless those of an earlier day are given, for names and formats change.
    """
    values = values if values is not None else _values(contract)
    return {
        "form": FORM,
        "number": contract.number,
        "version": version,
        "title": contract.title,
        "chinese_title": contract.chinese_title,
        "buyer": _party(contract.buyer),
        "supplier": _party(contract.supplier) | {"registers": _registers(contract.supplier)},
        "starts_on": contract.starts_on.isoformat() if contract.starts_on else None,
        "ends_on": contract.ends_on.isoformat() if contract.ends_on else None,
        "notice_days": contract.notice_days,
        "currency": contract.currency,
        "value": _plain(contract.value),
        "ceiling": _plain(contract.ceiling),
        "payment_terms": contract.payment_terms,
        "incoterm": contract.incoterm,
        "place": contract.place,
        "values": values,
        "clauses": _clauses(contract, values),
        "lines": _lines(contract),
    }


def canonical(content: dict[str, Any]) -> bytes:
    """UTF-8, names sorted, no spaces, decimals as strings: one content, one form."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha256_of(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def _party(organisation: Organisation) -> dict[str, Any]:
    return {
        "name": organisation.name,
        "chinese_name": name_of(organisation, "zh-hans"),
        "address": organisation.address,
        "country": organisation.country,
    }


def _registers(supplier: Organisation) -> list[dict[str, str]]:
    """The numbers under which public registers know the supplier, as its profile has them."""
    profile = SupplierProfile.objects.filter(supplier=supplier).first()
    if profile is None:
        return []
    return [{"scheme": row.scheme, "value": row.value} for row in profile.identifiers.order_by("scheme", "value")]


def _values(contract: Contract) -> Values:
    texts = [text for clause in contract.standing_clauses() for text in (clause.text, clause.chinese_text)]
    used = names_in_all(texts)
    return {
        language: {name: value for name, value in contract.values(language).items() if name in used}
        for language in LANGUAGES
    }


def _clauses(contract: Contract, values: Values) -> list[dict[str, Any]]:
    english, chinese = (values.get(language, {}) for language in LANGUAGES)
    standing = enumerate(contract.standing_clauses(), start=1)
    return [_clause(number, clause, english, chinese) for number, clause in standing]


def _clause(
    number: int, clause: ContractClause, english: Mapping[str, str], chinese: Mapping[str, str]
) -> dict[str, Any]:
    text = [filled(paragraph, english) for paragraph in paragraphs(clause.text)]
    chinese_text = [filled(paragraph, chinese) for paragraph in paragraphs(clause.chinese_text)]
    return {
        "number": number,
        "title": clause.title,
        "chinese_title": clause.chinese_title,
        "paragraphs": [list(pair) for pair in zip_longest(text, chinese_text, fillvalue="")],
    }


def _lines(contract: Contract) -> list[dict[str, Any]]:
    told = ("number", "item", "code", "quantity", "unit", "unit_price", "amount")
    return [
        {name: _plain(value) if isinstance(value, Decimal) else value for name, value in row.items()}
        for row in contract.lines.order_by("number").values(*told)
    ]


def _plain(value: Decimal | None) -> str | None:
    """Without the zeros the column's scale adds, so that the form does not depend on it."""
    return None if value is None else f"{value.normalize():f}"
