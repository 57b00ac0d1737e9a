"""Bid openings: who has consented, and the minutes of what was found."""

from __future__ import annotations

from typing import ClassVar

from django_filters import ChoiceFilter, UUIDFilter
from rest_framework import serializers

from b2b.api.documents import DocumentSerializer, DocumentViewSet, RowSerializer
from b2b.api.filters import FilterSet
from quotations.models import BidOpening, OpeningConsent, OpeningMinute
from quotations.workflow.bid_opening import OpeningState


class OpeningConsentSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="user.name", read_only=True)

    class Meta:
        model = OpeningConsent
        fields: ClassVar = ("capacity", "by", "at")
        read_only_fields = fields


class MinuteSerializer(serializers.ModelSerializer):
    """One quotation as it was found. Its hash agreed with the one journalled when it was submitted."""

    quotation_number = serializers.CharField(source="quotation.number", read_only=True)
    supplier_name = serializers.CharField(source="quotation.supplier.name", read_only=True)

    class Meta:
        model = OpeningMinute
        fields: ClassVar = ("quotation", "quotation_number", "supplier_name", "version", "sha256", "submitted_at")
        read_only_fields = fields


class BidOpeningRowSerializer(RowSerializer):
    rfq_number = serializers.CharField(source="rfq.number", read_only=True)
    rfq_title = serializers.CharField(source="rfq.title", read_only=True)
    opening = serializers.CharField(source="rfq.opening", read_only=True, help_text="clock, one or two")

    class Meta:
        model = BidOpening
        fields: ClassVar = (*RowSerializer.BASE, "rfq", "rfq_number", "rfq_title", "opening", "opened_at")
        read_only_fields = fields


class BidOpeningSerializer(DocumentSerializer):
    rfq_number = serializers.CharField(source="rfq.number", read_only=True)
    rfq_title = serializers.CharField(source="rfq.title", read_only=True)
    opening = serializers.CharField(source="rfq.opening", read_only=True, help_text="clock, one or two")
    consents = OpeningConsentSerializer(many=True, read_only=True)
    minutes = MinuteSerializer(many=True, read_only=True)

    class Meta:
        model = BidOpening
        fields: ClassVar = (
            *DocumentSerializer.BASE,
            *BidOpeningRowSerializer.Meta.fields[len(RowSerializer.BASE) :],
            "consents",
            "minutes",
        )
        read_only_fields = fields


class BidOpeningFilters(FilterSet):
    state = ChoiceFilter(choices=OpeningState.choices)
    rfq = UUIDFilter(field_name="rfq_id")

    class Meta:
        model = BidOpening
        fields: ClassVar = ["state", "rfq"]


class BidOpeningViewSet(DocumentViewSet):
    queryset = BidOpening.objects.select_related("rfq").prefetch_related(
        "consents__user", "minutes__quotation__supplier"
    )
    serializer_class = BidOpeningSerializer
    row_serializer_class = BidOpeningRowSerializer
    filterset_class = BidOpeningFilters
