"""Contract and rating audits over HTTP: lists with findings, each with every check and the timeline."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import ChoiceFilter, UUIDFilter
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from b2b.api.filters import FilterSet
from b2b.api.requests import Request
from b2b.api.views import EndpointSet
from compliance.api.case import require_inspector
from compliance.audits import Check, contract_checks, failed, rating_checks
from contracts.models import Contract
from suppliers.models import Score
from suppliers.models.score import Band


class CheckSerializer(serializers.Serializer):
    """One question put to the records, and its answer."""

    code = serializers.CharField()
    question = serializers.CharField(help_text="In the reader's language.")
    passed = serializers.BooleanField()
    seen = serializers.CharField(help_text="What the records say, in the reader's language.")


class Audited(serializers.ModelSerializer):
    """Asks every question of a row once, for its checks and its findings."""

    checks = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField(help_text="Codes of the checks that were not passed.")

    def put(self, row: Any) -> list[Check]:
        """The checks of this kind of row."""
        raise NotImplementedError

    def to_representation(self, instance: Any) -> dict[str, Any]:
        self.asked = self.put(instance)
        return super().to_representation(instance)

    @extend_schema_field(CheckSerializer(many=True))
    def get_checks(self, row: Any) -> list[dict[str, Any]]:
        return list(CheckSerializer(self.asked, many=True).data)

    def get_findings(self, row: Any) -> list[str]:
        return [check.code for check in failed(self.asked)]


class ContractAuditSerializer(Audited):
    """A contract under audit."""

    state_label = serializers.CharField(source="get_state_display", read_only=True)
    buyer_name = serializers.CharField(source="buyer.name", read_only=True)
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)

    class Meta:
        model = Contract
        fields: ClassVar = (
            "id", "number", "title", "buyer", "buyer_name", "supplier", "supplier_name", "state", "state_label",
            "currency", "value", "ceiling", "called_off", "starts_on", "ends_on", "findings", "checks",
        )  # fmt: skip
        read_only_fields = fields

    def put(self, row: Contract) -> list[Check]:
        return contract_checks(row)


class RatingAuditSerializer(Audited):
    """A stored score under audit: whether the facts give it again."""

    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    buyer_name = serializers.CharField(source="buyer.name", default=None, read_only=True)
    band_label = serializers.CharField(source="get_band_display", read_only=True)

    class Meta:
        model = Score
        fields: ClassVar = (
            "id", "supplier", "supplier_name", "buyer", "buyer_name", "as_of", "total", "band", "band_label",
            "components", "findings", "checks",
        )  # fmt: skip
        read_only_fields = fields

    def put(self, row: Score) -> list[Check]:
        return rating_checks(row)


class ContractAuditFilters(FilterSet):
    buyer = UUIDFilter(field_name="buyer_id")
    supplier = UUIDFilter(field_name="supplier_id")

    class Meta:
        model = Contract
        fields: ClassVar = ["buyer", "supplier"]


class RatingAuditFilters(FilterSet):
    buyer = UUIDFilter(field_name="buyer_id")
    supplier = UUIDFilter(field_name="supplier_id")
    band = ChoiceFilter(choices=Band.choices)

    class Meta:
        model = Score
        fields: ClassVar = ["buyer", "supplier", "band"]


class AuditViewSet(EndpointSet):
    """For control staff. A page shows few rows, for each is checked anew."""

    ordering_fields: ClassVar = ("id",)

    def get_queryset(self) -> QuerySet[Any]:
        require_inspector(self.request.actor)
        return super().get_queryset()

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        return Response(self.get_serializer(get_object_or_404(self.get_queryset(), pk=pk)).data)


@extend_schema(tags=["contract-audits"])
class ContractAuditViewSet(AuditViewSet):
    queryset = Contract.objects.select_related("buyer", "supplier").prefetch_related(
        "signatures", "versions", "consents"
    )
    serializer_class = ContractAuditSerializer
    filterset_class = ContractAuditFilters


@extend_schema(tags=["rating-audits"])
class RatingAuditViewSet(AuditViewSet):
    queryset = Score.objects.select_related("supplier", "buyer")
    serializer_class = RatingAuditSerializer
    filterset_class = RatingAuditFilters
