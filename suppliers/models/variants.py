"""What may be a variant of what: one level, within one catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext

from b2b.errors import Fault

if TYPE_CHECKING:
    from suppliers.models.product import Product


def variant_sentence(code: str) -> str:
    """Why something may not be a variant of something, in the reader's language."""
    return {
        "unknown-product": gettext("Your catalogue has no item of this number."),
        "variant-of-itself": gettext("An item is no variant of itself."),
        "variant-of-variant": gettext("That item is a variant itself. Name the item it is a variant of."),
        "variant-has-variants": gettext("Other items are variants of this one, so it cannot be a variant itself."),
    }[code]


def variant_fault(product: Product, parent: Product | None) -> Fault | None:
    """What speaks against ``product`` being a variant of ``parent``."""
    code = _code(product, parent) if parent is not None else ""
    return Fault("#/variant_of", code, variant_sentence(code)) if code else None


def _code(product: Product, parent: Product) -> str:
    if parent.supplier_id != product.supplier_id:
        return "unknown-product"
    if parent.pk == product.pk:
        return "variant-of-itself"
    if parent.variant_of_id is not None:
        return "variant-of-variant"
    return "variant-has-variants" if _has_variants(product) else ""


def _has_variants(product: Product) -> bool:
    key: UUID = product.pk
    return type(product)._base_manager.filter(variant_of_id=key).exists()
