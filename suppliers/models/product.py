from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from b2b.errors import Fault
from b2b.fields import QuantityField, UnitField
from b2b.models import Organisation
from suppliers.models.category import Attribute, Category
from suppliers.models.values import attribute_faults
from suppliers.policy import supplying
from suppliers.workflow.product import Listing

if TYPE_CHECKING:
    from b2b.policy import Actor

SUPERVISING = frozenset({"compliance", "auditor"})


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, actor: Actor) -> Self:
        """Everybody sees what is listed; the supplier its own; the platform's control staff everything."""
        if actor.platform and actor.roles & SUPERVISING:
            return self
        if actor.organisation_id is None:
            return self.none()
        return self.filter(Q(state="listed") | Q(supplier_id=actor.organisation_id))

    def offered(self, at: datetime) -> Self:
        """Listed, and within the time it is scheduled for."""
        begun = Q(listed_from=None) | Q(listed_from__lte=at)
        return self.filter(begun & (Q(listed_until=None) | Q(listed_until__gt=at)), state="listed")

    def listing_over(self, at: datetime) -> Self:
        return self.filter(state="listed", listed_until__lte=at)


class Product(Listing):
    """An item of a supplier's catalogue, known to that supplier by its ``sku``."""

    FINAL: ClassVar = ("discontinued",)
    editable_by = supplying
    editable_in = ("draft", "listed", "delisted")
    REVIEWED: ClassVar = frozenset(
        {
            "sku",
            "name",
            "native_name",
            "description",
            "brand",
            "part_number",
            "gtin",
            "category_id",
            "unit",
            "attributes",
            "variant_of_id",
        }
    )
    """What a review looks at; minimum order, lead time and schedule may change without one."""

    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="products", verbose_name=_("supplier"))
    sku = models.CharField(_("supplier's item number"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    native_name = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True, max_length=4000)
    brand = models.CharField(_("brand"), max_length=80, blank=True)
    part_number = models.CharField(_("manufacturer's part number"), max_length=60, blank=True)
    gtin = models.CharField(_("GTIN"), max_length=14, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("category")
    )
    # Rows of an upload arrive in portions: a variant may come into the table before what it is a variant of.
    variant_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="variants",
        db_constraint=False,
        verbose_name=_("variant of"),
    )
    unit = UnitField(_("unit"))
    moq = QuantityField(_("minimum order quantity"), default=Decimal(1))
    lead_time_days = models.PositiveSmallIntegerField(_("lead time in days"), null=True, blank=True)
    packages = models.JSONField(_("packages"), default=dict, blank=True)
    """How much of the unit each package holds, by its unit: ``{"XCT": "24"}``."""
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    listed_from = models.DateTimeField(_("listed from"), null=True, blank=True)
    listed_until = models.DateTimeField(_("listed until"), null=True, blank=True)
    review_note = models.TextField(_("note of the review"), blank=True, editable=False, max_length=500)
    search = SearchVectorField(editable=False, null=True)
    """Kept by a trigger (``0002_product_search``); ``queries.search`` explains what stands in it."""

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "sku"], name="product_sku_once_per_supplier"),
            models.CheckConstraint(name="product_moq_positive", condition=Q(moq__gt=0)),
            models.CheckConstraint(
                name="product_listing_ends_after_it_begins",
                condition=Q(listed_from=None) | Q(listed_until=None) | Q(listed_until__gt=F("listed_from")),
            ),
            models.CheckConstraint(
                name="product_no_variant_of_itself", condition=Q(variant_of=None) | ~Q(variant_of=F("id"))
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="product_search"),
            GinIndex(fields=["attributes"], name="product_attributes", opclasses=["jsonb_path_ops"]),
            models.Index(fields=["listed_until"], name="product_listing_ends", condition=Q(state="listed")),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"

    def needs_review(self) -> bool:
        return self.category is None or self.category.review_required

    def reviewed_changes(self, values: Mapping[str, object]) -> list[str]:
        """Which of the new values a review would have to look at."""
        return [
            name
            for name, value in values.items()
            if (name in self.REVIEWED or f"{name}_id" in self.REVIEWED) and getattr(self, name) != value
        ]

    def content_is_reviewed(self) -> bool:
        """Listed after a review, so that its content may not change behind the reviewer's back."""
        return self.state == "listed" and self.needs_review()

    def attributes_asked(self) -> list[Attribute]:
        """What the category and those it lies in ask of a product."""
        if self.category_id is None:
            return []
        return list(Attribute.objects.filter(category__in=Category.objects.over(self.category_id)))

    def attribute_faults(self) -> Iterable[Fault]:
        """What the category's attributes find wrong or missing."""
        return attribute_faults(self.attributes, self.attributes_asked()) if self.category_id else []


class Stock(models.Model):
    """How much of a product lies ready, as the supplier last said."""

    product = models.OneToOneField(
        Product, models.CASCADE, primary_key=True, related_name="stock", verbose_name=_("product")
    )
    on_hand = QuantityField(_("on hand"))
    warn_below = QuantityField(_("warn below"), null=True, blank=True)
    updated_at = models.DateTimeField(_("as of"), auto_now=True)

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        constraints = [models.CheckConstraint(name="stock_not_negative", condition=Q(on_hand__gte=0))]

    def __str__(self) -> str:
        return str(self.on_hand)


class SearchWord(models.Model):
    """A word that occurs in some product's name, to mend typing errors by. Written by a trigger; it may repeat."""

    id = models.BigAutoField(primary_key=True)
    word = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=["word"], name="search_word"),
            GinIndex(fields=["word"], name="search_word_likeness", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.word
