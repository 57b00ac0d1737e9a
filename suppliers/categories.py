"""Moving a branch of the category tree."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F, Func, Value
from django.utils.translation import gettext

from b2b.errors import Fault, Invalid
from suppliers.models import Category
from suppliers.models.category import DEEPEST


@transaction.atomic
def move(category: Category, *, to: Category | None) -> None:
    """Hang a category and everything below it under another, or at the root.

    Raises ``Invalid`` when it would lie under itself, or a category deeper than the tree may be.
    """
    _lock(category, to)
    branch = Category.objects.under(category.pk)
    above = list(to.lineage) if to else []
    if category.pk in above:
        raise _refused(gettext("A category cannot lie under itself."))
    sinks = len(above) + 1 - category.depth
    if branch.filter(depth__gt=DEEPEST - sinks).exists():
        raise _refused(gettext("The tree has at most %(levels)s levels.") % {"levels": DEEPEST})
    _rewrite(category, above, sinks)
    Category.objects.filter(pk=category.pk).update(parent=to)
    category.refresh_from_db()


def _lock(*ends: Category | None) -> None:
    """Hold everything above both ends, in the order of keys, so that two moves cannot make a ring."""
    keys = {key for end in ends if end for key in end.lineage}
    list(Category.objects.select_for_update().order_by("pk").filter(pk__in=keys))


def _rewrite(category: Category, above: list[UUID], sinks: int) -> None:
    """Exchange the part of each lineage that lies above the category."""
    kept = F(f"lineage__{category.depth - 1}_{DEEPEST}")
    new = Value(above, output_field=Category._meta.get_field("lineage"))
    Category.objects.under(category.pk).update(lineage=Func(new, kept, function="array_cat"), depth=F("depth") + sinks)


def _refused(detail: str) -> Invalid:
    return Invalid(faults=[Fault("#/parent", "category-place", detail)])
