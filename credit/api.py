"""Credit accounts over HTTP: applying, reviewing, the ledger and statements."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, UUIDFilter
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from b2b import policy as roles
from b2b.api.documents import DocumentSerializer, DocumentViewSet, ReasonInput, RowSerializer
from b2b.api.fields import DecimalField
from b2b.api.filters import FilterSet
from b2b.api.serializers import ModelSerializer, Serializer
from b2b.currency import currency as known_currency
from b2b.errors import Fault, Invalid
from b2b.models import Organisation
from b2b.policy import Actor
from credit.models import CreditAccount, LedgerEntry
from credit.statements import statement
from credit.terms import Terms
from credit.workflow.account import AccountState

MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 4}


class AccountRowSerializer(RowSerializer):
    buyer_name = serializers.CharField(source="buyer.name", read_only=True)
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    exposure = DecimalField(**MONEY, read_only=True)
    available = DecimalField(**MONEY, read_only=True)

    class Meta:
        model = CreditAccount
        fields: ClassVar = (
            *RowSerializer.BASE,
            "buyer",
            "buyer_name",
            "supplier",
            "supplier_name",
            "currency",
            "limit",
            "exposure",
            "available",
        )
        read_only_fields = fields


class AccountSerializer(DocumentSerializer):
    buyer_name = serializers.CharField(source="buyer.name", read_only=True)
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    exposure = DecimalField(**MONEY, read_only=True)
    available = DecimalField(**MONEY, read_only=True)

    class Meta:
        model = CreditAccount
        fields: ClassVar = (
            *DocumentSerializer.BASE,
            *AccountRowSerializer.Meta.fields[len(RowSerializer.BASE) :],
            "requested_limit",
            "purpose",
            "terms",
            "increase",
            "increase_until",
            "review_on",
            "held",
            "drawn",
        )
        read_only_fields = fields


class AccountContent(ModelSerializer):
    """What a buyer asks for."""

    supplier = serializers.PrimaryKeyRelatedField(queryset=Organisation.objects.suppliers())
    requested_limit = DecimalField(**MONEY, min_value=Decimal("0.01"))

    class Meta:
        model = CreditAccount
        fields: ClassVar = ("supplier", "currency", "requested_limit", "terms", "purpose")

    def validate_currency(self, value: str) -> str:
        try:
            return known_currency(value).code
        except ValueError as error:
            raise serializers.ValidationError(str(error), code="unknown-currency") from None


class GrantInput(Serializer):
    limit = DecimalField(**MONEY, label=_("Credit limit"))
    terms = serializers.ChoiceField(choices=Terms.choices, label=_("Payment terms"))
    review_on = serializers.DateField(label=_("Review on"))


class IncreaseInput(Serializer):
    amount = DecimalField(**MONEY, label=_("Amount"))
    until = serializers.DateField(label=_("Until"))
    reason = serializers.CharField(max_length=2000, label=_("Reason"))


class LimitInput(Serializer):
    limit = DecimalField(**MONEY, label=_("Credit limit"))
    reason = serializers.CharField(max_length=2000, label=_("Reason"))


class EntrySerializer(serializers.ModelSerializer):
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)

    class Meta:
        model = LedgerEntry
        fields: ClassVar = ("id", "at", "kind", "kind_label", "amount", "document", "against")
        read_only_fields = fields


class BalanceSerializer(serializers.Serializer):
    held = DecimalField(**MONEY)
    drawn = DecimalField(**MONEY)
    exposure = DecimalField(**MONEY)


class StatementLineSerializer(serializers.Serializer):
    entry = EntrySerializer()
    held = DecimalField(**MONEY)
    drawn = DecimalField(**MONEY)


class StatementSerializer(serializers.Serializer):
    """An account between two days, both included, in UTC."""

    first_day = serializers.DateField()
    last_day = serializers.DateField()
    opening = BalanceSerializer()
    lines = StatementLineSerializer(many=True)
    closing = BalanceSerializer()


class PeriodInput(Serializer):
    first_day = serializers.DateField()
    last_day = serializers.DateField()


class AccountFilters(FilterSet):
    state = ChoiceFilter(choices=AccountState.choices)
    buyer = UUIDFilter(field_name="buyer_id")
    supplier = UUIDFilter(field_name="supplier_id")
    currency = CharFilter()

    class Meta:
        model = CreditAccount
        fields: ClassVar = ["state", "buyer", "supplier", "currency"]


class CreditAccountViewSet(DocumentViewSet):
    queryset = CreditAccount.objects.select_related("buyer", "supplier")
    serializer_class = AccountSerializer
    row_serializer_class = AccountRowSerializer
    content_serializer_class = AccountContent
    filterset_class = AccountFilters
    ordering_fields = ("created_at", "limit")
    may_create = roles.finance
    inputs: ClassVar = {
        "approve": GrantInput,
        "decline": ReasonInput,
        "hold": ReasonInput,
        "raise_temporarily": IncreaseInput,
        "change_limit": LimitInput,
        "freeze": ReasonInput,
        "unfreeze": ReasonInput,
        "close": ReasonInput,
    }

    def build(self, validated: dict[str, Any], actor: Actor) -> CreditAccount:
        supplier = validated["supplier"]
        if supplier.pk == actor.organisation_id:
            detail = gettext("An organisation grants no credit to itself.")
            raise Invalid(faults=[Fault("#/supplier", "own-organisation", detail)])
        return CreditAccount(buyer_id=actor.acts_for, **validated)

    def change(self, document: CreditAccount, validated: dict[str, Any], actor: Actor) -> None:
        for name, value in validated.items():
            setattr(document, name, value)

    @extend_schema(
        parameters=[
            OpenApiParameter("first_day", str, required=True, description="First day, included (UTC)."),
            OpenApiParameter("last_day", str, required=True, description="Last day, included (UTC)."),
        ],
        responses=StatementSerializer,
        summary="Opening balance, entries and closing balance of a period",
    )
    @action(detail=True, filter_backends=[], filterset_class=None)
    def statement(self, request: Request, pk: UUID) -> Response:
        account = self.get_document()
        period = PeriodInput(data=request.query_params.dict())
        period.is_valid(raise_exception=True)
        return Response(StatementSerializer(statement(account, **period.validated_data)).data)

    @extend_schema(responses=EntrySerializer(many=True), summary="Every movement, first one first")
    @action(detail=True, filter_backends=[], filterset_class=None)
    def entries(self, request: Request, pk: UUID) -> Response:
        page = self.paginate_queryset(self.get_document().entries.all())
        return self.get_paginated_response(EntrySerializer(page, many=True).data)
