"""Contracts over HTTP: drafting, review, signature, and the PDF."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse
from django.utils.translation import gettext
from django_filters import CharFilter, DateFromToRangeFilter, MultipleChoiceFilter, UUIDFilter
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b import contents, policy
from b2b.api.attachments import BINARY, WithAttachments, download
from b2b.api.documents import DocumentViewSet, ReasonInput
from b2b.api.filters import FilterSet
from b2b.api.requests import Request
from b2b.errors import Fault, Invalid, NotAllowed, NotFound
from b2b.policy import Actor
from contracts import drafting
from contracts.api.contract_inputs import ClosingInput, ContractContent, SignInput, TerminationInput
from contracts.api.contract_serializers import ContractLineSerializer, ContractRowSerializer, ContractSerializer
from contracts.composing import Composition, Wording, prepare, price_lines_of, store, wording_in_force, wording_of
from contracts.composition_faults import require_offered
from contracts.content import content_of
from contracts.models import Contract, ContractVersion
from contracts.policy import drafting as drafting_rule
from contracts.policy import oversees
from contracts.verification import verify
from contracts.workflow.contract import ContractState
from procurement.api.lines import WithLines
from procurement.api.text import matching_text
from procurement.models import PurchaseOrder
from procurement.policy import organisation_of
from quotations.models import Award

COMPOSED = ("template", "clauses", "fields", "chinese_fields", "lines")
VERSION = OpenApiParameter("version", int, description="Which version; without it, the one to be signed.")


class ContractFilters(FilterSet):
    state = MultipleChoiceFilter(choices=ContractState.choices)
    buyer = UUIDFilter(field_name="buyer_id")
    supplier = UUIDFilter(field_name="supplier_id")
    rfq = UUIDFilter(field_name="rfq_id")
    currency = CharFilter()
    ends_on = DateFromToRangeFilter()
    text = CharFilter(method="with_text", max_length=100, label="In the number, a title or the partner's name.")

    class Meta:
        model = Contract
        fields: ClassVar[list[str]] = []

    def with_text(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(matching_text(value, "number", "title", "chinese_title", "supplier__name", "buyer__name"))


class VersionQuery(serializers.Serializer):
    version = serializers.IntegerField(required=False, min_value=1)


class FindingSerializer(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()


class VerificationSerializer(serializers.Serializer):
    """Whether file, content, rows and signatures still are what was signed."""

    intact = serializers.BooleanField()
    findings = FindingSerializer(many=True)


class ContractViewSet(WithAttachments, WithLines, DocumentViewSet):
    queryset = Contract.objects.select_related("buyer", "supplier", "template", "issued").prefetch_related(
        "clauses__source__clause", "versions", "signatures__user", "signatures__organisation", "signatures__version",
        "consents__user",
    )  # fmt: skip
    serializer_class = ContractSerializer
    row_serializer_class = ContractRowSerializer
    line_serializer_class = ContractLineSerializer
    content_serializer_class = ContractContent
    filterset_class = ContractFilters
    ordering_fields = ("created_at", "starts_on", "ends_on", "number")
    inputs: ClassVar = {
        "request_changes": ReasonInput,
        "sign": SignInput,
        "change_request": ReasonInput,
        "refuse": ReasonInput,
        "cancel": ReasonInput,
        "suspend": ReasonInput,
        "resume": ReasonInput,
        "propose_termination": TerminationInput,
        "close": ClosingInput,
    }
    may_create = policy.buyer
    may_attach = drafting_rule

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.action != "list":
            return rows
        return rows.select_related(None).select_related("buyer", "supplier").prefetch_related(None)

    def journal_entries(self, document: Any) -> Any:
        """What happened before the contract was first offered is the buyer's own affair."""
        entries, actor = super().journal_entries(document), self.request.actor
        if oversees(actor) or actor.organisation_id == document.buyer_id:
            return entries
        offered = entries.order_by("sequence").filter(step="generate").values("sequence")[:1]
        return entries.filter(sequence__gte=offered)

    def build(self, validated: dict[str, Any], actor: Actor) -> Contract:
        if source := validated.pop("order", None):
            _require_own(source, actor)
            return drafting.draft_from_order(source, actor=actor)
        if source := validated.pop("award", None):
            _require_own(source, actor)
            return drafting.draft_for_supplier(source, validated.get("supplier"), actor=actor)
        composed = {name: validated.pop(name) for name in COMPOSED if name in validated}
        _require(validated, "supplier", "currency")
        contract = Contract(buyer_id=organisation_of(actor), **validated)
        _require_order_of_days(contract)
        require_offered(contract, composed.get("lines", ()))
        return drafting.draft(contract, _composition(contract, composed), actor=actor)

    def change(self, contract: Contract, validated: dict[str, Any], actor: Actor) -> None:
        _refuse(validated, "order", "award")
        composed = {name: validated.pop(name) for name in COMPOSED if name in validated}
        require_offered(contract, composed.get("lines", ()))
        if "currency" in validated and "lines" not in composed:
            composed["lines"] = price_lines_of(contract)
        for name, value in validated.items():
            setattr(contract, name, value)
        _require_order_of_days(contract)
        drafting.require_two_sides(contract)
        store(contract, prepare(contract, _composition(contract, composed)))

    @extend_schema(
        parameters=[VERSION],
        responses={(200, "application/pdf"): OpenApiResponse(BINARY, description="The PDF, as it is signed.")},
        summary="Download the contract as PDF",
    )
    @action(detail=True, filter_backends=[], filterset_class=None, pagination_class=None)
    def pdf(self, request: Request, pk: UUID) -> FileResponse:
        contract = self.get_document()
        version = _version(contract, request)
        name = f"{contract.number}-v{version.number}.pdf"
        content = contents.open_verified(version.pdf_sha256)
        response = download(content, name=name, media_type="application/pdf")
        response["ETag"] = f'"{version.pdf_sha256}"'
        return response

    @extend_schema(
        responses={200: {"type": "object", "additionalProperties": True}},
        summary="What the contract says, as it would be or was generated, in both languages",
    )
    @action(detail=True, filter_backends=[], filterset_class=None, pagination_class=None)
    def content(self, request: Request, pk: UUID) -> Response:
        contract = self.get_document()
        if contract.issued is not None:
            return Response(contract.issued.content)
        return Response(content_of(contract, version=contract.versions.count() + 1))

    @extend_schema(responses=VerificationSerializer, summary="Check file, content and signatures against each other")
    @action(detail=True, filter_backends=[], filterset_class=None, pagination_class=None)
    def verification(self, request: Request, pk: UUID) -> Response:
        findings = verify(self.get_document())
        return Response(VerificationSerializer({"intact": not findings, "findings": findings}).data)


