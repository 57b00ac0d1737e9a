"""RFQs over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, IsoDateTimeFromToRangeFilter, MultipleChoiceFilter, UUIDFilter
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b import policy
from b2b.api.attachments import WithAttachments
from b2b.api.documents import DocumentSerializer, DocumentViewSet, ReasonInput, RowSerializer
from b2b.api.fields import DecimalField, UnitLabelField
from b2b.api.filters import FilterSet
from b2b.api.requests import Request
from b2b.api.serializers import NoInput, Serializer, ShownSerializer
from b2b.errors import NotAllowed
from b2b.policy import Actor
from credit.terms import Terms
from procurement import tendering
from procurement.api.fields import PRICE, QUANTITY, BuyerOnly, CurrencyCode, LineInput, Lines, Made
from procurement.api.journals import from_disclosure
from procurement.api.lines import WithLines, first_lines, line_count
from procurement.api.sheets import WithSheet
from procurement.api.text import matching_text
from procurement.asked_lines import AskedLine
from procurement.incoterms import Incoterm
from procurement.models import Criterion, Invitation, RequestForQuotation, RFQLine
from procurement.policy import asking, organisation_of, oversees
from procurement.schedule import Delivery
from procurement.sheets.rfq_lines import RFQLineSheet, line_rows
from procurement.tendering import Invitee, JudgedBy
from procurement.workflow.rfq import RFQState

HIDDEN = frozenset({
    "close", "fail", "open_bids", "propose_award", "reject_award", "approve_award", "confirm_award", "uphold_objection",
})  # fmt: skip
"""The clock's, and those the app above takes by opening quotations and deciding awards."""
WRITERS: dict[str, Callable[..., None]] = {
    "lines": tendering.rewrite,
    "invitations": tendering.invite,
    "criteria": tendering.judge_by,
}
"""What is more than a column."""


class RFQLineSerializer(BuyerOnly, ShownSerializer):
    buyer_only = ("estimate_unit_price",)
    unit_label = UnitLabelField()

    class Meta:
        model = RFQLine
        fields: ClassVar = [
            "id", "number", "item", "code", "product", "section", "quantity", "unit", "unit_label",
            "estimate_unit_price", "mandatory", "required_by", "deliveries", "status",
        ]  # fmt: skip


class InvitationSerializer(ShownSerializer):
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)

    class Meta:
        model = Invitation
        fields: ClassVar = ["supplier", "supplier_name", "email", "invited_at"]


class CriterionSerializer(ShownSerializer):
    class Meta:
        model = Criterion
        fields: ClassVar = ["name", "weight", "kind"]


class RFQRowSerializer(BuyerOnly, RowSerializer):
    buyer_only = ("estimate",)
    buyer_name = serializers.CharField(source="buyer.name", read_only=True)

    class Meta:
        model = RequestForQuotation
        fields: ClassVar = [
            *RowSerializer.BASE, "title", "buyer", "buyer_name", "currency", "deadline", "is_public", "published_at",
            "estimate",
        ]  # fmt: skip


class RFQSerializer(BuyerOnly, DocumentSerializer):
    buyer_only = ("estimate", "invitations", "copied_from", "standstill_days", "opening", "minimum_quotations")
    buyer_name = serializers.CharField(source="buyer.name", read_only=True)
    payment_terms_label = serializers.CharField(source="get_payment_terms_display", read_only=True)
    line_count = serializers.SerializerMethodField()
    lines = first_lines(RFQLineSerializer)
    invitations = InvitationSerializer(many=True, read_only=True, allow_null=True)
    criteria = CriterionSerializer(many=True, read_only=True)

    class Meta:
        model = RequestForQuotation
        fields: ClassVar = [
            *DocumentSerializer.BASE, "title", "description", "buyer", "buyer_name", "currency", "quotation_currencies",
            "deadline", "is_public", "payment_terms", "payment_terms_label", "incoterm", "place", "minimum_quotations",
            "opening", "standstill_days", "estimate", "copied_from", "published_at", "closed_at", "opened_at", "rates",
            "standstill_ends_at", "ended_at", "cancellation_reason", "line_count", "lines", "invitations", "criteria",
        ]  # fmt: skip

    def get_line_count(self, rfq: RequestForQuotation) -> int:
        return line_count(rfq)


class DeliveryInput(Made):
    makes = Delivery
    on = serializers.DateField()
    quantity = DecimalField(**QUANTITY)


class AskedLineInput(LineInput):
    makes = AskedLine
    section = serializers.CharField(max_length=200, required=False, allow_blank=True)
    estimate_unit_price = DecimalField(**PRICE, required=False, allow_null=True)
    mandatory = serializers.BooleanField(required=False)
    required_by = serializers.DateField(required=False, allow_null=True)
    deliveries = DeliveryInput(many=True, required=False, help_text="Parts of the quantity with days of their own.")

    class Meta:
        list_serializer_class = Lines

    def to_internal_value(self, data: Any) -> Any:
        line = super().to_internal_value(data)
        return replace(line, deliveries=tuple(sorted(line.deliveries, key=lambda one: one.on)))


