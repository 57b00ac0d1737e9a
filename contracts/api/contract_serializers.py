"""How a contract is shown."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from b2b.api.documents import DocumentSerializer, RowSerializer
from b2b.api.fields import DecimalField
from b2b.api.serializers import ShownSerializer
from contracts.api.template import ConditionSerializer, FieldSerializer
from contracts.models import Consent, Contract, ContractClause, ContractLine, ContractVersion, Signature
from procurement.api.fields import AMOUNT, QUANTITY, BuyerOnly
from procurement.api.lines import first_lines

PDF_URL = "Where the PDF is downloaded."


class ContractLineSerializer(ShownSerializer):
    left = DecimalField(**QUANTITY, allow_null=True, help_text="May still be called off; null: as the ceiling allows.")

    class Meta:
        model = ContractLine
        fields: ClassVar = [
            "id", "number", "item", "code", "product", "quantity", "unit", "unit_price", "amount", "vat_category",
            "vat_rate", "called_off", "left",
        ]  # fmt: skip


class ContractClauseSerializer(ShownSerializer):
    """``library`` says which wording it was copied from; null where it was written for this contract."""

    library = serializers.SerializerMethodField()
    condition = ConditionSerializer(allow_null=True)

    class Meta:
        model = ContractClause
        fields: ClassVar = ["position", "title", "chinese_title", "text", "chinese_text", "condition", "library"]

    def get_library(self, clause: ContractClause) -> dict[str, Any] | None:
        if clause.source is None:
            return None
        kept = clause.source.clause
        return {"clause": str(kept.pk), "code": kept.code, "kind": kept.kind, "version": clause.source.number}


class ContractVersionSerializer(ShownSerializer):
    class Meta:
        model = ContractVersion
        fields: ClassVar = ["number", "content_sha256", "pdf_sha256", "pdf_size", "pages", "generated_at"]


class SignatureSerializer(ShownSerializer):
    party_label = serializers.CharField(source="get_party_display", help_text="In the reader's language.")
    organisation_name = serializers.CharField(source="organisation.name")
    signed_by = serializers.CharField(source="user.__str__")
    contract_version = serializers.IntegerField(source="version.number")

    class Meta:
        model = Signature
        fields: ClassVar = [
            "id", "party", "party_label", "organisation", "organisation_name", "signed_by", "contract_version",
            "sha256", "signed_at", "voided_at",
        ]  # fmt: skip


class ConsentSerializer(ShownSerializer):
    by = serializers.CharField(source="user.__str__")
    round = serializers.IntegerField(source="number")

    class Meta:
        model = Consent
        fields: ClassVar = ["purpose", "round", "role", "by", "at"]


class ContractRowSerializer(RowSerializer):
    buyer_name = serializers.CharField(source="buyer.name")
    supplier_name = serializers.CharField(source="supplier.name")

    class Meta:
        model = Contract
        fields: ClassVar = [
            *RowSerializer.BASE, "title", "chinese_title", "buyer", "buyer_name", "supplier", "supplier_name",
            "currency", "value", "ceiling", "called_off", "starts_on", "ends_on",
        ]  # fmt: skip


class ContractSerializer(BuyerOnly, DocumentSerializer):
    buyer_only = ("source", "award", "consents")

    buyer_name = serializers.CharField(source="buyer.name")
    supplier_name = serializers.CharField(source="supplier.name")
    left = DecimalField(**AMOUNT, allow_null=True, help_text="Under the ceiling; null where there is none.")
    issued = ContractVersionSerializer(allow_null=True)
    pdf = serializers.SerializerMethodField()
    blanks = FieldSerializer(many=True, help_text="What the template asks to be filled in.")
    clauses = ContractClauseSerializer(many=True)
    line_count = serializers.SerializerMethodField()
    lines = first_lines(ContractLineSerializer)
    versions = ContractVersionSerializer(many=True)
    signatures = SignatureSerializer(many=True)
    consents = ConsentSerializer(many=True, allow_null=True)

    class Meta:
        model = Contract
        fields: ClassVar = [
            *DocumentSerializer.BASE, *ContractRowSerializer.Meta.fields[len(RowSerializer.BASE) :], "left",
            "notice_days", "notice_on", "payment_terms", "incoterm", "place", "rfq", "award", "source", "template",
            "fields", "chinese_fields", "blanks", "clauses", "line_count", "lines", "issued", "pdf", "versions",
            "signatures", "consents", "offered_at", "signed_at", "termination_reason", "terminates_on", "settlement",
            "paid_total", "ended_at",
        ]  # fmt: skip

    def get_line_count(self, contract: Contract) -> int:
        return contract.lines.count()

    @extend_schema_field({"type": ["string", "null"], "description": PDF_URL})
    def get_pdf(self, contract: Contract) -> str | None:
        return self.context["view"].document_url(contract, "pdf") if contract.issued_id else None

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """A termination that is only proposed is the buying side's own affair."""
        shown = super().to_representation(instance)
        if not self._is_buyers(instance) and instance.state not in {"terminated", "closed"}:
            shown |= {"termination_reason": "", "terminates_on": None, "settlement": ""}
        return shown