def _version(contract: Contract, request: Request) -> ContractVersion:
    asked = VersionQuery(data=request.query_params.dict())
    asked.is_valid(raise_exception=True)
    number = asked.validated_data.get("version")
    version = contract.issued if number is None else contract.versions.filter(number=number).first()
    if version is None:
        raise NotFound(gettext("No PDF has been generated yet."))
    return version


def _composition(contract: Contract, sent: dict[str, Any]) -> Composition:
    """What was sent, with clauses looked up where they stand or in the library."""
    template = sent.pop("template", None)
    clauses = sent.pop("clauses", None)
    return Composition(
        template=template.current() if template else None,
        clauses=None if clauses is None else _wordings(contract, clauses),
        **sent,
    )


def _wordings(contract: Contract, sent: list[dict[str, Any]]) -> list[Wording]:
    standing = {row.position: row for row in contract.clauses.select_related("source")} if contract.version else {}
    wordings = []
    for index, choice in enumerate(sent):
        if "keep" not in choice:
            wordings.append(wording_in_force(choice["clause"]) if "clause" in choice else Wording(**choice))
        elif choice["keep"] in standing:
            wordings.append(wording_of(standing[choice["keep"]]))
        else:
            detail = gettext("No clause stands there.")
            raise Invalid(faults=[Fault(f"#/clauses/{index}/keep", "unknown-clause", detail)])
    return wordings


def _require(validated: dict[str, Any], *names: str) -> None:
    if missing := [name for name in names if name not in validated]:
        detail = gettext("This field is required.")
        raise Invalid(faults=[Fault(f"#/{name}", "required", detail) for name in missing])


def _require_own(source: PurchaseOrder | Award, actor: Actor) -> None:
    """Who may see an order may be its supplier: contracts are drafted by the buying side."""
    if source.buyer_id != actor.organisation_id:
        raise NotAllowed(gettext("Creating is for: %(who)s.") % {"who": drafting_rule.name})


def _refuse(validated: dict[str, Any], *names: str) -> None:
    if sent := [name for name in names if name in validated]:
        detail = gettext("A contract says at its beginning what it follows from.")
        raise Invalid(faults=[Fault(f"#/{name}", "new-only", detail) for name in sent])


def _require_order_of_days(contract: Contract) -> None:
    if contract.starts_on and contract.ends_on and contract.ends_on < contract.starts_on:
        detail = gettext("A contract cannot end before it starts.")
        raise Invalid(faults=[Fault("#/ends_on", "ends-before-start", detail)])