class RFQInvitationInput(Made):
    makes = Invitee
    supplier = serializers.UUIDField(source="supplier_id", help_text="An organisation that supplies.")
    email = serializers.EmailField(required=False, allow_blank=True)


class RFQCriterionInput(Made):
    makes = JudgedBy
    name = serializers.CharField(max_length=120)
    weight = DecimalField(max_digits=5, decimal_places=2)
    kind = serializers.ChoiceField(choices=Criterion.Kind.choices, required=False)


class RFQContent(Serializer):
    """Lists that are sent take the place of what was there."""

    title = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    currency = CurrencyCode()
    quotation_currencies = serializers.ListField(child=CurrencyCode(), max_length=20, required=False)
    deadline = serializers.DateTimeField(required=False, allow_null=True)
    is_public = serializers.BooleanField(required=False)
    payment_terms = serializers.ChoiceField(choices=Terms.choices, required=False)
    incoterm = serializers.ChoiceField(choices=Incoterm.choices, required=False, allow_blank=True)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    minimum_quotations = serializers.IntegerField(min_value=0, max_value=100, required=False)
    lines = AskedLineInput(many=True, required=False)
    invitations = RFQInvitationInput(many=True, required=False)
    criteria = RFQCriterionInput(many=True, required=False)


class ExtendInput(Serializer):
    deadline = serializers.DateTimeField(label=_("Deadline"))
    reason = serializers.CharField(max_length=2000, label=_("Reason"))


class RFQFilters(FilterSet):
    state = MultipleChoiceFilter(choices=RFQState.choices)
    text = CharFilter(method="with_text", max_length=100, label="In the number or the title.")
    supplier = UUIDFilter(method="with_supplier", label="Invited suppliers; for the buying side.")
    buyer = UUIDFilter(field_name="buyer_id")
    is_public = BooleanFilter()
    deadline = IsoDateTimeFromToRangeFilter()
    created_at = IsoDateTimeFromToRangeFilter()

    class Meta:
        model = RequestForQuotation
        fields: ClassVar[list[str]] = []

    def with_text(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(matching_text(value, "number", "title"))

    def with_supplier(self, rows: Any, name: str, value: UUID) -> Any:
        """Who else is invited is not a supplier's to find out."""
        actor = self.request.actor
        own = rows if oversees(actor) else rows.filter(buyer_id=actor.organisation_id)
        return own.filter(pk__in=Invitation.objects.filter(supplier_id=value).values("rfq_id"))


class RFQViewSet(WithSheet, WithAttachments, WithLines, DocumentViewSet):
    queryset = RequestForQuotation.objects.select_related("buyer").prefetch_related("criteria", "invitations__supplier")
    serializer_class = RFQSerializer
    row_serializer_class = RFQRowSerializer
    line_serializer_class = RFQLineSerializer
    content_serializer_class = RFQContent
    filterset_class = RFQFilters
    ordering_fields = ("created_at", "deadline", "number", "title")
    inputs: ClassVar = {"send_back": ReasonInput, "extend": ExtendInput, "cancel": ReasonInput}
    hidden_steps = HIDDEN
    may_create = policy.buyer | policy.requester
    may_attach = asking
    sheet = RFQLineSheet

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.prefetch_related(None) if self.action == "list" else rows

    def journal_entries(self, document: Any) -> Any:
        """What happened before the RFQ was published is the buyer's own affair."""
        entries = super().journal_entries(document)
        return from_disclosure(entries, ("publish", "approve"), buyer_id=document.buyer_id, actor=self.request.actor)

    def build(self, validated: dict[str, Any], actor: Actor) -> RequestForQuotation:
        parts = {
            "lines": validated.pop("lines", ()),
            "invited": validated.pop("invitations", ()),
            "criteria": validated.pop("criteria", ()),
        }
        rfq = RequestForQuotation(buyer_id=organisation_of(actor), **validated)
        return tendering.draft(rfq, **parts, actor=actor)

    def change(self, rfq: RequestForQuotation, validated: dict[str, Any], actor: Actor) -> None:
        for name, value in validated.items():
            if name in WRITERS:
                WRITERS[name](rfq, value)
            else:
                setattr(rfq, name, value)

    def sheet_rows(self, rfq: RequestForQuotation, *, as_buyer: bool) -> Any:
        return line_rows(rfq, with_estimates=as_buyer)

    @extend_schema(request=None, responses={201: RFQSerializer}, summary="A new draft that asks the same")
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, pk: UUID) -> Response:
        rfq = self.get_document()
        NoInput(data=request.data).is_valid(raise_exception=True)
        if not asking(request.actor, rfq):
            raise NotAllowed
        again = tendering.copy(rfq, actor=request.actor)
        response = self.told(again, code=status.HTTP_201_CREATED)
        response["Location"] = self.document_url(again)
        return response
