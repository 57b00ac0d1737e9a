from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b import journal
from b2b.clock import database_now
from b2b.errors import Fault
from b2b.fields import CurrencyField, KeyField, QuantityField, UnitPriceField
from b2b.models import Organisation
from b2b.uploads.models import Upload
from suppliers.models.product import SUPERVISING, Product
from suppliers.models.rises import Market, Rise, rises_of_list
from suppliers.policy import supplying
from suppliers.workflow.price_list import Pricing

if TYPE_CHECKING:
    from b2b.policy import Actor

EVERYBODY = UUID(int=0)
"""Stands for “no particular customer” where NULL would make every list differ from every other."""


SHOWN_RISES = 50
"""Of the prices that need approval, so many are named."""


class Scope(models.TextChoices):
    """Which list wins where several are in force: a customer's own, then a promotion, then the standard."""

    STANDARD = "standard", _("Standard")
    PROMOTION = "promotion", _("Promotion")


IN_TURN = ("min_quantity", F("valid_from").asc(nulls_first=True))
"""The prices of one product: by quantity, then as they follow each other."""
BOTH_ENDS = RangeBoundary(inclusive_lower=True, inclusive_upper=True)


class DateRange(Func):
    """PostgreSQL's ``daterange`` of two columns, both ends included; an open end is NULL."""

    function = "daterange"
    output_field = DateRangeField()


