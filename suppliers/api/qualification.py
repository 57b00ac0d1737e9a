"""Qualifications, the certificates they rest on, and which documents are required."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, UUIDFilter
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b.api.attachments import WithAttachments
from b2b.api.documents import DocumentSerializer, DocumentViewSet, NoInput, ReasonInput, RowSerializer
from b2b.api.filters import FilterSet
from b2b.api.requests import Request
from b2b.api.serializers import ModelSerializer, Serializer, ShownSerializer
from b2b.api.views import EndpointSet
from b2b.attachments import attach
from b2b.clock import database_now
from b2b.errors import NotAllowed
from b2b.models import Organisation
from b2b.policy import Actor, compliance, sales
from suppliers.api.columns import RemarkInput
from suppliers.drafting import draft_qualification
from suppliers.models import Category, Certificate, DocumentRequirement, Qualification
from suppliers.policy import acting_organisation

NAMES = ("supplier", "supplier_name", "buyer", "buyer_name", "category", "category_name")


class QualificationRowSerializer(RowSerializer):
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    buyer_name = serializers.CharField(source="buyer.name", read_only=True, allow_null=True, default=None)
    category_name = serializers.CharField(source="category.name", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Qualification
        fields: ClassVar = (*RowSerializer.BASE, *NAMES, "applied_at", "decided_at", "valid_until")


class QualificationSerializer(DocumentSerializer):
    supplier_name = serializers.CharField(source="supplier.name", read_only=True)
    buyer_name = serializers.CharField(source="buyer.name", read_only=True, allow_null=True, default=None)
    category_name = serializers.CharField(source="category.name", read_only=True, allow_null=True, default=None)
    required_documents = serializers.SerializerMethodField(help_text="Kinds that must be there and valid.")
    missing_documents = serializers.SerializerMethodField(help_text="Those that are not, in the reader's language.")
    block_proposed = serializers.SerializerMethodField(help_text="Whether a second person may confirm a block.")

    class Meta:
        model = Qualification
        fields: ClassVar = (
            *DocumentSerializer.BASE,
            *NAMES,
            "statement",
            "applied_at",
            "decided_at",
            "valid_until",
            "conditions",
            "reason",
            "suspended_until",
            "block_proposed",
            "block_proposed_at",
            "block_review_on",
            "blocked_at",
            "required_documents",
            "missing_documents",
        )

    def get_required_documents(self, qualification: Qualification) -> list[str]:
        return qualification.required_documents()

    def get_missing_documents(self, qualification: Qualification) -> list[str]:
        return qualification.missing_documents(on=database_now().date())

    def get_block_proposed(self, qualification: Qualification) -> bool:
        return qualification.block_proposed_at is not None


class QualificationContent(ModelSerializer):
    """What a supplier applies for; without a buyer, for the platform's own approval."""

    buyer = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.filter(is_buyer=True), required=False, allow_null=True
    )
    category = serializers.PrimaryKeyRelatedField(queryset=Category.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Qualification
        fields: ClassVar = ("buyer", "category", "statement")


class ApproveInput(Serializer):
    valid_until = serializers.DateField(label=_("Valid until"))
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="", label=_("Reason"))


class ApproveConditionallyInput(ApproveInput):
    conditions = serializers.CharField(max_length=2000, label=_("Conditions"))


class SuspendInput(ReasonInput):
    until = serializers.DateField(label=_("Until"))


class ProposeBlockInput(ReasonInput):
    review_on = serializers.DateField(label=_("Review on"), help_text=_("When the block is to be looked at again."))


class QualificationFilters(FilterSet):
    supplier = UUIDFilter(field_name="supplier_id")
    buyer = UUIDFilter(field_name="buyer_id")
    category = UUIDFilter(field_name="category_id")
    platform = BooleanFilter(field_name="buyer", lookup_expr="isnull")

    class Meta:
        model = Qualification
        fields: ClassVar = ["state", "supplier", "buyer", "category", "platform"]


class QualificationViewSet(WithAttachments, DocumentViewSet):
    queryset = Qualification.objects.select_related("supplier", "buyer", "category")
    serializer_class = QualificationSerializer
    row_serializer_class = QualificationRowSerializer
    content_serializer_class = QualificationContent
    filterset_class = QualificationFilters
    ordering_fields = ("created_at", "valid_until")
    may_create = sales
    may_attach = Qualification.editable_by
    inputs: ClassVar = {
        "request_info": ReasonInput,
        "answer": RemarkInput,
        "approve": ApproveInput,
        "approve_conditionally": ApproveConditionallyInput,
        "reject": ReasonInput,
        "appeal": ReasonInput,
        "suspend": SuspendInput,
        "resume": RemarkInput,
        "propose_block": ProposeBlockInput,
        "drop_block": ReasonInput,
        "unblock": ReasonInput,
        "withdraw": RemarkInput,
    }

    def build(self, validated: dict[str, Any], actor: Actor) -> Qualification:
        return draft_qualification(acting_organisation(actor), actor=actor, **validated)

    def change(self, qualification: Qualification, validated: dict[str, Any], actor: Actor) -> None:
        for name, value in validated.items():
            setattr(qualification, name, value)


