"""What the serializers of this app have in common."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from b2b.api.attachments import BINARY, download
from b2b.api.serializers import Serializer
from b2b.currency import UnknownCurrency, currency
from b2b.unit import UnknownUnit, unit

PRICE: dict[str, Any] = {"max_digits": 20, "decimal_places": 6}
QUANTITY: dict[str, Any] = {"max_digits": 20, "decimal_places": 6}
LEAST = Decimal("0.000001")
"""The smallest quantity there is."""
WORKBOOK: dict[Any, Any] = {(200, "application/octet-stream"): OpenApiResponse(BINARY, description="The workbook.")}

__all__ = [
    "LEAST",
    "PRICE",
    "QUANTITY",
    "WORKBOOK",
    "RemarkInput",
    "UploadInput",
    "currency_code",
    "download",
    "unit_code",
]


class UploadInput(Serializer):
    file = serializers.FileField()


class RemarkInput(Serializer):
    """A step that takes a reason but does not insist."""

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="", label=_("Reason"))


def currency_code(value: str) -> None:
    """A validator. ISO 4217, in capitals."""
    try:
        currency(value)
    except UnknownCurrency as unknown:
        raise serializers.ValidationError(str(unknown), code="unknown-currency") from None


def unit_code(value: str) -> None:
    """A validator. UN/ECE Rec 20, as the code stands there."""
    try:
        unit(value)
    except UnknownUnit as unknown:
        raise serializers.ValidationError(str(unknown), code="unknown-unit") from None
