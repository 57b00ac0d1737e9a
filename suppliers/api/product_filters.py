"""By what products may be filtered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Case, DecimalField, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext
from django_filters import CharFilter, NumberFilter, UUIDFilter

from b2b.api.filters import FilterSet
from b2b.api.pointers import parameter
from b2b.clock import database_now
from b2b.errors import Fault, Invalid
from b2b.number import InvalidNumber, exact
from suppliers.models import Category, Certificate, Price, PriceList, Product
from suppliers.models.values import NUMBER_PLACES, NUMBER_WHOLE

PLAIN_NUMBER = r"^-?\d{1,12}(\.\d{1,6})?$"


class ProductFilters(FilterSet):
    q = CharFilter(method="filter_nothing")
    supplier = UUIDFilter(field_name="supplier_id")
    category = UUIDFilter(method="filter_category", help_text="A category and everything below it.")
    lead_time_days_max = NumberFilter(field_name="lead_time_days", lookup_expr="lte")
    certified = CharFilter(method="filter_certified", help_text="The supplier holds a valid certificate of this kind.")
    brand = CharFilter(field_name="brand", lookup_expr="iexact")
    price_max = NumberFilter(method="filter_price", help_text="For one unit at some tier; with currency.")
    currency = CharFilter(method="filter_nothing")
    attribute = CharFilter(
        method="filter_attribute", help_text="code:value, or code:from..to for numbers; repeat for several."
    )

    class Meta:
        model = Product
        fields: ClassVar = [
            "q", "state", "supplier", "category", "lead_time_days_max", "certified", "brand", "attribute",
            "price_max", "currency",
        ]  # fmt: skip

    def filter_nothing(self, rows: QuerySet[Product], name: str, value: Any) -> QuerySet[Product]:
        """The pages do the search, as they rank it."""
        return rows

    def filter_category(self, rows: QuerySet[Product], name: str, value: Any) -> QuerySet[Product]:
        """By the keys themselves, so that the planner knows how many they are."""
        return rows.filter(category_id__in=list(Category.objects.under(value).values_list("pk", flat=True)))

    def filter_price(self, rows: QuerySet[Product], name: str, value: Decimal) -> QuerySet[Product]:
        """A price in force today for the acting organisation; without a currency in any, which compares nothing."""
        currency = self.data.get("currency")
        if not currency:
            detail = gettext("A price limit needs its currency.")
            raise Invalid(faults=[Fault(parameter("currency"), "required", detail)])
        today = database_now().date()
        lists = PriceList.objects.in_force(today).filter(currency=currency)
        for_me = lists.filter(Q(buyer=None) | Q(buyer_id=self.request.actor.organisation_id))
        low_enough = Q(unit_price__lte=F("price_base_quantity") * value)
        prices = Price.objects.on_day(today).filter(low_enough, product=OuterRef("pk"), price_list__in=for_me)
        return rows.filter(Exists(prices))

    def filter_certified(self, rows: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        held = Certificate.objects.filter(supplier_id=OuterRef("supplier_id"), kind=value)
        return rows.filter(Exists(held.valid(database_now().date())))

    def filter_attribute(self, rows: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        """Text compares as text, “true” and “false” as such, a range by the numbers among the values."""
        for pair in self.data.getlist(name):
            code, colon, said = pair.partition(":")
            if not colon:
                raise _faulty(name, gettext("Write code:value, or code:from..to for numbers."))
            rows = _within(rows, code, said) if ".." in said else rows.filter(attributes__contains={code: _meant(said)})
        return rows


def _meant(said: str) -> str | bool:
    return {"true": True, "false": False}.get(said, said)


def _within(rows: QuerySet[Product], code: str, said: str) -> QuerySet[Product]:
    """Products whose attribute is a number between both ends, either of which may be left out."""
    number = Cast("attribute_text", DecimalField(max_digits=NUMBER_WHOLE + NUMBER_PLACES, decimal_places=NUMBER_PLACES))
    least, _dots, most = said.partition("..")
    rows = rows.annotate(attribute_text=KeyTextTransform(code, "attributes"))
    rows = rows.annotate(attribute_number=Case(When(attribute_text__regex=PLAIN_NUMBER, then=number)))
    for lookup, end in (("gte", least), ("lte", most)):
        if end:
            rows = rows.filter(**{f"attribute_number__{lookup}": _number(end)})
    return rows


def _number(text: str) -> Decimal:
    try:
        return exact(text, whole=NUMBER_WHOLE, places=NUMBER_PLACES)
    except InvalidNumber as wrong:
        raise _faulty("attribute", str(wrong)) from None


def _faulty(name: str, detail: str) -> Invalid:
    return Invalid(faults=[Fault(parameter(name), "invalid", detail)])
