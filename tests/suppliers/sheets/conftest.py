from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile

from b2b.models import Organisation
from b2b.policy import Actor
from b2b.uploads.models import Upload
from b2b.uploads.starting import bring, pasted
from suppliers.models import Category
from tests.factories.b2b import SupplierFactory, member
from tests.factories.suppliers import AttributeFactory, CategoryFactory


@pytest.fixture
def supplier() -> Organisation:
    return SupplierFactory()


@pytest.fixture
def seller(supplier: Organisation) -> Actor:
    return member(supplier, "sales")


@pytest.fixture
def bolts() -> Category:
    category = CategoryFactory(code="bolts", name="Bolts", native_name="螺栓")
    AttributeFactory(
        category=category,
        code="thread",
        name="Thread",
        native_name="螺纹",
        kind="choice",
        allowed_values=["M6", "M8"],
        required=True,
    )
    AttributeFactory(category=category, code="length", name="Length", native_name="长度", kind="number")
    return category


@pytest.fixture
def brought(seller: Actor, do_jobs: Callable[[], int]) -> Callable[..., Upload]:
    """Bring a table, written as lines of cells between tabs or as a workbook, and wait until it has been read."""

    def bring_it(table: str | bytes, *, format: str, **options: Any) -> Upload:  # noqa: A002
        file = pasted(table) if isinstance(table, str) else ContentFile(table, name="table.xlsx")
        upload = bring(file, format=format, actor=options.pop("actor", seller), **options)
        do_jobs()
        upload.refresh_from_db()
        return upload

    return bring_it


@pytest.fixture
def applied(brought: Callable[..., Upload], seller: Actor, do_jobs: Callable[[], int]) -> Callable[..., Upload]:
    """Bring a table and apply it; ``inputs`` are those of the step."""

    def apply_it(table: str | bytes, *, format: str, inputs: dict[str, Any] | None = None, **options: Any) -> Upload:  # noqa: A002
        actor = options.get("actor", seller)
        upload = brought(table, format=format, **options)
        upload.apply(actor=actor, **(inputs or {}))
        do_jobs()
        upload.refresh_from_db()
        return upload

    return apply_it


@pytest.fixture
def undone(seller: Actor, do_jobs: Callable[[], int]) -> Callable[..., Upload]:
    """Take an upload back."""

    def undo_it(upload: Upload, actor: Actor | None = None) -> Upload:
        upload.undo(actor=actor or seller)
        do_jobs()
        upload.refresh_from_db()
        return upload

    return undo_it
