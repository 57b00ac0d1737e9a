"""A contract's content laid out for print: both languages side by side, everything in words and figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from b2b.currency import currency, reader_locale
from b2b.unit import unit
from contracts.content import LANGUAGES, sha256_of
from contracts.workflow import facts
from suppliers.models.profile import Register

FIGURES = "en"
"""Figures are written alike for readers of both languages: 1,234.50."""

LABELS: dict[str, str | Promise] = {
    "number": _("Contract number"),
    "version": _("Version"),
    "buyer": _("Buyer"),
    "supplier": _("Supplier"),
    "terms": _("Particulars"),
    "annex": _("Annex 1: prices"),
    "line": _("No."),
    "item": _("Item"),
    "code": _("Item number"),
    "quantity": _("Quantity"),
    "unit": _("Unit"),
    "unit_price": _("Unit price"),
    "amount": _("Amount"),
    "total": _("Total"),
    "signatures": _("Signatures"),
    "for_buyer": _("For the buyer"),
    "for_supplier": _("For the supplier"),
    "in_figures": _("Amounts in %(currency)s, without tax."),
    "signing": _(
        "Each party signs electronically, by an authorised signatory who has identified himself or herself with a "
        "second factor. The signature covers the SHA-256 of this file. The record of signatures names who signed for "
        "whom and when, and is part of this contract."
    ),
    "hash": _("SHA-256 of the content"),
}


@dataclass(frozen=True, slots=True)
class Both:
    """The same in English and in Chinese."""

    en: str
    zh: str

    @property
    def differ(self) -> bool:
        return self.en != self.zh


def layout(content: dict[str, Any]) -> dict[str, Any]:
    """What the template needs, from the content alone: the same content is always laid out alike."""
    return {
        "content": content,
        "sha256": sha256_of(content),
        "label": {name: both(label) for name, label in LABELS.items()},
        "money": _in_currency(content["currency"]),
        "parties": [_party(content, side) for side in ("buyer", "supplier")],
        "terms": list(_terms(content)),
        "clauses": [_clause(clause) for clause in content["clauses"]],
        "lines": [_line(line, content["currency"]) for line in content["lines"]],
        "total": _money(content["value"], content["currency"]),
    }


def both(label: str | Promise) -> Both:
    said = []
    for language in LANGUAGES:
        with override(language):
            said.append(str(label))
    return Both(*said)


def _in_currency(code: str) -> Both:
    label = both(LABELS["in_figures"])
    return Both(
        label.en % {"currency": facts.currency_name(code, "en")},
        label.zh % {"currency": facts.currency_name(code, "zh-hans")},
    )


def _party(content: dict[str, Any], side: str) -> dict[str, Any]:
    party = content[side]
    return {
        "role": both(LABELS[side]),
        "name": Both(party["name"], party["chinese_name"]),
        "address": party["address"],
        "country": Both(*(_country(party["country"], language) for language in LANGUAGES)),
        "registers": [
            {"label": both(Register(row["scheme"]).label), "value": row["value"]} for row in party.get("registers", [])
        ],
    }


def _country(code: str, language: str) -> str:
    return str(reader_locale(language).territories.get(code, code))


def _terms(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The particulars that are there, each with its label and its value in both languages."""
    told = [
        (_("Period"), [_period(content, language) for language in LANGUAGES]),
        (_("Notice before the end"), [_days(content["notice_days"], language) for language in LANGUAGES]),
        (_("Value"), _amounts(content, "value")),
        (_("Ceiling for all call-offs"), _amounts(content, "ceiling")),
        (_("Payment terms"), [facts.terms(content["payment_terms"], language) for language in LANGUAGES]),
        (_("Delivery"), [" ".join(filter(None, [content["incoterm"], content["place"]]))] * 2),
    ]
    for label, values in told:
        if any(values):
            yield {"label": both(label), "value": Both(*values)}


def _period(content: dict[str, Any], language: str) -> str:
    first, last = (facts.day(date.fromisoformat(content[name]), language) for name in ("starts_on", "ends_on"))
    with override(language):
        return str(_("%(first)s to %(last)s, both days included")) % {"first": first, "last": last}


def _days(days: int, language: str) -> str:
    with override(language):
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def _amounts(content: dict[str, Any], name: str) -> list[str]:
    value = content[name]
    return [
        facts.amount(None if value is None else Decimal(value), content["currency"], language) for language in LANGUAGES
    ]


def _clause(clause: dict[str, Any]) -> dict[str, Any]:
    pairs = enumerate(clause["paragraphs"], start=1)
    return {
        "number": clause["number"],
        "title": Both(clause["title"], clause["chinese_title"]),
        "paragraphs": [{"number": f"{clause['number']}.{place}", "text": Both(*pair)} for place, pair in pairs],
    }


def _line(line: dict[str, Any], code: str) -> dict[str, Any]:
    known = unit(line["unit"])
    return {
        **line,
        "quantity": _figure(line["quantity"]),
        "unit": known.symbol or known.name,
        "unit_price": _figure(line["unit_price"], at_least=currency(code).places),
        "amount": _money(line["amount"], code),
    }


def _figure(value: str | None, *, at_least: int = 0) -> str:
    """Grouped, with all the places it has, and at least so many."""
    if value is None:
        return ""
    pattern = "#,##0." + "0" * at_least + "#" * (6 - at_least)
    return str(format_decimal(Decimal(value), format=pattern, locale=FIGURES))


def _money(value: str | None, code: str) -> str:
    places = currency(code).places
    return "" if value is None else _figure(value, at_least=places)