class PriceListQuerySet(models.QuerySet["PriceList"]):
    def visible_to(self, actor: Actor) -> Self:
        """The supplier its own; a buyer the published ones that are for everybody or for it alone."""
        if actor.platform and actor.roles & SUPERVISING:
            return self
        if actor.organisation_id is None:
            return self.none()
        for_me = Q(buyer=None) | Q(buyer_id=actor.organisation_id)
        return self.filter(Q(supplier_id=actor.organisation_id) | (for_me & Q(state="published")))

    def in_force(self, on: Any) -> Self:
        """Published, and valid on the day."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=on), state="published", valid_from__lte=on)


class PriceList(Pricing):
    """Prices of one supplier in one currency for a range of days, for everybody or for one customer.

    Both days are included. The database bars two published lists of the same scope for the same
    customer and currency whose days overlap.
    """

    FINAL: ClassVar = ("withdrawn",)
    editable_by = supplying

    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="price_lists", verbose_name=_("supplier"))
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=120)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.STANDARD)
    currency = CurrencyField(_("currency"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    review_note = models.TextField(_("note of the review"), blank=True, editable=False, max_length=500)

    objects = PriceListQuerySet.as_manager()

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ["-valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                name="price_list_ends_after_it_begins",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            ExclusionConstraint(
                name="price_lists_do_not_overlap",
                expressions=[
                    ("supplier", RangeOperators.EQUAL),
                    (Coalesce("buyer", Value(EVERYBODY)), RangeOperators.EQUAL),
                    ("currency", RangeOperators.EQUAL),
                    ("scope", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_until", BOTH_ENDS),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state="published"),
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.number, self.name)))

    def overlapping(self) -> str | None:
        """The name of another published list that stands in the way of publishing this one."""
        others = PriceList.objects.filter(
            supplier_id=self.supplier_id, buyer_id=self.buyer_id, currency=self.currency, scope=self.scope
        ).exclude(pk=self.pk)
        meets = others.filter(Q(valid_until=None) | Q(valid_until__gte=self.valid_from), state="published")
        if self.valid_until is not None:
            meets = meets.filter(valid_from__lte=self.valid_until)
        other = meets.first()
        return str(other) if other else None

    def has_prices(self) -> bool:
        return self.prices.exists()

    def prices_outside(self) -> Iterator[Fault]:
        """One for each price whose own days reach out of the list's, the first few."""
        found = self.prices.outside(self.valid_from, self.valid_until).select_related("product")
        for price in found.order_by("product__sku", "min_quantity")[:SHOWN_RISES]:
            yield Fault(f"#/prices/{price.product.sku}", "price-outside-list", outside_sentence(self))

    def no_last_day(self, day: date, *, today: date) -> Fault | None:
        """Why the list cannot end on this day; days that are past stay as they were."""
        if day < self.valid_from:
            detail = gettext("The list begins on %(begins)s. Withdraw it if it is not to be valid at all.")
            return Fault("#/valid_until", "ends-before-it-begins", detail % {"begins": self.valid_from})
        if day < today:
            detail = gettext("The prices were valid on past days and stay so. Say %(today)s or a later day.")
            return Fault("#/valid_until", "ends-in-the-past", detail % {"today": today})
        if self.valid_until is not None and day >= self.valid_until:
            detail = gettext("The list ends on %(ends)s already. Say an earlier day, or draw up another list.")
            return Fault("#/valid_until", "ends-already", detail % {"ends": self.valid_until})
        return None

    def cut_prices(self, last: date, *, actor: Actor) -> None:
        """Let no price's own days reach beyond the last; what was to come stays in the journal.

        Days that are the list's are not the price's own.
        """
        beyond = list(self.prices.filter(Q(valid_from__gt=last) | Q(valid_until__gt=last)).values_list("pk", flat=True))
        before = self._lines_said(beyond)
        self.prices.filter(valid_from__gt=last).delete()
        self.prices.filter(valid_until__gte=last).update(valid_until=None)
        if beyond:
            self.version += 1
            journal.record(self, "edit", actor=actor, before=before, after=self._lines_said(beyond))

    def _lines_said(self, keys: Collection[UUID]) -> journal.Snapshot:
        told = self._lines(self.prices.filter(pk__in=keys))
        return journal.Snapshot(
            self.state, {f"lines.{key}.{name}": str(one) for key, line in told.items() for name, one in line.items()}
        )

    def is_being_filled(self) -> bool:
        """Whether an upload is writing prices into it now."""
        at_work = Upload.objects.filter(state__in=["applying", "stopping", "undoing"])
        mine = Q(target_id=self.pk) | Q(basis__price_lists__contains=[str(self.pk)])
        return at_work.filter(mine, organisation_id=self.supplier_id).exists()

    @property
    def market(self) -> Market:
        return Market(self.supplier_id, self.currency, self.scope, self.buyer_id)

    def rise_faults(self) -> Iterator[Fault]:
        """One for each price that rises over its category's limit and so needs approval."""
        for rise in rises_of_list(self.pk, self.market, on=database_now().date(), most=SHOWN_RISES):
            yield Fault(f"#/prices/{rise.sku}", "price-rise", rise_sentence(rise))

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        return self._lines(self.prices.all())

    def _lines(self, prices: models.QuerySet[Price]) -> dict[str, dict[str, Any]]:
        names = ("unit_price", "price_base_quantity", "valid_from", "valid_until")
        tiers = prices.values("product__sku", "min_quantity", *names)
        return {
            _line(tier["product__sku"], tier["min_quantity"], tier["valid_from"]): {
                name: tier[name] for name in names if tier[name] is not None
            }
            for tier in tiers
        }


def _line(sku: str, start: Decimal, begins: date | None) -> str:
    """The name of a price in the journal of its list."""
    own = (begins.isoformat(),) if begins else ()
    return "/".join((sku, f"{start.normalize():f}", *own))


def outside_sentence(price_list: PriceList) -> str:
    """That the days of a price reach out of its list's, in the reader's language."""
    if price_list.valid_until is None:
        detail = gettext("The price list is valid from %(begins)s on; the days of a price lie within.")
        return detail % {"begins": price_list.valid_from}
    detail = gettext("The price list is valid from %(begins)s to %(ends)s; the days of a price lie within.")
    return detail % {"begins": price_list.valid_from, "ends": price_list.valid_until}


