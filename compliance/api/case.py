"""Cases over HTTP: all documents of one piece of business, the timeline, and the evidence."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b.api.requests import Request
from b2b.api.views import EndpointSet
from b2b.errors import NotAllowed
from b2b.policy import Actor
from compliance import evidence
from compliance.cases import Case, anchors, case_of, timeline
from compliance.policy import inspector
from procurement.models import RequestForQuotation


class CaseRowSerializer(serializers.ModelSerializer):
    """A case in the list: the RFQ it began with."""

    state_label = serializers.CharField(source="get_state_display", read_only=True)
    buyer_name = serializers.CharField(source="buyer.name", read_only=True)

    class Meta:
        model = RequestForQuotation
        fields: ClassVar = ("id", "number", "title", "buyer", "buyer_name", "state", "state_label", "created_at")
        read_only_fields = fields


class CaseDocumentSerializer(serializers.Serializer):
    """One document of a case."""

    id = serializers.UUIDField(source="pk")
    type = serializers.CharField(source="_meta.label_lower")
    kind = serializers.CharField(source="kind_name", help_text="In the reader's language.")
    number = serializers.CharField()
    state = serializers.CharField()
    state_label = serializers.CharField(source="get_state_display")
    entries = serializers.IntegerField(source="version", help_text="How many journal entries it has.")


class CaseSerializer(serializers.Serializer):
    """All documents of one piece of business."""

    id = serializers.UUIDField(source="anchor.pk")
    title = serializers.CharField()
    documents = CaseDocumentSerializer(many=True)


class HappeningSerializer(serializers.Serializer):
    """One journal entry of the case, in the order things happened."""

    at = serializers.DateTimeField(source="entry.at")
    document_id = serializers.UUIDField(source="document.pk")
    document = serializers.CharField(source="document.__str__")
    kind = serializers.CharField(source="document.kind_name")
    step = serializers.CharField(source="entry.step")
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="The step's name in the reader's language."
    )
    before = serializers.CharField(source="entry.before")
    after = serializers.CharField(source="entry.after")
    by = serializers.CharField(source="entry.user", allow_null=True, help_text="Null for the clock.")
    organisation = serializers.CharField(source="entry.organisation.name", default=None, allow_null=True)
    reason = serializers.CharField(source="entry.reason")
    changes = serializers.JSONField(source="entry.changes", help_text="{field: [before, after]}")


class CaseViewSet(EndpointSet):
    """Cases, for control staff: compliance and auditors of the platform or of the buying organisation."""

    queryset = RequestForQuotation.objects.select_related("buyer")
    serializer_class = CaseRowSerializer

    def list(self, request: Request) -> Response:
        require_inspector(self.request.actor)
        rows = anchors(request.actor).select_related("buyer")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(CaseRowSerializer(page, many=True).data)

    @extend_schema(responses=CaseSerializer)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        return Response(CaseSerializer(self._case(pk)).data)

    @extend_schema(responses=HappeningSerializer(many=True), summary="Everything that happened in the case, in order")
    @action(detail=True, pagination_class=None)
    def timeline(self, request: Request, pk: UUID) -> Response:
        return Response(HappeningSerializer(timeline(self._case(pk)), many=True).data)

    @extend_schema(
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
        summary="The case as a sealed parcel: PDF, JSON, journal proof",
    )
    @action(detail=True, pagination_class=None)
    def evidence(self, request: Request, pk: UUID) -> HttpResponse:
        case = self._case(pk)
        response = HttpResponse(evidence.export(case), content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="case-{case.anchor.number or case.anchor.pk}.zip"'
        return response

    def _case(self, key: UUID) -> Case:
        require_inspector(self.request.actor)
        return case_of(key, actor=self.request.actor)


def require_inspector(actor: Actor) -> None:
    """Raise ``NotAllowed`` unless the actor is control staff somewhere."""
    if not inspector(actor, None):
        raise NotAllowed(gettext("This is for: %(who)s.") % {"who": inspector.name})
