"""The comparison of an RFQ's quotations, as JSON and as a workbook. Its key is the RFQ's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from b2b.api.fields import DecimalField
from b2b.api.serializers import Serializer
from b2b.api.views import EndpointSet
from b2b.api.workbooks import workbook_download, written_download
from b2b.errors import NotAllowed
from b2b.uploads.at_once import import_at_once
from procurement.models import RequestForQuotation
from quotations.api.columns import AMOUNT, PRICE, QUANTITY
from quotations.comparison import Cell, Comparison, comparison
from quotations.policy import oversees
from quotations.sheets.bid_tabulation import BidTabulationSheet, tabulation_rows
from quotations.sheets.comparison import unranked, write_comparison

READERS = frozenset({"requester", "buyer", "buying_manager", "finance", "compliance", "auditor"})


class CellSerializer(serializers.Serializer):
    """One answer and the numbers it was made from: quoted, less discount, times quantity, at the frozen rate."""

    quotation = serializers.UUIDField(source="quotation_id")
    quotation_line = serializers.UUIDField(source="quotation_line_id", allow_null=True)
    kind = serializers.ChoiceField(choices=["priced", "no_bid", "missing"])
    currency = serializers.CharField()
    quantity = DecimalField(**QUANTITY, allow_null=True)
    unit_price = DecimalField(**PRICE, allow_null=True)
    net_unit_price = DecimalField(**PRICE, allow_null=True)
    amount = DecimalField(**AMOUNT, allow_null=True)
    rate = DecimalField(max_digits=30, decimal_places=18, allow_null=True)
    compared_unit_price = DecimalField(**PRICE, allow_null=True)
    compared_amount = DecimalField(**AMOUNT, allow_null=True)
    lead_time_days = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()
    is_best = serializers.BooleanField()


class LineSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    item = serializers.CharField()
    section = serializers.CharField()
    quantity = DecimalField(**QUANTITY)
    unit = serializers.CharField()
    mandatory = serializers.BooleanField()
    estimate_unit_price = DecimalField(**PRICE, allow_null=True)
    estimate_amount = DecimalField(**AMOUNT, allow_null=True)


class ComparedLineSerializer(LineSerializer):
    cells = CellSerializer(many=True)


class BidderSerializer(serializers.Serializer):
    quotation = serializers.UUIDField(source="quotation_id")
    number = serializers.CharField()
    state = serializers.CharField()
    supplier = serializers.UUIDField(source="supplier_id")
    supplier_name = serializers.CharField(source="supplier")
    currency = serializers.CharField()
    valid_until = serializers.DateField(allow_null=True)
    rate = DecimalField(max_digits=30, decimal_places=18)
    total = DecimalField(**AMOUNT)
    compared_total = DecimalField(**AMOUNT)
    rank = serializers.IntegerField(allow_null=True)
    unranked = serializers.CharField(help_text="disqualified, expired, incomplete, or empty.")
    unranked_label = serializers.SerializerMethodField()
    above_best = DecimalField(**AMOUNT, allow_null=True)
    priced = serializers.IntegerField()
    best_lines = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.IntegerField(), help_text="Mandatory lines without a price.")
    no_bid = serializers.ListField(child=serializers.IntegerField())
    optional_missing = serializers.ListField(child=serializers.IntegerField())

    def get_unranked_label(self, bidder: Any) -> str:
        return unranked(bidder)


class OutsideSerializer(serializers.Serializer):
    """A comparison without its cells."""

    rfq = serializers.UUIDField(source="rfq_id")
    number = serializers.CharField()
    currency = serializers.CharField()
    opened_at = serializers.DateTimeField(allow_null=True)
    rates_on = serializers.DateField(allow_null=True)
    estimate_total = DecimalField(**AMOUNT, allow_null=True)
    bidders = BidderSerializer(many=True)
    lines = LineSerializer(many=True)


class ComparisonSerializer(OutsideSerializer):
    """All quotations of an RFQ side by side."""

    lines = ComparedLineSerializer(many=True)


def told(compared: Comparison) -> dict[str, Any]:
    """What ``ComparisonSerializer`` describes. The cells, ten thousand and more, are written without it."""
    outside = OutsideSerializer(compared).data
    lines = [{**line, "cells": cells} for line, cells in zip(outside.pop("lines"), _cells(compared), strict=True)]
    return {**outside, "lines": lines}


def _cells(compared: Comparison) -> Iterator[list[dict[str, Any]]]:
    for line in compared.lines:
        yield [_cell(cell) for cell in line.cells]


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "quotation": str(cell.quotation_id),
        "quotation_line": str(cell.quotation_line_id) if cell.quotation_line_id else None,
        "kind": cell.kind,
        "currency": cell.currency,
        "quantity": _written(cell.quantity, ".6f"),
        "unit_price": _written(cell.unit_price, ".6f"),
        "net_unit_price": _written(cell.net_unit_price, ".6f"),
        "amount": _written(cell.amount, ".4f"),
        "rate": _written(cell.rate, ".18f"),
        "compared_unit_price": _written(cell.compared_unit_price, ".6f"),
        "compared_amount": _written(cell.compared_amount, ".4f"),
        "lead_time_days": cell.lead_time_days,
        "note": cell.note,
        "is_best": cell.is_best,
    }


def _written(number: Decimal | None, form: str) -> str | None:
    return None if number is None else format(number, form)


class TabulationInput(Serializer):
    file = serializers.FileField()


class ComparisonViewSet(EndpointSet):
    """Before the opening there are lines and no bidders."""

    queryset = RequestForQuotation.objects.all()
    serializer_class = ComparisonSerializer
    filter_backends = ()
    pagination_class = None

    def get_queryset(self) -> QuerySet[RequestForQuotation]:
        """The buying side's and the overseers'; a bidder never sees the others."""
        seen = super().get_queryset()
        actor = self.request.actor
        return seen if oversees(actor) else seen.filter(buyer_id=actor.organisation_id)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        return Response(told(self._compared(pk)))

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, summary="The comparison as .xlsx"
    )
    @action(detail=True)
    def workbook(self, request: Request, pk: UUID) -> HttpResponseBase:
        compared = self._compared(pk)
        return written_download(partial(write_comparison, compared=compared), name=f"{compared.number}-comparison")

    @extend_schema(
        methods=["GET"],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        summary="Every opened price as a bid tabulation",
    )
    @extend_schema(
        methods=["POST"],
        request={"multipart/form-data": TabulationInput},
        responses=ComparisonSerializer,
        summary="Record bids that came on paper",
    )
    @action(detail=True, methods=["get", "post"], parser_classes=[MultiPartParser])
    def tabulation(self, request: Request, pk: UUID) -> HttpResponseBase:
        if request.method == "GET":
            compared = self._compared(pk)
            rows = tabulation_rows(compared)
            return workbook_download(BidTabulationSheet, rows, name=f"{compared.number}-tabulation")
        rfq = get_object_or_404(self.get_queryset(), pk=pk)
        sent = TabulationInput(data=request.data)
        sent.is_valid(raise_exception=True)
        file = sent.validated_data["file"]
        import_at_once(file, format=BidTabulationSheet.code, actor=self.request.actor, target_id=rfq.pk)
        return Response(told(self._compared(pk)))

    def _compared(self, pk: UUID) -> Comparison:
        rfq = get_object_or_404(self.get_queryset(), pk=pk)
        if not self.request.actor.roles & READERS:
            raise NotAllowed
        return comparison(rfq)
