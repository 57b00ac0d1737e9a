"""The clauses and the template a new installation starts with, from ``data/library.toml``."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from django.db import transaction

from b2b.policy import Actor
from b2b.workflow import create
from contracts.models import Clause, ContractTemplate
from contracts.workflow.template import Condition, Field, Item


@transaction.atomic
def load(*, writer: Actor, approver: Actor) -> ContractTemplate:
    """Put the platform's own clauses and template in force; what is there under its code is left as it is.

    Both are the platform's staff, and two people: nobody approves what they wrote.
    """
    library = tomllib.loads(files("contracts.data").joinpath("library.toml").read_text("utf-8"))
    clauses: dict[str, Clause] = {}
    for told in library["clauses"]:
        clauses[told["code"]] = _clause(told, clauses, writer=writer, approver=approver)
    return _template(library["template"], clauses, writer=writer, approver=approver)


def _clause(told: dict[str, Any], known: dict[str, Clause], *, writer: Actor, approver: Actor) -> Clause:
    if there := Clause.objects.filter(buyer=None, code=told["code"]).first():
        return there
    clause = Clause(
        code=told["code"],
        title=told["title"],
        chinese_title=told["chinese_title"],
        category=told["category"],
        kind=told.get("kind", Clause.Kind.PREFERRED),
        instead_of=known.get(told.get("instead_of", "")),
    )
    create(clause, actor=writer)
    clause.revise(actor=writer, text=told["text"].strip(), chinese_text=told["chinese_text"].strip())
    clause.approve(actor=approver)
    return clause


def _template(told: dict[str, Any], clauses: dict[str, Clause], *, writer: Actor, approver: Actor) -> ContractTemplate:
    if there := ContractTemplate.objects.filter(buyer=None, code=told["code"]).first():
        return there
    template = ContractTemplate(code=told["code"], name=told["name"], chinese_name=told["chinese_name"], is_usual=True)
    create(template, actor=writer)
    template.revise(
        actor=writer,
        title=told["title"],
        chinese_title=told["chinese_title"],
        fields=[Field(**{**field, "choices": tuple(field.get("choices", ()))}) for field in told["fields"]],
        items=[_item(item, clauses) for item in told["items"]],
    )
    template.approve(actor=approver)
    return template


def _item(told: dict[str, Any], clauses: dict[str, Clause]) -> Item:
    condition = told.get("condition")
    return Item(clauses[told["clause"]], Condition(**condition) if condition else None)
