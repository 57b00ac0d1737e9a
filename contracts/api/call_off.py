"""Call-offs over HTTP: a POST reserves a part of the contract and drafts the order for it."""

from __future__ import annotations

from typing import Any, ClassVar

from django_filters import MultipleChoiceFilter, UUIDFilter
from rest_framework import serializers

from b2b import policy
from b2b.api.documents import DocumentSerializer, DocumentViewSet, RowSerializer
from b2b.api.fields import DecimalField
from b2b.api.filters import FilterSet
from b2b.api.serializers import Serializer, ShownSerializer
from b2b.policy import Actor
from contracts.calling_off import CalledLine, call_off
from contracts.models import CallOff, CallOffLine, Contract
from contracts.workflow.call_off import CallOffState
from procurement.api.fields import QUANTITY, LineNumber, Made, Visible


class CallOffLineSerializer(ShownSerializer):
    item = serializers.CharField(source="contract_line.item")
    unit = serializers.CharField(source="contract_line.unit")

    class Meta:
        model = CallOffLine
        fields: ClassVar = ["number", "item", "unit", "quantity", "counted", "unit_price"]


class CallOffRowSerializer(RowSerializer):
    contract_number = serializers.CharField(source="contract.number")
    order_number = serializers.CharField(source="order.number")
    order_state = serializers.CharField(source="order.state")
    currency = serializers.CharField(source="contract.currency")
    supplier_name = serializers.CharField(source="supplier.name")

    class Meta:
        model = CallOff
        fields: ClassVar = [
            *RowSerializer.BASE, "contract", "contract_number", "order", "order_number", "order_state", "buyer",
            "supplier", "supplier_name", "currency", "amount",
        ]  # fmt: skip


class CallOffSerializer(DocumentSerializer):
    contract_number = serializers.CharField(source="contract.number")
    order_number = serializers.CharField(source="order.number")
    order_state = serializers.CharField(source="order.state")
    currency = serializers.CharField(source="contract.currency")
    supplier_name = serializers.CharField(source="supplier.name")
    lines = CallOffLineSerializer(many=True)

    class Meta:
        model = CallOff
        fields: ClassVar = [
            *DocumentSerializer.BASE, *CallOffRowSerializer.Meta.fields[len(RowSerializer.BASE) :], "ended_at",
            "lines",
        ]  # fmt: skip


class CalledLineInput(Made):
    makes = CalledLine
    number = LineNumber(help_text="The contract line's.")
    quantity = DecimalField(**QUANTITY)
    requested_on = serializers.DateField(required=False, allow_null=True)


class CallOffContent(Serializer):
    contract = Visible(queryset=Contract.objects.all())
    title = serializers.CharField(max_length=200, required=False, help_text="Of the order.")
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True, help_text="To the supplier.")
    lines = CalledLineInput(many=True)


class CallOffFilters(FilterSet):
    state = MultipleChoiceFilter(choices=CallOffState.choices)
    contract = UUIDFilter(field_name="contract_id")
    order = UUIDFilter(field_name="order_id")
    supplier = UUIDFilter(field_name="supplier_id")

    class Meta:
        model = CallOff
        fields: ClassVar[list[str]] = []


class CallOffViewSet(DocumentViewSet):
    queryset = CallOff.objects.select_related("contract", "order", "supplier").prefetch_related("lines__contract_line")
    serializer_class = CallOffSerializer
    row_serializer_class = CallOffRowSerializer
    content_serializer_class = CallOffContent
    filterset_class = CallOffFilters
    ordering_fields = ("created_at", "amount", "number")
    may_create = policy.buyer

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.prefetch_related(None) if self.action == "list" else rows

    def build(self, validated: dict[str, Any], actor: Actor) -> CallOff:
        contract, lines = validated.pop("contract"), validated.pop("lines")
        return call_off(contract, lines, actor=actor, **validated)
