"""How an organisation buys, written by its administrator."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b import policy
from b2b.api.documents import DocumentSerializer, DocumentViewSet, RowSerializer
from b2b.api.requests import Request
from b2b.api.serializers import ModelSerializer, ShownSerializer
from b2b.errors import Fault, Invalid
from b2b.policy import Actor
from b2b.tax import InvalidTax, Tax, VatCategory
from procurement.models import ProcurementPolicy, policy_of
from procurement.policy import organisation_of

CONTENT = [
    "requisition_limit", "publish_limit", "order_approval_limit", "order_second_limit", "invoice_second_limit",
    "two_opening_limit", "award_endorsement_limit", "minimum_quotations", "minimum_days_open", "standstill_days",
    "opening", "receipt_tolerance", "change_tolerance", "match_price_tolerance", "match_quantity_tolerance",
    "vat_category", "vat_rate",
]  # fmt: skip


class ProcurementPolicyRowSerializer(RowSerializer):
    class Meta:
        model = ProcurementPolicy
        fields: ClassVar = [*RowSerializer.BASE, "buyer"]


class ProcurementPolicySerializer(DocumentSerializer):
    class Meta:
        model = ProcurementPolicy
        fields: ClassVar = [*DocumentSerializer.BASE, "buyer", *CONTENT]


class CurrentPolicySerializer(ShownSerializer):
    """What applies today, written or not; ``id`` is null while everything is as it comes."""

    id = serializers.SerializerMethodField()
    currency = serializers.CharField(source="buyer.currency", help_text="Of the limits.")

    class Meta:
        model = ProcurementPolicy
        fields: ClassVar = ["id", "version", "buyer", "currency", *CONTENT]

    def get_id(self, written: ProcurementPolicy) -> str | None:
        return None if written._state.adding else str(written.pk)


class ProcurementPolicyContent(ModelSerializer):
    class Meta:
        model = ProcurementPolicy
        fields = CONTENT


class ProcurementPolicyViewSet(DocumentViewSet):
    queryset = ProcurementPolicy.objects.select_related("buyer")
    serializer_class = ProcurementPolicySerializer
    row_serializer_class = ProcurementPolicyRowSerializer
    content_serializer_class = ProcurementPolicyContent
    may_create = policy.admin

    def build(self, validated: dict[str, Any], actor: Actor) -> ProcurementPolicy:
        written = ProcurementPolicy(buyer_id=organisation_of(actor), **validated)
        require_possible_tax(written)
        return written

    def change(self, written: ProcurementPolicy, validated: dict[str, Any], actor: Actor) -> None:
        for name, value in validated.items():
            setattr(written, name, value)
        require_possible_tax(written)

    @extend_schema(responses=CurrentPolicySerializer, summary="What applies at one's own organisation today")
    @action(detail=False, filter_backends=[], filterset_class=None, pagination_class=None)
    def current(self, request: Request) -> Response:
        in_force = policy_of(organisation_of(request.actor))
        return Response(CurrentPolicySerializer(in_force, context=self.get_serializer_context()).data)


def require_possible_tax(written: ProcurementPolicy) -> None:
    try:
        Tax(VatCategory(written.vat_category), written.vat_rate)
    except InvalidTax as problem:
        raise Invalid(faults=[Fault("#/vat_rate", "tax-does-not-fit", str(problem))]) from None
