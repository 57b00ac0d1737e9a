"""Awards and objections over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django_filters import ChoiceFilter, UUIDFilter
from rest_framework import serializers

from b2b.api.documents import DocumentSerializer, DocumentViewSet, ReasonInput, RowSerializer
from b2b.api.fields import DecimalField
from b2b.api.filters import FilterSet
from b2b.api.serializers import Serializer
from b2b.policy import Actor, buyer, sales
from quotations.api.columns import PRICE, QUANTITY, held_rfq
from quotations.awarding import Allocate, Allocation, all_to_best_total, best_per_line, propose
from quotations.models import Award, AwardLine, Objection, Quotation
from quotations.objecting import object_to
from quotations.workflow.award import AwardState, Creates
from quotations.workflow.objection import ObjectionState

READY_MADE = {"best_total": all_to_best_total, "best_per_line": best_per_line}


class AwardRowSerializer(RowSerializer):
    rfq_number = serializers.CharField(source="rfq.number", read_only=True)
    standstill_ends_at = serializers.DateTimeField(source="rfq.standstill_ends_at", read_only=True)

    class Meta:
        model = Award
        fields: ClassVar = (
            *RowSerializer.BASE,
            "rfq",
            "rfq_number",
            "currency",
            "total",
            "creates",
            "standstill_ends_at",
            "confirmed_at",
        )
        read_only_fields = fields


class AwardLineSerializer(serializers.ModelSerializer):
    line = serializers.IntegerField(source="rfq_line.number", read_only=True)
    item = serializers.CharField(source="rfq_line.item", read_only=True)
    unit = serializers.CharField(source="rfq_line.unit", read_only=True)
    quotation_number = serializers.CharField(source="quotation.number", read_only=True)
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    quantity = DecimalField(**QUANTITY, read_only=True)
    unit_price = DecimalField(**PRICE, read_only=True)

    class Meta:
        model = AwardLine
        fields: ClassVar = (
            "line",
            "item",
            "quotation",
            "quotation_number",
            "supplier",
            "supplier_name",
            "quantity",
            "unit",
            "unit_price",
            "currency",
            "reason",
        )
        read_only_fields = fields


class AwardSerializer(DocumentSerializer):
    rfq_number = serializers.CharField(source="rfq.number", read_only=True)
    standstill_ends_at = serializers.DateTimeField(source="rfq.standstill_ends_at", read_only=True)
    lines = AwardLineSerializer(many=True, read_only=True)

    class Meta:
        model = Award
        fields: ClassVar = (
            *DocumentSerializer.BASE,
            *AwardRowSerializer.Meta.fields[len(RowSerializer.BASE) :],
            "reason",
            "lines",
        )
        read_only_fields = fields


class AllocationContent(Serializer):
    line = serializers.IntegerField(min_value=1)
    quotation = serializers.UUIDField()
    quantity = DecimalField(**QUANTITY)
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class AwardContent(Serializer):
    """Either ``lines``, or ``allocate`` for everything to the best total or to the best of each line."""

    rfq = serializers.UUIDField()
    creates = serializers.ChoiceField(choices=Creates.choices, default=Creates.ORDERS)
    reason = serializers.CharField(max_length=4000, allow_blank=True, default="")
    allocate = serializers.ChoiceField(choices=sorted(READY_MADE), required=False)
    lines = serializers.ListField(child=AllocationContent(), required=False, max_length=10_000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("allocate" in attrs) == ("lines" in attrs):
            raise serializers.ValidationError(
                {"lines": gettext("Give either “lines” or “allocate”.")}, code="lines-or-allocate"
            )
        return attrs


class AwardFilters(FilterSet):
    state = ChoiceFilter(choices=AwardState.choices)
    rfq = UUIDFilter(field_name="rfq_id")

    class Meta:
        model = Award
        fields: ClassVar = ["state", "rfq"]


class AwardViewSet(DocumentViewSet):
    queryset = Award.objects.select_related("rfq").prefetch_related(
        "lines__rfq_line", "lines__quotation", "lines__supplier"
    )
    serializer_class = AwardSerializer
    row_serializer_class = AwardRowSerializer
    content_serializer_class = AwardContent
    filterset_class = AwardFilters
    may_create = buyer
    inputs: ClassVar = {"reject": ReasonInput}

    def build(self, validated: dict[str, Any], actor: Actor) -> Award:
        rfq = held_rfq(validated["rfq"], actor)
        return propose(
            rfq,
            allocations=self._allocations(validated),
            actor=actor,
            creates=validated["creates"],
            reason=validated["reason"],
        )

    def _allocations(self, validated: dict[str, Any]) -> Sequence[Allocation] | Allocate:
        if "allocate" in validated:
            return READY_MADE[validated["allocate"]]
        return [
            Allocation(line["line"], line["quotation"], line["quantity"], line["reason"]) for line in validated["lines"]
        ]


class ObjectionRowSerializer(RowSerializer):
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    rfq = serializers.UUIDField(source="quotation.rfq_id", read_only=True)

    class Meta:
        model = Objection
        fields: ClassVar = (*RowSerializer.BASE, "rfq", "quotation", "supplier", "supplier_name", "decided_at")
        read_only_fields = fields


class ObjectionSerializer(DocumentSerializer):
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    rfq = serializers.UUIDField(source="quotation.rfq_id", read_only=True)

    class Meta:
        model = Objection
        fields: ClassVar = (
            *DocumentSerializer.BASE,
            *ObjectionRowSerializer.Meta.fields[len(RowSerializer.BASE) :],
            "text",
            "decision",
        )
        read_only_fields = fields


class ObjectionContent(Serializer):
    quotation = serializers.UUIDField(help_text="One's own quotation in the awarded RFQ.")
    text = serializers.CharField(max_length=4000)


class ObjectionFilters(FilterSet):
    state = ChoiceFilter(choices=ObjectionState.choices)

    class Meta:
        model = Objection
        fields: ClassVar = ["state"]


class ObjectionViewSet(DocumentViewSet):
    queryset = Objection.objects.select_related("supplier", "quotation")
    serializer_class = ObjectionSerializer
    row_serializer_class = ObjectionRowSerializer
    content_serializer_class = ObjectionContent
    filterset_class = ObjectionFilters
    may_create = sales
    inputs: ClassVar = {"uphold": ReasonInput, "dismiss": ReasonInput}

    def build(self, validated: dict[str, Any], actor: Actor) -> Objection:
        own = Quotation.objects.visible_to(actor).filter(supplier_id=actor.organisation_id)
        return object_to(get_object_or_404(own, pk=validated["quotation"]), text=validated["text"], actor=actor)
