"""Quotations over HTTP: answering an RFQ line by line or by its workbook, and reading what was opened.

An answer to a POST never carries prices: such answers are kept for repetition (``Idempotency-Key``), and nothing that
is kept may tell a sealed value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.http.response import HttpResponseBase
from django_filters import ChoiceFilter, UUIDFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from b2b.api.documents import DocumentSerializer, DocumentViewSet, RowSerializer
from b2b.api.fields import DecimalField
from b2b.api.filters import FilterSet
from b2b.api.versions import required_version
from b2b.api.workbooks import workbook_download
from b2b.errors import NotAllowed
from b2b.money import line_amount
from b2b.policy import Actor, sales
from b2b.together import together
from b2b.uploads.at_once import import_at_once
from quotations.api.columns import AMOUNT, PRICE, QUANTITY, visible_rfq
from quotations.api.quotation_inputs import (
    DeclineInput,
    DisqualificationInput,
    ExtendValidityInput,
    QuotationContent,
    StartContent,
    WithdrawInput,
    WorkbookInput,
)
from quotations.inviting import answer
from quotations.models import Quotation
from quotations.offer import Alternative, Offer, OfferedLine, Tier
from quotations.saving import save_offer
from quotations.sheets.answering import offer_rows
from quotations.sheets.quotation import OPEN_COLUMNS, QuotationSheet
from quotations.sheets.workbook_token import require_own, token_of
from quotations.workflow.quotation import QuotationState


class QuotationRowSerializer(RowSerializer):
    rfq_number = serializers.CharField(source="rfq.number", read_only=True)
    rfq_title = serializers.CharField(source="rfq.title", read_only=True)
    deadline = serializers.DateTimeField(source="rfq.deadline", read_only=True)
    buyer_name = serializers.CharField(source="buyer.name", read_only=True)
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)

    class Meta:
        model = Quotation
        fields: ClassVar = (
            *RowSerializer.BASE,
            "rfq",
            "rfq_number",
            "rfq_title",
            "deadline",
            "buyer",
            "buyer_name",
            "supplier",
            "supplier_name",
            "currency",
            "invited_at",
            "submitted_at",
            "opened_at",
            "valid_until",
            "total",
        )
        read_only_fields = fields


class TierSerializer(serializers.Serializer):
    from_quantity = DecimalField(**QUANTITY)
    unit_price = DecimalField(**PRICE)


class AlternativeSerializer(serializers.Serializer):
    """Something else offered for the same line; it is shown, and never counts by itself."""

    name = serializers.CharField()
    unit_price = DecimalField(**PRICE)
    lead_time_days = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()
    tiers = TierSerializer(many=True)


class OfferedLineSerializer(serializers.Serializer):
    """One answer as its reader may see it, beside what was asked."""

    line = serializers.IntegerField()
    item = serializers.CharField()
    quantity = DecimalField(**QUANTITY)
    unit = serializers.CharField()
    unit_price = DecimalField(**PRICE, allow_null=True)
    net_unit_price = DecimalField(**PRICE, allow_null=True, help_text="Less the quotation's discount.")
    amount = DecimalField(**AMOUNT, allow_null=True)
    no_bid = serializers.BooleanField()
    lead_time_days = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()
    tiers = TierSerializer(many=True, help_text="Prices from larger quantities on, before the discount.")
    alternatives = AlternativeSerializer(many=True)


class OfferContentSerializer(serializers.Serializer):
    """What is offered. Before the opening only its own supplier reads it."""

    valid_until = serializers.DateField(allow_null=True)
    discount_percent = DecimalField(max_digits=7, decimal_places=4, allow_null=True)
    note = serializers.CharField()
    total = DecimalField(**AMOUNT)
    lines = OfferedLineSerializer(many=True)


class AwardedLineSerializer(serializers.Serializer):
    line = serializers.IntegerField(source="rfq_line.number")
    quantity = DecimalField(**QUANTITY)
    unit_price = DecimalField(**PRICE)


class QuotationSerializer(DocumentSerializer):
    rfq_number = serializers.CharField(source="rfq.number", read_only=True)
    rfq_title = serializers.CharField(source="rfq.title", read_only=True)
    deadline = serializers.DateTimeField(source="rfq.deadline", read_only=True)
    buyer_name = serializers.CharField(source="buyer.name", read_only=True)
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    sealed = serializers.SerializerMethodField(help_text="Whether its prices are still sealed.")
    offer = serializers.SerializerMethodField(help_text="Null while sealed from this reader, and in answers to POST.")
    awarded = serializers.SerializerMethodField(help_text="What an approved award gives it, for its own supplier.")

    class Meta:
        model = Quotation
        fields: ClassVar = (
            *DocumentSerializer.BASE,
            *QuotationRowSerializer.Meta.fields[len(RowSerializer.BASE) :],
            "sealed",
            "sealed_version",
            "submitted_sha256",
            "decline_reason",
            "disqualification_criterion",
            "disqualification_reason",
            "offer",
            "awarded",
        )
        read_only_fields = fields

    def get_sealed(self, quotation: Quotation) -> bool:
        return not quotation.is_opened

    @extend_schema_field(OfferContentSerializer(allow_null=True))
    def get_offer(self, quotation: Quotation) -> dict[str, Any] | None:
        request = self.context["request"]
        if request.method == "POST" or not quotation.may_read_offer(request.actor):
            return None
        told = opened_offer(quotation) if quotation.is_opened else sealed_offer(quotation)
        return OfferContentSerializer(told).data

    @extend_schema_field(AwardedLineSerializer(many=True))
    def get_awarded(self, quotation: Quotation) -> Any:
        request = self.context["request"]
        if request.method == "POST" or request.actor.organisation_id != quotation.supplier_id:
            return []
        lines = quotation.award_lines.filter(award__state__in=("approved", "confirmed")).select_related("rfq_line")
        return AwardedLineSerializer(lines.order_by("rfq_line__number"), many=True).data


def opened_offer(quotation: Quotation) -> dict[str, Any]:
    """From the lines in clear."""
    rows = quotation.lines.select_related("rfq_line").order_by("number")
    return {
        "valid_until": quotation.valid_until,
        "discount_percent": None,
        "note": "",
        "total": quotation.total,
        "lines": [
            {
                "line": row.number,
                "item": row.rfq_line.item,
                "quantity": row.quantity,
                "unit": row.rfq_line.unit,
                "unit_price": row.unit_price,
                "net_unit_price": row.net_unit_price,
                "amount": row.amount,
                "no_bid": row.no_bid,
                "lead_time_days": row.lead_time_days,
                "note": row.note,
                "tiers": row.tiers,
                "alternatives": row.alternatives,
            }
            for row in rows
        ],
    }


def sealed_offer(quotation: Quotation) -> dict[str, Any]:
    """From the last sealed version, with amounts as the opening will compute them."""
    offer = quotation.offer()
    lines = list(_answered(quotation, offer))
    return {
        "valid_until": offer.valid_until,
        "discount_percent": offer.discount_percent,
        "note": offer.note,
        "total": sum(line["amount"] or 0 for line in lines),
        "lines": lines,
    }


def _answered(quotation: Quotation, offer: Offer) -> Iterator[dict[str, Any]]:
    for asked in quotation.rfq.lines.order_by("number"):
        found = offer.lines.get(asked.number)
        if found is None:
            continue
        net = offer.net_price(found, asked.quantity)
        yield {
            "line": asked.number,
            "item": asked.item,
            "quantity": asked.quantity,
            "unit": asked.unit,
            "unit_price": found.unit_price,
            "tiers": [tier.as_json() for tier in found.tiers],
            "alternatives": [one.as_json() for one in found.alternatives],
            "net_unit_price": net,
            "amount": None if net is None else line_amount(asked.quantity, net, offer.currency).amount,
            "no_bid": found.no_bid,
            "lead_time_days": found.lead_time_days,
            "note": found.note,
        }


class QuotationFilters(FilterSet):
    state = ChoiceFilter(choices=QuotationState.choices)
    rfq = UUIDFilter(field_name="rfq_id")
    supplier = UUIDFilter(field_name="supplier_id")
    buyer = UUIDFilter(field_name="buyer_id")

    class Meta:
        model = Quotation
        fields: ClassVar = ["state", "rfq", "supplier", "buyer"]


HIDDEN = frozenset({
    "lapse", "open", "expire", "award", "part_award", "pass_over", "order", "void", "strike",
})  # fmt: skip
"""The clock's, and the one undoing an upload takes."""


