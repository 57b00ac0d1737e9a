"""An uploaded catalogue against the one there is: every fault by cell, or all of it, and then only what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext

from b2b import journal
from b2b.clock import database_now
from b2b.policy import Actor
from b2b.sheets.reading import Reading
from b2b.sheets.sheet import Row
from suppliers.bulk import Changed, write_products
from suppliers.models import Attribute, Category, Product
from suppliers.models.values import attribute_faults, plain_number
from suppliers.sheets.catalogue import BLANK

_SAID = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


@dataclass(frozen=True, slots=True)
class Imported:
    """How many items a file brought, changed, and left as they were."""

    created: int
    changed: int
    unchanged: int


@dataclass(slots=True)
class _Shelves:
    """The categories, by code and by name, and what each asks of its products."""

    by_name: dict[str, Category] = field(default_factory=dict)
    asked: dict[UUID, list[Attribute]] = field(default_factory=dict)

    @classmethod
    def all(cls) -> _Shelves:
        categories = list(Category.objects.all())
        own: dict[UUID, list[Attribute]] = {category.pk: [] for category in categories}
        for attribute in Attribute.objects.all():
            own[attribute.category_id].append(attribute)
        names = {name.casefold(): one for one in categories for name in (one.native_name, one.name, one.code) if name}
        asked = {one.pk: [each for key in one.lineage for each in own[key]] for one in categories}
        return cls(names, asked)


@transaction.atomic
def import_catalogue(reading: Reading, *, supplier_id: UUID, actor: Actor) -> Imported:
    """Create drafts for new item numbers and change the others; one file twice changes nothing the second time.

    Raises ``Faulty`` with the faults of every cell, and then nothing was written. Whether the actor
    may keep this catalogue is the caller's question.
    """
    _one_upload_at_a_time(supplier_id)
    shelves = _Shelves.all()
    known = {product.sku: product for product in _existing(reading, supplier_id)}
    wanted = [_wanted(reading, row, known.get(row["sku"]), shelves) for row in reading.rows]
    reading.sound()
    now = database_now()
    created = [_new(values, supplier_id, actor, now) for product, values in wanted if product is None]
    changed = [one for product, values in wanted if product is not None and (one := _changed(product, values))]
    write_products(created, changed, actor=actor)
    return Imported(len(created), len(changed), len(wanted) - len(created) - len(changed))


def _one_upload_at_a_time(supplier_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"suppliers.catalogue/{supplier_id}"])


def _existing(reading: Reading, supplier_id: UUID) -> Iterator[Product]:
    """Locked in the order of keys, so that nobody edits an item meanwhile."""
    numbers = [row["sku"] for row in reading.rows]
    found = Product.objects.filter(supplier_id=supplier_id, sku__in=numbers).defer("search")
    return found.select_related("category").select_for_update(of=("self",)).order_by("pk").iterator(chunk_size=5_000)


def _wanted(
    reading: Reading, row: Row, product: Product | None, shelves: _Shelves
) -> tuple[Product | None, dict[str, Any]]:
    """What the row says the item shall be; what is wrong with that is added to the reading's faults."""
    given = reading.header.places if reading.header else {}
    values = {name: _or_blank(name, value) for name, value in row.items() if name in given}
    if "category" in values:
        values["category_id"] = _category_id(reading, row, values.pop("category"), shelves)
    category_id = values.get("category_id", product.category_id if product else None)
    asked = shelves.asked.get(category_id, []) if category_id else []
    if "attributes" in values:
        values["attributes"] = _typed(values["attributes"], asked)
    _judge_attributes(reading, row, values.get("attributes", product.attributes if product else {}), asked, category_id)
    if product is not None:
        _judge_state(reading, row, product, values)
    return product, values


def _or_blank(name: str, value: Any) -> Any:
    return BLANK.get(name, "") if value is None else value


def _category_id(reading: Reading, row: Row, named: str | None, shelves: _Shelves) -> UUID | None:
    if named is None:
        return None
    category = shelves.by_name.get(named.casefold())
    if category is None:
        reading.fault(row, "category", "unknown-category", gettext("There is no such category."))
    return category.pk if category else None


def _typed(values: Mapping[str, str], asked: list[Attribute]) -> dict[str, Any]:
    kinds = {attribute.code: attribute.kind for attribute in asked}
    return {code: _of_kind(kinds.get(code, "text"), value) for code, value in values.items()}


def _of_kind(kind: str, value: str) -> Any:
    """A number in its plain form and a yes or no as such; the rest, and what is neither, as it was written."""
    if kind == "boolean":
        return {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}.get(
            value.lower(), value
        )
    if kind == "number":
        return plain_number(value)
    return value


def _judge_attributes(
    reading: Reading, row: Row, values: Mapping[str, Any], asked: list[Attribute], category_id: UUID | None
) -> None:
    for fault in attribute_faults(values, asked) if category_id else ():
        reading.fault(row, "attributes", fault.code, fault.detail)


def _judge_state(reading: Reading, row: Row, product: Product, values: Mapping[str, Any]) -> None:
    if not _differs(product, values):
        return
    if product.state not in product.editable_in:
        detail = gettext("This item is “%(state)s” and cannot be changed.") % {"state": product.get_state_display()}
        reading.fault(row, "sku", "product-closed", detail)
    elif product.content_is_reviewed() and product.reviewed_changes(values):
        detail = gettext("This item was listed after a review. Delist it before its content is changed.")
        reading.fault(row, "sku", "review-needed", detail)


def _new(values: Mapping[str, Any], supplier_id: UUID, actor: Actor, now: datetime) -> Product:
    return Product(**values, supplier_id=supplier_id, created_by_id=actor.user_id, created_at=now, version=1)


def _changed(product: Product, values: Mapping[str, Any]) -> Changed | None:
    if not _differs(product, values):
        return None
    before = journal.snapshot(product)
    for name, value in values.items():
        setattr(product, name, value)
    product.version += 1
    return Changed(product, before)


def _differs(product: Product, values: Mapping[str, Any]) -> bool:
    return any(True for _ in _different(product, values))


def _different(product: Product, values: Mapping[str, Any]) -> Iterator[str]:
    return (name for name, value in values.items() if getattr(product, name) != value)
