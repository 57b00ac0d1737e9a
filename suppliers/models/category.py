from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from b2b.fields import KeyField, UnitField

if TYPE_CHECKING:
    from b2b.policy import Actor

DEEPEST = 3
"""Levels of the tree: a buyer finds a shelf with three clicks; finer codes stand in ``CategoryCode``."""


class CategoryQuerySet(models.QuerySet["Category"]):
    def visible_to(self, actor: Actor) -> Self:
        """The tree is common ground for everybody who acts for an organisation."""
        return self if actor.organisation_id else self.none()

    def under(self, category_id: UUID) -> Self:
        """A category and everything below it."""
        return self.filter(lineage__contains=[category_id])

    def named_like(self, text: str) -> Self:
        """Those whose name in either language begins with the text or has it in it."""
        return self.filter(Q(name__icontains=text) | Q(native_name__icontains=text) | Q(code__istartswith=text))

    def over(self, category_id: UUID) -> Self:
        """A category and everything it lies in."""
        mine = Category.objects.filter(pk=category_id)
        return self.filter(pk__in=mine.values_list(models.Func("lineage", function="unnest"), flat=True))


class Category(models.Model):
    """A shelf of the common catalogue. ``lineage`` holds the keys from the root down to its own."""

    id = KeyField()
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent category")
    )
    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    native_name = models.CharField(_("name in Chinese"), max_length=120, blank=True)
    lineage = ArrayField(models.UUIDField(), editable=False, default=list)
    depth = models.PositiveSmallIntegerField(editable=False, default=1)
    review_required = models.BooleanField(
        _("listed after a review"), default=True, help_text=_("Products are listed after the platform's review.")
    )
    price_rise_limit = models.DecimalField(
        _("price rises over (%)"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("A larger rise needs approval. Blank: as in the category above."),
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(name="category_at_most_three_levels", condition=Q(depth__gte=1, depth__lte=DEEPEST)),
            models.UniqueConstraint(fields=["parent", "name"], name="category_name_once", nulls_distinct=False),
            models.CheckConstraint(
                name="category_price_rise_limit_not_negative",
                condition=Q(price_rise_limit=None) | Q(price_rise_limit__gte=Decimal(0)),
            ),
        ]
        indexes = [GinIndex(fields=["lineage"], name="category_lineage")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Its place in the tree follows from the parent; use ``categories.move`` to move a branch."""
        above = list(self.parent.lineage) if self.parent else []
        self.lineage = [*above, self.pk]
        self.depth = len(self.lineage)
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        """The name in the reader's language, where there is one."""
        return self.native_name or self.name if (get_language() or "").startswith("zh") else self.name


class Scheme(models.TextChoices):
    UNSPSC = "unspsc", "UNSPSC"
    CPV = "cpv", "CPV"
    HS = "hs", "HS"


class CategoryCode(models.Model):
    """What a category is called in somebody else's classification; one category may map to several codes."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="codes", verbose_name=_("category"))
    scheme = models.CharField(_("classification"), max_length=8, choices=Scheme)
    code = models.CharField(_("code"), max_length=20)

    class Meta:
        verbose_name = _("classification code")
        verbose_name_plural = _("classification codes")
        ordering = ["scheme", "code"]
        constraints = [models.UniqueConstraint(fields=["scheme", "code", "category"], name="category_code_once")]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.code}"


class Kind(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Numeric value")
    CHOICE = "choice", _("Choice")
    BOOLEAN = "boolean", _("Yes or no")


class AttributeQuerySet(models.QuerySet["Attribute"]):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.organisation_id else self.none()


class Attribute(models.Model):
    """A property that products of a category, and of everything below it, have."""

    id = KeyField()
    category = models.ForeignKey(Category, models.CASCADE, related_name="attributes", verbose_name=_("category"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    native_name = models.CharField(_("name in Chinese"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.TEXT)
    unit = UnitField(_("unit"), blank=True)
    allowed_values = ArrayField(models.CharField(max_length=80), default=list, blank=True, verbose_name=_("values"))
    required = models.BooleanField(_("required"), default=False)

    objects = AttributeQuerySet.as_manager()

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        ordering = ["category", "code"]
        constraints = [
            models.UniqueConstraint(fields=["category", "code"], name="attribute_once"),
            models.CheckConstraint(
                name="attribute_choice_has_values",
                condition=~Q(kind=Kind.CHOICE) | Q(allowed_values__len__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name
