"""Price lists with their tiers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, DateFilter, UUIDFilter
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from b2b.api.documents import DocumentSerializer, DocumentViewSet, ReasonInput, RowSerializer
from b2b.api.fields import DecimalField
from b2b.api.filters import FilterSet
from b2b.api.requests import Request
from b2b.api.serializers import ModelSerializer, Serializer
from b2b.api.versions import expected_version
from b2b.api.workbooks import template_download, workbook_download
from b2b.errors import Fault, Invalid, NotAllowed
from b2b.models import Organisation
from b2b.policy import Actor, sales
from b2b.workflow.editing import require_editable
from suppliers.api.columns import LEAST, PRICE, QUANTITY, WORKBOOK, RemarkInput, UploadInput, currency_code
from suppliers.api.price import PriceSerializer
from suppliers.api.workbooks import (
    PricesImportedSerializer,
    imported,
    told,
)
from suppliers.drafting import draft_price_list
from suppliers.models import Price, PriceList, Product
from suppliers.models.price import IN_TURN, outside_sentence
from suppliers.policy import acting_organisation, supplying
from suppliers.sheets.prices import PriceSheet, price_rows

ROW = ("supplier", "supplier_name", "buyer", "name", "scope", "currency", "valid_from", "valid_until")
SHOWN_PRICES = 200


class PriceListRowSerializer(RowSerializer):
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)

    class Meta:
        model = PriceList
        fields: ClassVar = (*RowSerializer.BASE, *ROW)


class PriceListSerializer(DocumentSerializer):
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    prices = serializers.SerializerMethodField(help_text="The first two hundred; all of them at /prices/.")

    class Meta:
        model = PriceList
        fields: ClassVar = (*DocumentSerializer.BASE, *ROW, "published_at", "review_note", "prices")

    @extend_schema_field(PriceSerializer(many=True))
    def get_prices(self, price_list: PriceList) -> Any:
        some = price_list.prices.select_related("product").order_by("product__sku", *IN_TURN)
        return PriceSerializer(some[:SHOWN_PRICES], many=True).data


def require_in_order(begins: date | None, ends: date | None) -> None:
    """Raises ``ValidationError``."""
    if begins and ends and ends < begins:
        detail = gettext("The validity ends before it begins.")
        raise serializers.ValidationError({"valid_until": [detail]}, code="ends-before-it-begins")


class PriceContent(Serializer):
    product = serializers.UUIDField()
    min_quantity = DecimalField(**QUANTITY, min_value=LEAST, required=False, default=Decimal(1))
    unit_price = DecimalField(**PRICE, min_value=0)
    price_base_quantity = DecimalField(**QUANTITY, min_value=LEAST, required=False, default=Decimal(1))
    valid_from = serializers.DateField(required=False, allow_null=True, help_text="Where it is not the list's.")
    valid_until = serializers.DateField(required=False, allow_null=True, help_text="Where it is not the list's.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        require_in_order(attrs.get("valid_from"), attrs.get("valid_until"))
        return attrs


class PriceListContent(ModelSerializer):
    buyer = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.filter(is_buyer=True), required=False, allow_null=True
    )
    currency = serializers.CharField(validators=[currency_code])
    prices = serializers.ListField(child=PriceContent(), required=False, max_length=5_000)

    class Meta:
        model = PriceList
        fields: ClassVar = ("name", "buyer", "scope", "currency", "valid_from", "valid_until", "prices")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        begins = attrs.get("valid_from", getattr(self.instance, "valid_from", None))
        ends = attrs.get("valid_until", getattr(self.instance, "valid_until", None))
        require_in_order(begins, ends)
        return attrs


class EndInput(Serializer):
    valid_until = serializers.DateField(
        label=_("Valid until"), help_text=_("The last day. Prices that would begin later leave the list.")
    )


class PriceListFilters(FilterSet):
    supplier = UUIDFilter(field_name="supplier_id")
    buyer = UUIDFilter(field_name="buyer_id")
    currency = CharFilter(field_name="currency")
    in_force_on = DateFilter(method="filter_in_force")
    general = BooleanFilter(field_name="buyer", lookup_expr="isnull")

    class Meta:
        model = PriceList
        fields: ClassVar = ["state", "supplier", "buyer", "currency", "scope", "in_force_on", "general"]

    def filter_in_force(self, rows: Any, name: str, value: Any) -> Any:
        return rows.in_force(value)


class PriceListViewSet(DocumentViewSet):
    queryset = PriceList.objects.select_related("supplier")
    serializer_class = PriceListSerializer
    row_serializer_class = PriceListRowSerializer
    content_serializer_class = PriceListContent
    filterset_class = PriceListFilters
    ordering_fields = ("created_at", "valid_from")
    may_create = sales
    inputs: ClassVar = {"withdraw": RemarkInput, "send_back": ReasonInput, "end": EndInput}

    def build(self, validated: dict[str, Any], actor: Actor) -> PriceList:
        prices = validated.pop("prices", [])
        price_list = draft_price_list(acting_organisation(actor), actor=actor, **validated)
        _write(price_list, prices)
        return price_list

    def change(self, price_list: PriceList, validated: dict[str, Any], actor: Actor) -> None:
        prices = validated.pop("prices", None)
        for name, value in validated.items():
            setattr(price_list, name, value)
        if prices is not None:
            price_list.prices.all().delete()
            days = {name: getattr(price_list, name) for name in ("valid_from", "valid_until")}
            PriceList.objects.filter(pk=price_list.pk).update(**days)  # the database compares the prices with them
            _write(price_list, prices)
        elif faults := list(price_list.prices_outside()):
            raise Invalid(faults=faults)

    @extend_schema(
        request={"multipart/form-data": UploadInput},
        responses=PricesImportedSerializer,
        summary="Upload the prices of a draft",
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser], filter_backends=[], filterset_class=None)
    def upload(self, request: Request, pk: UUID) -> Response:
        price_list = self.get_document()
        if not supplying(request.actor, price_list):
            raise NotAllowed(gettext("This is for: %(who)s.") % {"who": supplying.name})
        price_list.expect(expected_version(request))
        require_editable(price_list, request.actor)
        done = imported(request, PriceSheet.code, target_id=price_list.pk)
        prices = done.rows("new", "changed", "unchanged")
        return Response(told({"prices": prices, "changed": done.rows("new", "changed")}, done))

    @extend_schema(responses=WORKBOOK, summary="Download the prices")
    @action(detail=True, filter_backends=[], filterset_class=None, pagination_class=None)
    def download(self, request: Request, pk: UUID) -> FileResponse:
        return workbook_download(PriceSheet, price_rows(self.get_document()), name="prices")

    @extend_schema(responses=WORKBOOK, summary="An empty workbook to fill in")
    @action(detail=False, filter_backends=[], filterset_class=None, pagination_class=None)
    def template(self, request: Request) -> FileResponse:
        return template_download(PriceSheet, name="prices-template")


def _write(price_list: PriceList, prices: list[dict[str, Any]]) -> None:
    """Raises ``Invalid`` with a fault for each price that cannot stand in the list, or not beside another."""
    keys = {price["product"] for price in prices}
    own = set(Product.objects.filter(supplier_id=price_list.supplier_id, pk__in=keys).values_list("pk", flat=True))
    rows = [_price(price_list, price) for price in prices]
    faults = [*_strange(prices, own), *_outside(price_list, rows), *_twice(rows)]
    if faults:
        raise Invalid(faults=faults)
    Price.objects.bulk_create(rows)


def _price(price_list: PriceList, said: dict[str, Any]) -> Price:
    """Days that are the list's are not the price's own: they move with the list."""
    rest = {name: value for name, value in said.items() if name != "product"}
    for name in ("valid_from", "valid_until"):
        rest[name] = None if rest.get(name) == getattr(price_list, name) else rest.get(name)
    return Price(price_list=price_list, product_id=said["product"], **rest)


def _strange(prices: list[dict[str, Any]], own: set[UUID]) -> list[Fault]:
    detail = gettext("Your catalogue has no such item.")
    return [
        Fault(f"#/prices/{place}/product", "unknown-product", detail)
        for place, price in enumerate(prices)
        if price["product"] not in own
    ]


def _outside(price_list: PriceList, prices: list[Price]) -> Iterator[Fault]:
    begins, ends = price_list.valid_from, price_list.valid_until
    for place, price in enumerate(prices):
        if price.begins < begins or (price.ends or begins) < begins:
            yield Fault(f"#/prices/{place}/valid_from", "price-outside-list", outside_sentence(price_list))
        elif ends is not None and max(price.begins, price.ends or ends) > ends:
            yield Fault(f"#/prices/{place}/valid_until", "price-outside-list", outside_sentence(price_list))


def _twice(prices: list[Price]) -> Iterator[Fault]:
    """Prices of the same tier must follow each other: a day has one price."""
    latest: dict[tuple[UUID, Decimal], date | None] = {}
    for place, price in sorted(enumerate(prices), key=lambda one: (one[1].begins, one[0])):
        tier = (price.product_id, price.min_quantity)
        if tier in latest and ((ends := latest[tier]) is None or ends >= price.begins):
            detail = gettext("There is already a price from this quantity on that is valid on the same days.")
            yield Fault(f"#/prices/{place}/min_quantity", "tier-twice", detail)
        latest[tier] = price.ends
