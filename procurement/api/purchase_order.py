"""Purchase orders over HTTP."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import (
    CharFilter,
    DateFromToRangeFilter,
    IsoDateTimeFromToRangeFilter,
    MultipleChoiceFilter,
    UUIDFilter,
)
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from b2b import policy
from b2b.api.attachments import WithAttachments
from b2b.api.documents import DocumentSerializer, DocumentViewSet, ReasonInput, RowSerializer
from b2b.api.fields import DecimalField
from b2b.api.filters import FilterSet
from b2b.api.serializers import Serializer, ShownSerializer
from b2b.policy import Actor
from b2b.tax import VatCategory
from credit.terms import Terms
from procurement import ordering
from procurement.api.fields import (
    PRICE,
    QUANTITY,
    RATE,
    BuyerOnly,
    CurrencyCode,
    LineInput,
    LineNumber,
    Lines,
    Made,
    Supplier,
)
from procurement.api.journals import from_disclosure
from procurement.api.lines import WithLines, first_lines, line_count
from procurement.api.sheets import WithSheet
from procurement.api.text import matching_text
from procurement.incoterms import Incoterm
from procurement.models import (
    OrderApproval,
    OrderChange,
    OrderChangeLine,
    OrderPrint,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.order_lines import OrderedLine
from procurement.policy import buying, organisation_of
from procurement.queries.progress import progress_of
from procurement.sheets.purchase_order_lines import PurchaseOrderLineSheet, line_rows
from procurement.workflow.changing import ProposedLine
from procurement.workflow.promising import Promise
from procurement.workflow.purchase_order import OrderState

VAT_CHOICES = [(category.value, category.label) for category in VatCategory]
HIDDEN = frozenset({"auto_approve", "discard", "hold", "receive", "reverse_receipt"})
"""The clock's, and those a receipt or an upload takes."""


class PurchaseOrderLineSerializer(BuyerOnly, ShownSerializer):
    buyer_only = ("source_unit_price", "variance_reason", "tolerance")

    class Meta:
        model = PurchaseOrderLine
        fields: ClassVar = [
            "id", "number", "item", "code", "product", "rfq_line", "quantity", "unit", "unit_price", "amount",
            "vat_category", "vat_rate", "requested_on", "promised_on", "tolerance", "source_unit_price",
            "variance_reason", "received", "rejected", "invoiced",
        ]  # fmt: skip


class ChangeLineSerializer(ShownSerializer):
    number = serializers.IntegerField(source="order_line.number")

    class Meta:
        model = OrderChangeLine
        fields: ClassVar = ["number", "quantity", "unit_price", "promised_on"]


class ChangeSerializer(ShownSerializer):
    lines = ChangeLineSerializer(many=True)

    class Meta:
        model = OrderChange
        fields: ClassVar = ["number", "state", "reason", "answer", "proposed_at", "decided_at", "lines"]


class ApprovalSerializer(ShownSerializer):
    by = serializers.CharField(source="user.__str__")

    class Meta:
        model = OrderApproval
        fields: ClassVar = ["round", "role", "by", "at"]


class PrintSerializer(ShownSerializer):
    class Meta:
        model = OrderPrint
        fields: ClassVar = ["order_version", "attachment", "sha256", "printed_at"]


class ProgressSerializer(serializers.Serializer):
    """Shares of the ordered value: derived from the lines, never states."""

    received = serializers.DecimalField(max_digits=5, decimal_places=4)
    invoiced = serializers.DecimalField(max_digits=5, decimal_places=4)


class PurchaseOrderRowSerializer(RowSerializer):
    buyer_name = serializers.CharField(source="buyer.name")
    supplier_name = serializers.CharField(source="supplier.name")

    class Meta:
        model = PurchaseOrder
        fields: ClassVar = [
            *RowSerializer.BASE, "title", "buyer", "buyer_name", "supplier", "supplier_name", "currency", "total",
            "issued_at",
        ]  # fmt: skip


class PurchaseOrderSerializer(BuyerOnly, DocumentSerializer):
    buyer_only = (
        "variance_reason", "approved_total", "credit_account", "credit_override_until", "approvals", "source",
    )  # fmt: skip
    buyer_name = serializers.CharField(source="buyer.name")
    supplier_name = serializers.CharField(source="supplier.name")
    line_count = serializers.SerializerMethodField()
    lines = first_lines(PurchaseOrderLineSerializer)
    progress = serializers.SerializerMethodField()
    approvals = ApprovalSerializer(many=True, allow_null=True)
    changes = ChangeSerializer(many=True)
    prints = PrintSerializer(many=True)

    class Meta:
        model = PurchaseOrder
        fields: ClassVar = [
            *DocumentSerializer.BASE, "title", "note", "buyer", "buyer_name", "supplier", "supplier_name", "rfq",
            "source", "currency", "payment_terms", "incoterm", "place", "variance_reason", "net", "tax", "total",
            "approved_total", "credit_account", "credit_override_until", "issued_at", "acknowledged_at", "ended_at",
            "line_count", "lines", "progress", "approvals", "changes", "prints",
        ]  # fmt: skip

    def get_line_count(self, order: PurchaseOrder) -> int:
        return line_count(order)

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, order: PurchaseOrder) -> dict[str, Any]:
        return dict(ProgressSerializer(progress_of(order)).data)


