"""Invoices over HTTP."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, DateFromToRangeFilter, MultipleChoiceFilter, UUIDFilter
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from b2b import policy
from b2b.api.attachments import WithAttachments
from b2b.api.documents import DocumentSerializer, DocumentViewSet, ReasonInput, RowSerializer
from b2b.api.fields import DecimalField
from b2b.api.filters import FilterSet
from b2b.api.serializers import Serializer, ShownSerializer
from b2b.clock import database_now
from b2b.policy import Actor
from procurement import invoicing
from procurement.api.fields import AMOUNT, PRICE, QUANTITY, RATE, BuyerOnly, LineNumber, Lines, Made, Visible
from procurement.api.lines import WithLines, first_lines, line_count
from procurement.api.purchase_order import VAT_CHOICES
from procurement.api.text import matching_text
from procurement.invoicing import InvoicedLine, Stated
from procurement.models import Invoice, InvoiceLine, InvoicePayment, MatchResult, PurchaseOrder
from procurement.policy import billing
from procurement.workflow.invoice_states import InvoiceState

HEAD = ("net", "tax", "total")
MOST_RESULTS = 400


class InvoiceLineSerializer(ShownSerializer):
    class Meta:
        model = InvoiceLine
        fields: ClassVar = [
            "id", "number", "order_line", "item", "quantity", "unit", "unit_price", "amount", "vat_category",
            "vat_rate",
        ]  # fmt: skip


class MatchResultSerializer(ShownSerializer):
    line = serializers.IntegerField(source="line.number", help_text="The line's number.")
    check_label = serializers.CharField(source="get_check_kind_display")
    reason_label = serializers.CharField(source="get_reason_display", help_text="In the reader's language.")

    class Meta:
        model = MatchResult
        fields: ClassVar = [
            "line", "round", "check_kind", "check_label", "expected", "found", "tolerance", "within", "reason",
            "reason_label", "accepted_reason",
        ]  # fmt: skip


class PaymentSerializer(ShownSerializer):
    class Meta:
        model = InvoicePayment
        fields: ClassVar = ["amount", "paid_on", "reference", "recorded_at"]


class InvoiceRowSerializer(RowSerializer):
    order_number = serializers.CharField(source="order.number")
    buyer_name = serializers.CharField(source="buyer.name")
    supplier_name = serializers.CharField(source="supplier.name")

    class Meta:
        model = Invoice
        fields: ClassVar = [
            *RowSerializer.BASE, "order", "order_number", "buyer", "buyer_name", "supplier", "supplier_name",
            "currency", "total", "paid", "invoiced_on", "due_on",
        ]  # fmt: skip


class InvoiceSerializer(BuyerOnly, DocumentSerializer):
    buyer_only = ("match_results", "pay_on")
    order_number = serializers.CharField(source="order.number")
    buyer_name = serializers.CharField(source="buyer.name")
    supplier_name = serializers.CharField(source="supplier.name")
    overdue = serializers.SerializerMethodField(help_text="Derived from the due date.")
    line_count = serializers.SerializerMethodField()
    lines = first_lines(InvoiceLineSerializer)
    match_results = serializers.SerializerMethodField(help_text="Of the last round: what is outside tolerance first.")
    payments = PaymentSerializer(many=True)

    class Meta:
        model = Invoice
        fields: ClassVar = [
            *DocumentSerializer.BASE, "order", "order_number", "buyer", "buyer_name", "supplier", "supplier_name",
            "author", "currency", "invoiced_on", "note", "net", "tax", "total", "paid", "submitted_at", "due_on",
            "overdue", "pay_on", "credit_note", "match_round", "line_count", "lines", "match_results", "payments",
        ]  # fmt: skip

    def get_line_count(self, invoice: Invoice) -> int:
        return line_count(invoice)

    def get_overdue(self, invoice: Invoice) -> bool:
        return invoice.is_overdue

    @extend_schema_field(MatchResultSerializer(many=True))
    def get_match_results(self, invoice: Invoice) -> list[dict[str, Any]]:
        found = invoice.match_results.filter(round=invoice.match_round).select_related("line")
        return list(
            MatchResultSerializer(found.order_by("within", "line__number", "pk")[:MOST_RESULTS], many=True).data
        )


class InvoicedLineInput(Made):
    makes = InvoicedLine
    number = LineNumber(required=False)
    order_line = serializers.UUIDField(source="order_line_id")
    item = serializers.CharField(max_length=500, required=False, allow_blank=True)
    quantity = DecimalField(**QUANTITY)
    unit = serializers.CharField(max_length=3, help_text="UN/ECE Rec 20 code.")
    unit_price = DecimalField(**PRICE)
    vat_category = serializers.ChoiceField(choices=VAT_CHOICES, required=False, allow_null=True, default=None)
    vat_rate = DecimalField(**RATE, required=False, allow_null=True, default=None)

    class Meta:
        list_serializer_class = Lines


class InvoiceContent(Serializer):
    """The head's amounts are taken from the lines where they are not stated; where they are, they must agree."""

    order = Visible(queryset=PurchaseOrder.objects.all())
    number = serializers.CharField(max_length=40, help_text="The supplier's own.")
    invoiced_on = serializers.DateField()
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    net = DecimalField(**AMOUNT, min_value=0, required=False)
    tax = DecimalField(**AMOUNT, min_value=0, required=False)
    total = DecimalField(**AMOUNT, min_value=0, required=False)
    lines = InvoicedLineInput(many=True, required=False)


