"""What stands above an RFQ is held after it: proposing, opening, confirming and cancelling all begin there.

So none waits for another in a ring. A row is held when it comes out of the join, into which the RFQ comes held
already, so both take one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import EmptyResultSet
from django.db import models

from b2b.clock import remember_now
from b2b.compiled import compiled
from b2b.rows import columns, loaded, width
from b2b.workflow.document import held
from b2b.workflow.seen import among, likeness, looked_for
from procurement.models import RequestForQuotation

if TYPE_CHECKING:
    from uuid import UUID

    from b2b.policy import Actor
    from b2b.workflow.document import Document

HOLD = """
    WITH rfq AS (SELECT * FROM procurement_requestforquotation WHERE id = ({rfq}) FOR {strength})
    SELECT now(), {columns} FROM "{table}" own CROSS JOIN rfq WHERE own.id = %s FOR UPDATE OF own
"""
Strength = Literal["SHARE", "UPDATE"]
"""Shared where the RFQ must only not move meanwhile."""


def hold_with_rfq(document: Any, strength: Strength) -> None:
    """The document's ``lock``: hold both until the transaction ends, and see both as they are now."""
    if document.was_held():
        return
    model: type[Document] = type(document)
    row, began_at = held(model, _hold(model, "%s", strength), [document.rfq_id, document.pk])
    document.see(loaded(model, row[: width(model)]), began_at)
    document.rfq = loaded(RequestForQuotation, row[width(model) :])


def found_with_rfq(model: type[Document], key: UUID, actor: Actor | None, strength: Strength) -> Any:
    """The document with this key, if the actor may see it, as ``hold_with_rfq`` would hold it.

    The RFQ is found through what is seen, so what is not seen is not held either. Raises ``DoesNotExist``.
    """
    try:
        rfq, parameters = _rfq_of.asked(*looked_for(key, actor), model=model, like=likeness(actor))
    except EmptyResultSet:
        raise model.DoesNotExist from None
    row, began_at = held(model, _hold(model, rfq, strength), [*parameters, key])
    remember_now(began_at)
    return _both(model, row)


@compiled
def _rfq_of(
    key: UUID, user_id: UUID | None, organisation_id: UUID | None, *, model: type[Document], like: Actor | None
) -> models.QuerySet[Any, Any]:
    return among(model, like, user_id, organisation_id).filter(pk=key).order_by().values("rfq_id")


def _both(model: type[Document], row: Sequence[Any]) -> Any:
    document: Any = loaded(model, row[: width(model)])
    document.rfq = loaded(RequestForQuotation, row[width(model) :])
    document.is_held()
    return document


@lru_cache
def _hold(model: type[Document], rfq: str, strength: Strength) -> str:
    told = f"{columns(model, 'own')}, {columns(RequestForQuotation, 'rfq')}"
    return HOLD.format(rfq=rfq, strength=strength, table=model._meta.db_table, columns=told)