def rise_sentence(rise: Rise) -> str:
    """That the rise needs approval, in the reader's language."""
    said = {"sku": rise.sku, "quantity": f"{rise.min_quantity.normalize():f}", "limit": f"{rise.limit.normalize():f}"}
    if rise.percent is None:
        detail = gettext("%(sku)s, from quantity %(quantity)s: it was free before. Submit the prices for approval.")
        return detail % said
    said["percent"] = f"{rise.percent:f}"
    if rise.within:
        detail = gettext(
            "%(sku)s, from quantity %(quantity)s: from %(day)s on the price rises by %(percent)s %% over the one "
            "before it in this list, more than the %(limit)s %% of its category. Submit the prices for approval."
        )
        return detail % {**said, "day": rise.since}
    detail = gettext(
        "%(sku)s, from quantity %(quantity)s: the price rises by %(percent)s %%, more than the %(limit)s %% of its "
        "category. Submit the prices for approval.",
    )
    return detail % said


def rise_remark(rise: Rise) -> str:
    """The same, beside the row of a table that has the price."""
    if rise.percent is None:
        return gettext("Needs approval: it was free before.")
    said = {"percent": f"{rise.percent:f}", "limit": f"{rise.limit.normalize():f}"}
    if rise.within:
        detail = gettext(
            "Needs approval: rises by %(percent)s %% over the price before it in this list, more than the %(limit)s %% "
            "of its category."
        )
        return detail % said
    return gettext("Needs approval: rises by %(percent)s %%, more than the %(limit)s %% of its category.") % said


class PriceQuerySet(models.QuerySet["Price"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever may see the list."""
        return self.filter(price_list__in=PriceList.objects.visible_to(actor))

    def on_day(self, on: date) -> Self:
        """Those whose own days, where they have any, hold the day; whether the list is in force is asked besides."""
        begun = Q(valid_from=None) | Q(valid_from__lte=on)
        return self.filter(begun, Q(valid_until=None) | Q(valid_until__gte=on))

    def outside(self, begins: date, ends: date | None) -> Self:
        """Those whose own days would reach out of a list with these; an open end is ``None``."""
        early = Q(valid_from__lt=begins) | Q(valid_until__lt=begins)
        if ends is None:
            return self.filter(early)
        return self.filter(early | Q(valid_from__gt=ends) | Q(valid_until__gt=ends))


class Price(models.Model):
    """What one product costs from a quantity on. The price is for ``price_base_quantity`` units.

    Without days of its own it is valid as long as its list is; its own lie within the list's, which a trigger
    proves (``price_within_list``). Both are included. No two prices of a list for the same product from the same
    quantity on are valid on one day.
    """

    id = KeyField()
    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices", verbose_name=_("price list"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="prices", verbose_name=_("product"))
    min_quantity = QuantityField(_("from quantity"), default=Decimal(1))
    unit_price = UnitPriceField(_("unit price"))
    price_base_quantity = QuantityField(_("price is for"), default=Decimal(1))
    valid_from = models.DateField(_("valid from"), null=True, blank=True, help_text=_("Blank: as the list."))
    valid_until = models.DateField(_("valid until"), null=True, blank=True, help_text=_("Blank: as the list."))

    objects = PriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["price_list", "product", *IN_TURN]
        constraints = [
            ExclusionConstraint(
                name="price_tier_once_a_day",
                expressions=[
                    ("product", RangeOperators.EQUAL),
                    ("price_list", RangeOperators.EQUAL),
                    ("min_quantity", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until", BOTH_ENDS), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="price_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(name="price_not_negative", condition=Q(unit_price__gte=0)),
            models.CheckConstraint(name="price_tier_positive", condition=Q(min_quantity__gt=0)),
            models.CheckConstraint(name="price_base_positive", condition=Q(price_base_quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.unit_price:f}"

    @property
    def begins(self) -> date:
        """The first day it is valid on."""
        return self.valid_from or self.price_list.valid_from

    @property
    def ends(self) -> date | None:
        """The last day it is valid on; ``None`` until further notice."""
        return self.valid_until or self.price_list.valid_until