class ScheduleInput(Serializer):
    pay_on = serializers.DateField(label=_("Pay on"))


class PayInput(Serializer):
    amount = DecimalField(**AMOUNT, label=_("Amount"))
    paid_on = serializers.DateField(label=_("Paid on"))
    reference = serializers.CharField(max_length=60, label=_("Reference of the payment"))


class CreditNoteInput(Serializer):
    credit_note = serializers.CharField(max_length=40, label=_("Number of the credit note"))
    reason = serializers.CharField(max_length=2000, label=_("Reason"))


class InvoiceFilters(FilterSet):
    state = MultipleChoiceFilter(choices=InvoiceState.choices)
    text = CharFilter(method="with_text", max_length=100, label="In its number, the order's or the partner's name.")
    order = UUIDFilter(field_name="order_id")
    supplier = UUIDFilter(field_name="supplier_id")
    buyer = UUIDFilter(field_name="buyer_id")
    overdue = BooleanFilter(method="with_overdue")
    invoiced_on = DateFromToRangeFilter()
    due_on = DateFromToRangeFilter()

    class Meta:
        model = Invoice
        fields: ClassVar[list[str]] = []

    def with_text(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(matching_text(value, "number", "order__number", "supplier__name", "buyer__name"))

    def with_overdue(self, rows: Any, name: str, value: bool) -> Any:  # noqa: FBT001 — the filter's own call
        overdue = rows.overdue(database_now().date())
        return overdue if value else rows.exclude(pk__in=overdue.values("pk"))


class InvoiceViewSet(WithAttachments, WithLines, DocumentViewSet):
    queryset = Invoice.objects.select_related("order", "buyer", "supplier").prefetch_related("payments")
    serializer_class = InvoiceSerializer
    row_serializer_class = InvoiceRowSerializer
    line_serializer_class = InvoiceLineSerializer
    content_serializer_class = InvoiceContent
    filterset_class = InvoiceFilters
    ordering_fields = ("created_at", "invoiced_on", "due_on", "total", "number")
    inputs: ClassVar = {
        "resolve": ReasonInput,
        "dispute": ReasonInput,
        "reject": ReasonInput,
        "schedule": ScheduleInput,
        "pay": PayInput,
        "hold": ReasonInput,
        "release": ReasonInput,
        "cancel": CreditNoteInput,
    }
    may_create = policy.sales | policy.finance
    may_attach = billing

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.prefetch_related(None) if self.action == "list" else rows

    def build(self, validated: dict[str, Any], actor: Actor) -> Invoice:
        lines, stated = validated.pop("lines", ()), _stated(validated)
        return invoicing.draft(Invoice(**validated), lines=lines, stated=stated, actor=actor)

    def change(self, invoice: Invoice, validated: dict[str, Any], actor: Actor) -> None:
        lines, stated = validated.pop("lines", None), _stated(validated)
        invoicing.revise(invoice, validated, lines=lines, stated=stated)


def _stated(validated: dict[str, Any]) -> Stated:
    return Stated(**{name: validated.pop(name) for name in HEAD if name in validated})
