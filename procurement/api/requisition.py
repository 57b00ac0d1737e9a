"""Requisitions over HTTP."""

from __future__ import annotations

from typing import Any, ClassVar

from django_filters import CharFilter, IsoDateTimeFromToRangeFilter, MultipleChoiceFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.reverse import reverse

from b2b import policy
from b2b.api.documents import DocumentSerializer, DocumentViewSet, ReasonInput, RowSerializer
from b2b.api.fields import DecimalField
from b2b.api.filters import FilterSet
from b2b.api.requests import Request
from b2b.api.serializers import Serializer, ShownSerializer
from b2b.policy import Actor
from procurement import requisitioning
from procurement.api.fields import PRICE, CurrencyCode, LineInput, Lines
from procurement.api.lines import WithLines, first_lines, line_count
from procurement.api.text import matching_text
from procurement.asked_lines import AskedLine
from procurement.consolidation import convert
from procurement.models import RequestForQuotation, Requisition, RequisitionLine
from procurement.policy import organisation_of
from procurement.workflow.requisition import RequisitionState


class RequisitionLineSerializer(ShownSerializer):
    class Meta:
        model = RequisitionLine
        fields: ClassVar = [
            "id", "number", "item", "code", "product", "quantity", "unit", "estimate_unit_price", "required_by",
            "rfq_line",
        ]  # fmt: skip


class RequisitionRowSerializer(RowSerializer):
    class Meta:
        model = Requisition
        fields: ClassVar = [*RowSerializer.BASE, "title", "currency", "estimate", "rfq"]


class RequisitionSerializer(DocumentSerializer):
    line_count = serializers.SerializerMethodField()
    lines = first_lines(RequisitionLineSerializer)

    class Meta:
        model = Requisition
        fields: ClassVar = [
            *DocumentSerializer.BASE, "title", "justification", "buyer", "currency", "estimate", "rfq", "line_count",
            "lines",
        ]  # fmt: skip

    def get_line_count(self, requisition: Requisition) -> int:
        return line_count(requisition)


class NeededLineInput(LineInput):
    makes = AskedLine
    estimate_unit_price = DecimalField(**PRICE, required=False, allow_null=True)
    required_by = serializers.DateField(required=False, allow_null=True)

    class Meta:
        list_serializer_class = Lines


class RequisitionContent(Serializer):
    """Lines that are sent take the place of those that were there."""

    title = serializers.CharField(max_length=200)
    justification = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    currency = CurrencyCode()
    lines = NeededLineInput(many=True, required=False)


class ConvertInput(Serializer):
    """Which approved requisitions become one RFQ."""

    requisitions = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=500)
    title = serializers.CharField(max_length=200)
    deadline = serializers.DateTimeField(required=False)


class ConvertedSerializer(serializers.Serializer):
    """Where the new RFQ is."""

    rfq = serializers.UUIDField()
    number = serializers.CharField()
    url = serializers.CharField()


class RequisitionFilters(FilterSet):
    state = MultipleChoiceFilter(choices=RequisitionState.choices)
    text = CharFilter(method="with_text", max_length=100, label="In the number or the title.")
    created_at = IsoDateTimeFromToRangeFilter()

    class Meta:
        model = Requisition
        fields: ClassVar[list[str]] = []

    def with_text(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(matching_text(value, "number", "title"))


class RequisitionViewSet(WithLines, DocumentViewSet):
    queryset = Requisition.objects.all()
    serializer_class = RequisitionSerializer
    row_serializer_class = RequisitionRowSerializer
    line_serializer_class = RequisitionLineSerializer
    content_serializer_class = RequisitionContent
    filterset_class = RequisitionFilters
    ordering_fields = ("created_at", "number", "title", "estimate")
    inputs: ClassVar = {"send_back": ReasonInput, "reject": ReasonInput, "cancel": ReasonInput}
    hidden_steps = frozenset({"convert"})
    may_create = policy.buyer | policy.requester

    def build(self, validated: dict[str, Any], actor: Actor) -> Requisition:
        lines = validated.pop("lines", ())
        return requisitioning.draft(Requisition(buyer_id=organisation_of(actor), **validated), lines=lines, actor=actor)

    def change(self, requisition: Requisition, validated: dict[str, Any], actor: Actor) -> None:
        lines = validated.pop("lines", None)
        for name, value in validated.items():
            setattr(requisition, name, value)
        if lines is not None:
            requisitioning.rewrite(requisition, lines)

    @extend_schema(
        request=ConvertInput, responses={201: ConvertedSerializer}, summary="Merge requisitions into one RFQ"
    )
    @action(detail=False, methods=["post"])
    def convert(self, request: Request) -> Response:
        sent = ConvertInput(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        rfq = convert(
            values["requisitions"], title=values["title"], deadline=values.get("deadline"), actor=request.actor
        )
        return Response(self._converted(rfq), status=status.HTTP_201_CREATED)

    def _converted(self, rfq: RequestForQuotation) -> dict[str, Any]:
        url = reverse(f"{self.request.version}:rfq-detail", kwargs={"pk": rfq.pk})
        return dict(ConvertedSerializer({"rfq": rfq.pk, "number": rfq.number, "url": url}).data)