class CertificateSerializer(ShownSerializer):
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    valid_today = serializers.SerializerMethodField()

    class Meta:
        model = Certificate
        fields: ClassVar = (
            "id",
            "supplier",
            "kind",
            "kind_label",
            "certificate_number",
            "issuer",
            "valid_from",
            "valid_until",
            "valid_today",
            "attachment",
            "created_at",
            "withdrawn_at",
        )

    @extend_schema_field(serializers.BooleanField)
    def get_valid_today(self, certificate: Certificate) -> bool:
        return certificate.is_valid(self.context["today"])


class CertificateContent(ModelSerializer):
    attachment = serializers.UUIDField(required=False, allow_null=True, help_text="A file of your organisation's own.")

    class Meta:
        model = Certificate
        fields: ClassVar = ("kind", "certificate_number", "issuer", "valid_from", "valid_until", "attachment")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        begins, ends = attrs.get("valid_from"), attrs.get("valid_until")
        if begins and ends and ends < begins:
            detail = gettext("The validity ends before it begins.")
            raise serializers.ValidationError({"valid_until": [detail]}, code="ends-before-it-begins")
        return attrs


class CertificateFilters(FilterSet):
    supplier = UUIDFilter(field_name="supplier_id")
    kind = CharFilter(field_name="kind")

    class Meta:
        model = Certificate
        fields: ClassVar = ["supplier", "kind"]


class CertificateViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, EndpointSet):
    queryset = Certificate.objects.all()
    serializer_class = CertificateSerializer
    filterset_class = CertificateFilters
    ordering_fields = ("valid_until",)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "today": database_now().date()}

    @extend_schema(request=CertificateContent, responses={201: CertificateSerializer}, summary="Add a certificate")
    def create(self, request: Request) -> Response:
        require_sales(request.actor)
        sent = CertificateContent(data=request.data)
        sent.is_valid(raise_exception=True)
        content = dict(sent.validated_data)
        file = content.pop("attachment", None)
        certificate = Certificate.objects.create(
            supplier_id=acting_organisation(request.actor), created_by_id=request.actor.user_id, **content
        )
        if file is not None:
            certificate.attachment = attach(file, certificate, actor=request.actor)
            certificate.save(update_fields=["attachment"])
        return Response(self.get_serializer(certificate).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=NoInput, responses=CertificateSerializer, summary="Take a certificate back")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: UUID) -> Response:
        own = Certificate.objects.filter(supplier_id=request.actor.organisation_id)
        certificate = get_object_or_404(own, pk=pk)
        require_sales(request.actor)
        if certificate.withdrawn_at is None:
            certificate.withdrawn_at = database_now()
            certificate.save(update_fields=["withdrawn_at"])
        return Response(self.get_serializer(certificate).data)


def require_sales(actor: Actor) -> None:
    if not sales(actor, None):
        raise NotAllowed(gettext("This is for: %(who)s.") % {"who": sales.name})


class RequirementSerializer(ShownSerializer):
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)

    class Meta:
        model = DocumentRequirement
        fields: ClassVar = ("id", "buyer", "category", "kind", "kind_label")


class RequirementContent(ModelSerializer):
    category = serializers.PrimaryKeyRelatedField(queryset=Category.objects.all(), required=False, allow_null=True)

    class Meta:
        model = DocumentRequirement
        fields: ClassVar = ("category", "kind")


class RequirementViewSet(mixins.ListModelMixin, EndpointSet):
    """Which documents a qualification needs: the platform's rules and the buyers' own."""

    queryset = DocumentRequirement.objects.all()
    serializer_class = RequirementSerializer

    @extend_schema(
        request=RequirementContent, responses={201: RequirementSerializer}, summary="Require a document of suppliers"
    )
    def create(self, request: Request) -> Response:
        if not compliance(request.actor, None):
            raise NotAllowed(gettext("This is for: %(who)s.") % {"who": compliance.name})
        sent = RequirementContent(data=request.data)
        sent.is_valid(raise_exception=True)
        buyer_id = None if request.actor.platform else request.actor.organisation_id
        requirement, _new = DocumentRequirement.objects.get_or_create(buyer_id=buyer_id, **sent.validated_data)
        return Response(self.get_serializer(requirement).data, status=status.HTTP_201_CREATED)