class QuotationViewSet(DocumentViewSet):
    queryset = Quotation.objects.select_related("rfq", "buyer", "supplier")
    serializer_class = QuotationSerializer
    row_serializer_class = QuotationRowSerializer
    content_serializer_class = QuotationContent
    filterset_class = QuotationFilters
    ordering_fields = ("created_at", "submitted_at")
    may_create = sales
    editable = True
    hidden_steps = HIDDEN
    inputs: ClassVar = {
        "decline": DeclineInput,
        "withdraw": WithdrawInput,
        "propose_disqualification": DisqualificationInput,
        "extend": ExtendValidityInput,
    }

    @extend_schema(request=StartContent, responses={201: QuotationSerializer}, summary="Begin to answer an RFQ")
    def create(self, request: Request) -> Response:
        self._require_creator()
        sent = StartContent(data=request.data)
        sent.is_valid(raise_exception=True)
        quotation = answer(visible_rfq(sent.validated_data["rfq"], self.request.actor), actor=self.request.actor)
        response = self.told(quotation, code=status.HTTP_201_CREATED)
        response["Location"] = self.document_url(quotation)
        return response

    @extend_schema(request=QuotationContent, responses=QuotationSerializer, summary="Save prices, sealed")
    def partial_update(self, request: Request, pk: UUID) -> Response:
        with together():
            quotation = self.hold_document()
            version = required_version(request)
            validated = self._content(data=request.data)
            save_offer(
                quotation, lambda offer: changed(offer, validated), actor=self.request.actor, expected_version=version
            )
        return self.told(quotation)

    @extend_schema(
        methods=["GET"], responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, summary="Take the workbook"
    )
    @extend_schema(
        methods=["POST"],
        request={"multipart/form-data": WorkbookInput},
        responses=QuotationSerializer,
        summary="Send the filled-in workbook back",
    )
    @action(detail=True, methods=["get", "post"], parser_classes=[MultiPartParser], filter_backends=[])
    def workbook(self, request: Request, pk: UUID) -> HttpResponseBase:
        quotation = self.get_document()
        self._require_own(quotation, self.request.actor)
        if request.method == "GET":
            return workbook_download(
                QuotationSheet,
                offer_rows(quotation.rfq, quotation.offer()),
                name=f"{quotation.rfq.number}-{quotation.number}",
                unlocked=OPEN_COLUMNS,
                metadata={"token": token_of(quotation)},
            )
        return self._take_workbook(quotation, request)

    def _take_workbook(self, quotation: Quotation, request: Request) -> Response:
        """Only the workbook this quotation gave out: who makes their own table looks at the review before."""
        sent = WorkbookInput(data=request.data)
        sent.is_valid(raise_exception=True)
        file, day = sent.validated_data["file"], sent.validated_data.get("valid_until")
        with transaction.atomic():
            quotation.lock()
            require_own(quotation, file.read(), file.name)
            import_at_once(file, format=QuotationSheet.code, actor=self.request.actor, target_id=quotation.pk)
            if day is not None:
                save_offer(quotation, lambda offer: replace(offer, valid_until=day), actor=self.request.actor)
        return self.told(self.get_document())

    def _require_own(self, quotation: Quotation, actor: Actor) -> None:
        """The buyer sees that there is a quotation, and takes no workbook of it."""
        if not quotation.editable_by(actor, quotation):
            raise NotAllowed


def changed(offer: Offer, validated: dict[str, Any]) -> Offer:
    """The offer with what was sent."""
    fields = {name: value for name, value in validated.items() if name != "lines"}
    answers = {line["line"]: _offered(line) for line in validated.get("lines", ())}
    return replace(offer, **fields).with_lines(answers)


def _offered(line: dict[str, Any]) -> OfferedLine | None:
    if line["unit_price"] is None and not line["no_bid"]:
        return None
    return OfferedLine(
        line["unit_price"],
        line["no_bid"],
        line["lead_time_days"],
        line["note"],
        _tiers(line),
        tuple(Alternative(**{**one, "tiers": _tiers(one)}) for one in line.get("alternatives", ())),
    )


def _tiers(said: dict[str, Any]) -> tuple[Tier, ...]:
    return tuple(sorted((Tier(**tier) for tier in said.get("tiers", ())), key=lambda tier: tier.from_quantity))
