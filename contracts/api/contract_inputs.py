"""What is sent to make, change, sign and end a contract."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from b2b.api.fields import DecimalField
from b2b.api.serializers import Serializer
from contracts.api.clause import LONGEST_TEXT
from contracts.api.template import MOST_ITEMS, ConditionInput
from contracts.models import Clause, ContractTemplate
from contracts.price_line import PriceLine
from contracts.workflow.contract import MOST_NOTICE_DAYS
from contracts.workflow.contract_guards import ClosingPoint
from credit.terms import Terms
from procurement.api.fields import AMOUNT, PRICE, QUANTITY, CurrencyCode, LineInput, Lines, Supplier, Visible
from procurement.api.purchase_order import VAT_CHOICES
from procurement.incoterms import Incoterm
from procurement.models import PurchaseOrder
from quotations.models import Award


class PriceLineInput(LineInput):
    """Without a quantity the contract's ceiling limits what is called off."""

    makes = PriceLine
    quantity = DecimalField(**QUANTITY, required=False, allow_null=True)
    unit_price = DecimalField(**PRICE)
    vat_category = serializers.ChoiceField(choices=VAT_CHOICES, required=False, allow_null=True)
    vat_rate = DecimalField(max_digits=7, decimal_places=4, required=False, allow_null=True)

    class Meta:
        list_serializer_class = Lines


class ClauseChoiceInput(Serializer):
    """One clause as it shall stand: one that stands already, one from the library, or own words."""

    keep = serializers.IntegerField(required=False, min_value=1, help_text="The position it stands at now.")
    clause = Visible(queryset=Clause.objects.all(), required=False, help_text="From the library, as worded now.")
    title = serializers.CharField(max_length=200, required=False)
    chinese_title = serializers.CharField(max_length=200, required=False)
    text = serializers.CharField(max_length=LONGEST_TEXT, required=False)
    chinese_text = serializers.CharField(max_length=LONGEST_TEXT, required=False)
    condition = ConditionInput(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        own = {"title", "chinese_title", "text", "chinese_text"}
        ways = [name for name in ("keep", "clause") if name in attrs] + (["text"] if own & attrs.keys() else [])
        if len(ways) != 1 or (ways == ["text"] and not own <= attrs.keys()):
            message = gettext(
                "Name a position to keep, a clause of the library, or give title and text in both languages."
            )
            raise serializers.ValidationError(message, code="one-way")
        return attrs


class FilledIn(serializers.DictField):
    """Values by the names of the template's fields."""

    child = serializers.CharField(max_length=2000, allow_blank=True)


class ContractContent(Serializer):
    """Lines and clauses that are sent take the place of those that were there; a template brings its clauses."""

    order = Visible(
        queryset=PurchaseOrder.objects.all(),
        required=False,
        help_text="New contracts only: take supplier, terms and prices from this order.",
    )
    award = Visible(
        queryset=Award.objects.all(),
        required=False,
        help_text="New contracts only: take what this award gives to the supplier.",
    )
    supplier = Supplier(required=False)
    title = serializers.CharField(max_length=200, required=False, allow_blank=True)
    chinese_title = serializers.CharField(max_length=200, required=False, allow_blank=True)
    template = Visible(queryset=ContractTemplate.objects.filter(state="in_force"), required=False)
    currency = CurrencyCode(required=False)
    ceiling = DecimalField(**AMOUNT, required=False, allow_null=True, min_value=Decimal("0.0001"))
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    notice_days = serializers.IntegerField(min_value=0, max_value=MOST_NOTICE_DAYS, required=False)
    payment_terms = serializers.ChoiceField(choices=Terms.choices, required=False)
    incoterm = serializers.ChoiceField(choices=Incoterm.choices, required=False, allow_blank=True)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    fields = FilledIn(required=False)  # type: ignore[assignment]
    chinese_fields = FilledIn(required=False)
    clauses = ClauseChoiceInput(many=True, required=False, max_length=MOST_ITEMS)  # type: ignore[call-arg]
    lines = PriceLineInput(many=True, required=False)


class SignInput(Serializer):
    """The hash of the PDF that was read: it is refused where that is not the one to be signed."""

    sha256 = serializers.RegexField(
        r"^[0-9a-fA-F]{64}$", label=_("Hash of the PDF"), help_text=_("SHA-256, in hexadecimal.")
    )


class TerminationInput(Serializer):
    reason = serializers.CharField(max_length=2000, label=_("Reason"))
    terminates_on = serializers.DateField(label=_("Terminates on"))
    settlement = serializers.CharField(max_length=5000, label=_("Settlement"))


class ClosingInput(Serializer):
    """The checklist must be complete."""

    paid_total = DecimalField(**AMOUNT, min_value=0, label=_("Paid in total"))
    checklist = serializers.ListField(child=serializers.ChoiceField(choices=ClosingPoint.choices))
