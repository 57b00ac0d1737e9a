"""Goods receipts over HTTP: posted once, read, and reversed."""

from __future__ import annotations

from typing import Any, ClassVar

from django_filters import CharFilter, DateFromToRangeFilter, MultipleChoiceFilter, UUIDFilter
from rest_framework import serializers

from b2b import policy
from b2b.api.attachments import WithAttachments
from b2b.api.documents import DocumentSerializer, DocumentViewSet, ReasonInput, RowSerializer
from b2b.api.fields import DecimalField
from b2b.api.filters import FilterSet
from b2b.api.serializers import Serializer, ShownSerializer
from b2b.policy import Actor
from procurement import receiving
from procurement.api.fields import QUANTITY, Made, Visible
from procurement.api.text import matching_text
from procurement.models import GoodsReceipt, GoodsReceiptLine, PurchaseOrder
from procurement.policy import receiving as receiver
from procurement.workflow.arriving import Arrival
from procurement.workflow.receipt import ReceiptState


class GoodsReceiptLineSerializer(ShownSerializer):
    number = serializers.IntegerField(source="order_line.number", help_text="Of the order's line.")
    item = serializers.CharField(source="order_line.item")
    unit = serializers.CharField(source="order_line.unit")

    class Meta:
        model = GoodsReceiptLine
        fields: ClassVar = ["order_line", "number", "item", "quantity", "unit", "rejected", "reason", "note"]


class GoodsReceiptRowSerializer(RowSerializer):
    order_number = serializers.CharField(source="order.number")
    buyer_name = serializers.CharField(source="buyer.name")
    supplier_name = serializers.CharField(source="supplier.name")

    class Meta:
        model = GoodsReceipt
        fields: ClassVar = [
            *RowSerializer.BASE, "order", "order_number", "buyer", "buyer_name", "supplier", "supplier_name",
            "received_on", "delivery_note",
        ]  # fmt: skip


class GoodsReceiptSerializer(DocumentSerializer):
    order_number = serializers.CharField(source="order.number")
    buyer_name = serializers.CharField(source="buyer.name")
    supplier_name = serializers.CharField(source="supplier.name")
    lines = GoodsReceiptLineSerializer(many=True)

    class Meta:
        model = GoodsReceipt
        fields: ClassVar = [
            *DocumentSerializer.BASE, "order", "order_number", "buyer", "buyer_name", "supplier", "supplier_name",
            "received_on", "delivery_note", "reversed_at", "lines",
        ]  # fmt: skip


class ArrivalInput(Made):
    makes = Arrival
    order_line = serializers.UUIDField(source="order_line_id")
    quantity = DecimalField(**QUANTITY, help_text="How much came.")
    rejected = DecimalField(**QUANTITY, required=False, help_text="How much of it inspection refused.")
    reason = serializers.ChoiceField(choices=GoodsReceiptLine.Rejection.choices, required=False, allow_blank=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class GoodsReceiptContent(Serializer):
    order = Visible(queryset=PurchaseOrder.objects.all())
    received_on = serializers.DateField()
    delivery_note = serializers.CharField(max_length=60, required=False, allow_blank=True)
    lines = ArrivalInput(many=True)


class GoodsReceiptFilters(FilterSet):
    state = MultipleChoiceFilter(choices=ReceiptState.choices)
    text = CharFilter(method="with_text", max_length=100, label="In its number, the order's, or the delivery note.")
    order = UUIDFilter(field_name="order_id")
    supplier = UUIDFilter(field_name="supplier_id")
    received_on = DateFromToRangeFilter()

    class Meta:
        model = GoodsReceipt
        fields: ClassVar[list[str]] = []

    def with_text(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(matching_text(value, "number", "order__number", "delivery_note"))


class GoodsReceiptViewSet(WithAttachments, DocumentViewSet):
    queryset = GoodsReceipt.objects.select_related("order", "buyer", "supplier").prefetch_related("lines__order_line")
    serializer_class = GoodsReceiptSerializer
    row_serializer_class = GoodsReceiptRowSerializer
    content_serializer_class = GoodsReceiptContent
    filterset_class = GoodsReceiptFilters
    ordering_fields = ("created_at", "received_on", "number")
    inputs: ClassVar = {"reverse": ReasonInput}
    may_create = policy.receiver
    may_attach = receiver

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.prefetch_related(None) if self.action == "list" else rows

    def build(self, validated: dict[str, Any], actor: Actor) -> GoodsReceipt:
        return receiving.post(**validated, actor=actor)
