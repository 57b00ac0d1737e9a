"""Single prices, and the one in force with its reasons."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django_filters import CharFilter, UUIDFilter
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b.api.fields import DecimalField
from b2b.api.filters import FilterSet
from b2b.api.requests import Request
from b2b.api.serializers import Serializer, ShownSerializer
from b2b.api.views import EndpointSet
from b2b.clock import database_now
from b2b.unit import unit
from suppliers.api.columns import PRICE, QUANTITY, currency_code
from suppliers.models import Price, Product
from suppliers.pricing import Candidate, explanation


class PriceSerializer(ShownSerializer):
    sku = serializers.CharField(source="product.sku", read_only=True)
    product_name = serializers.CharField(source="product.name", read_only=True)
    unit_label = serializers.SerializerMethodField(help_text="Of what the price is for, in the reader's language.")

    class Meta:
        model = Price
        fields: ClassVar = (
            "id",
            "price_list",
            "product",
            "sku",
            "product_name",
            "unit_label",
            "min_quantity",
            "unit_price",
            "price_base_quantity",
            "valid_from",
            "valid_until",
        )
        extra_kwargs: ClassVar = {
            "valid_from": {"help_text": "Where it is not the list's."},
            "valid_until": {"help_text": "Where it is not the list's. Valid on this day too."},
        }

    def get_unit_label(self, price: Price) -> str:
        return unit(price.product.unit).label()


class PriceFoundSerializer(serializers.Serializer):
    unit_price = DecimalField(**PRICE)
    price_base_quantity = DecimalField(**QUANTITY)
    currency = serializers.CharField()
    min_quantity = DecimalField(**QUANTITY)
    price_id = serializers.UUIDField()
    price_list_id = serializers.UUIDField()
    price_list = serializers.CharField()
    scope = serializers.CharField()
    is_customer_specific = serializers.BooleanField()
    valid_from = serializers.DateField(help_text="Of the price; the list's where it has no days of its own.")
    valid_until = serializers.DateField(allow_null=True)


class CandidateSerializer(serializers.Serializer):
    """A price that was looked at; ``outcome`` says why it counts or does not."""

    price = PriceFoundSerializer()
    outcome = serializers.ChoiceField(choices=["taken", "day", "quantity", "tier", "list"])
    reason = serializers.CharField(help_text="The outcome in the reader's language.")


class InForceInput(Serializer):
    product = serializers.UUIDField()
    quantity = DecimalField(**QUANTITY)
    currency = serializers.CharField(validators=[currency_code])
    on = serializers.DateField(required=False)


class InForceSerializer(serializers.Serializer):
    price = PriceFoundSerializer(allow_null=True)
    candidates = CandidateSerializer(many=True)


class PriceFilters(FilterSet):
    price_list = UUIDFilter(field_name="price_list_id")
    product = UUIDFilter(field_name="product_id")
    text = CharFilter(method="filter_text", help_text="In the item number or the name.")

    class Meta:
        model = Price
        fields: ClassVar = ["price_list", "product", "text"]

    def filter_text(self, rows: QuerySet[Price], name: str, value: str) -> QuerySet[Price]:
        named = Q(product__name__icontains=value) | Q(product__native_name__icontains=value)
        return rows.filter(Q(product__sku__icontains=value) | named)


class PriceViewSet(mixins.ListModelMixin, EndpointSet):
    queryset = Price.objects.select_related("product")
    serializer_class = PriceSerializer
    filterset_class = PriceFilters

    @extend_schema(parameters=[InForceInput], responses=InForceSerializer, summary="Which price counts, and why")
    @action(
        detail=False, url_path="in-force", url_name="in-force",
        filter_backends=[], filterset_class=None, pagination_class=None,
    )  # fmt: skip
    def in_force(self, request: Request) -> Response:
        sent = InForceInput(data=request.query_params.dict())
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        product = get_object_or_404(Product.objects.visible_to(request.actor), pk=asked["product"])
        candidates = explanation(
            product.pk,
            buyer_id=request.actor.organisation_id,
            quantity=asked["quantity"],
            currency=asked["currency"],
            on=asked.get("on") or database_now().date(),
        )
        taken = next((one.price for one in candidates if one.outcome == "taken"), None)
        told = {"price": taken and asdict(taken), "candidates": [_candidate(one) for one in candidates]}
        return Response(InForceSerializer(told).data)


def _candidate(one: Candidate) -> dict[str, Any]:
    reasons = {
        "taken": gettext("This price counts."),
        "day": gettext("It is valid on other days of the price list only."),
        "quantity": gettext("It begins with a larger quantity."),
        "tier": gettext("A tier of the same list begins nearer to the quantity."),
        "list": gettext("Another price list goes before: a customer's own, or a promotion."),
    }
    return {"price": asdict(one.price), "outcome": one.outcome, "reason": reasons[one.outcome]}
