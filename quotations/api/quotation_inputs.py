"""What is sent about a quotation: answers line by line, and what its steps ask for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from b2b.api.fields import DecimalField
from b2b.api.serializers import Serializer
from quotations.api.columns import PRICE, QUANTITY
from quotations.workflow.quotation import DeclineReason


class TierContent(Serializer):
    from_quantity = DecimalField(**QUANTITY)
    unit_price = DecimalField(**PRICE)


class AlternativeContent(Serializer):
    name = serializers.CharField(max_length=200)
    unit_price = DecimalField(**PRICE)
    lead_time_days = serializers.IntegerField(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")
    tiers = TierContent(many=True, required=False)


class AnswerContent(Serializer):
    """A price, or no bid. Without either, the answer is taken back."""

    line = serializers.IntegerField(min_value=1)
    unit_price = DecimalField(**PRICE, required=False, allow_null=True, default=None)
    no_bid = serializers.BooleanField(default=False)
    lead_time_days = serializers.IntegerField(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")
    tiers = TierContent(many=True, required=False)
    alternatives = AlternativeContent(many=True, required=False)


class QuotationContent(Serializer):
    """What to change of the offer; lines that are not named stay as they are."""

    currency = serializers.CharField(max_length=3, required=False)
    valid_until = serializers.DateField(required=False, allow_null=True)
    discount_percent = DecimalField(max_digits=7, decimal_places=4, required=False)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    lines = serializers.ListField(child=AnswerContent(), required=False, max_length=10_000)


class StartContent(Serializer):
    """Which RFQ to answer: one open to everybody, or anew after withdrawing."""

    rfq = serializers.UUIDField()


class DeclineInput(Serializer):
    reason_code = serializers.ChoiceField(choices=DeclineReason.choices, label=_("Reason"))
    reason = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, default="", label=_("Explanation")
    )


class WithdrawInput(Serializer):
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="", label=_("Reason"))


class DisqualificationInput(Serializer):
    criterion = serializers.CharField(max_length=200, label=_("Criterion"))
    reason = serializers.CharField(max_length=2000, label=_("Reason"))


class ExtendValidityInput(Serializer):
    valid_until = serializers.DateField(label=_("Valid until"))


class WorkbookInput(Serializer):
    file = serializers.FileField()
    valid_until = serializers.DateField(required=False)