class OrderedLineInput(LineInput):
    """With a product, what is left out is taken from the catalogue, the price from the list in force."""

    makes = OrderedLine
    item = serializers.CharField(max_length=500, required=False, allow_blank=True)
    unit = serializers.CharField(max_length=3, required=False, allow_blank=True, help_text="UN/ECE Rec 20 code.")
    unit_price = DecimalField(**PRICE, required=False, allow_null=True)
    vat_category = serializers.ChoiceField(choices=VAT_CHOICES, required=False, allow_null=True)
    vat_rate = DecimalField(**RATE, required=False, allow_null=True)
    requested_on = serializers.DateField(required=False, allow_null=True)
    variance_reason = serializers.CharField(max_length=200, required=False, allow_blank=True)

    class Meta:
        list_serializer_class = Lines


class PurchaseOrderContent(Serializer):
    """Lines that are sent take the place of those that were there."""

    supplier = Supplier()
    title = serializers.CharField(max_length=200, required=False, allow_blank=True)
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    currency = CurrencyCode()
    payment_terms = serializers.ChoiceField(choices=Terms.choices, required=False)
    incoterm = serializers.ChoiceField(choices=Incoterm.choices, required=False, allow_blank=True)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    variance_reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    lines = OrderedLineInput(many=True, required=False)


class PromiseInput(Made):
    makes = Promise
    number = LineNumber()
    promised_on = serializers.DateField()


class AcknowledgeInput(Serializer):
    """Dates for lines that were requested for none, or an earlier one; all others are promised as requested."""

    promised = PromiseInput(many=True, required=False)


class ProposedLineInput(Made):
    makes = ProposedLine
    number = LineNumber()
    quantity = DecimalField(**QUANTITY, required=False, allow_null=True)
    unit_price = DecimalField(**PRICE, required=False, allow_null=True)
    promised_on = serializers.DateField(required=False, allow_null=True)


class ProposeChangeInput(Serializer):
    reason = serializers.CharField(max_length=2000, label=_("Reason"))
    lines = ProposedLineInput(many=True)


class ReleaseInput(Serializer):
    """What overrides a credit hold; empty where the account is in order again."""

    until = serializers.DateField(required=False, label=_("Until"))
    reason = serializers.CharField(max_length=2000, required=False, label=_("Reason"))


class CloseInput(Serializer):
    reason = serializers.CharField(
        max_length=2000, required=False, label=_("Reason"), help_text=_("To close before everything has come.")
    )


class PurchaseOrderFilters(FilterSet):
    state = MultipleChoiceFilter(choices=OrderState.choices)
    text = CharFilter(method="with_text", max_length=100, label="In the number, the title or the partner's name.")
    supplier = UUIDFilter(field_name="supplier_id")
    buyer = UUIDFilter(field_name="buyer_id")
    rfq = UUIDFilter(field_name="rfq_id")
    late = DateFromToRangeFilter(method="with_late", label="Promised in these days and not received.")
    created_at = IsoDateTimeFromToRangeFilter()
    issued_at = IsoDateTimeFromToRangeFilter()

    class Meta:
        model = PurchaseOrder
        fields: ClassVar[list[str]] = []

    def with_text(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(matching_text(value, "number", "title", "supplier__name", "buyer__name"))

    def with_late(self, rows: Any, name: str, value: slice) -> Any:
        missing = Q(received__lt=F("quantity"))
        if value.start is not None:
            missing &= Q(promised_on__gte=value.start.date())
        if value.stop is not None:
            missing &= Q(promised_on__lte=value.stop.date())
        late: QuerySet[PurchaseOrderLine] = PurchaseOrderLine.objects.filter(missing, promised_on__isnull=False)
        return rows.filter(pk__in=late.values("order_id"))


class PurchaseOrderViewSet(WithSheet, WithAttachments, WithLines, DocumentViewSet):
    queryset = PurchaseOrder.objects.select_related("buyer", "supplier", "credit_account").prefetch_related(
        "approvals__user", "changes__lines__order_line", "prints"
    )
    serializer_class = PurchaseOrderSerializer
    row_serializer_class = PurchaseOrderRowSerializer
    line_serializer_class = PurchaseOrderLineSerializer
    content_serializer_class = PurchaseOrderContent
    filterset_class = PurchaseOrderFilters
    ordering_fields = ("created_at", "issued_at", "number", "total")
    inputs: ClassVar = {
        "send_back": ReasonInput,
        "reject": ReasonInput,
        "release": ReleaseInput,
        "acknowledge": AcknowledgeInput,
        "propose_change": ProposeChangeInput,
        "refuse_change": ReasonInput,
        "reject_order": ReasonInput,
        "close": CloseInput,
        "cancel": ReasonInput,
    }
    hidden_steps = HIDDEN
    may_create = policy.buyer | policy.requester
    may_attach = buying
    sheet = PurchaseOrderLineSheet

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action != "list":
            return rows
        return rows.select_related(None).select_related("buyer", "supplier").prefetch_related(None)

    def journal_entries(self, document: Any) -> Any:
        """What happened before the order was issued is the buyer's own affair."""
        entries = super().journal_entries(document)
        return from_disclosure(entries, ("issue",), buyer_id=document.buyer_id, actor=self.request.actor)

    def build(self, validated: dict[str, Any], actor: Actor) -> PurchaseOrder:
        lines = validated.pop("lines", ())
        return ordering.draft(PurchaseOrder(buyer_id=organisation_of(actor), **validated), lines, actor=actor)

    def change(self, order: PurchaseOrder, validated: dict[str, Any], actor: Actor) -> None:
        lines = validated.pop("lines", None)
        ordering.revise(order, validated, lines)

    def sheet_rows(self, order: PurchaseOrder, *, as_buyer: bool) -> Any:
        return line_rows(order, with_reasons=as_buyer)
