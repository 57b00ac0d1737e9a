"""What uploads changed of one document: the other half of its journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from b2b.api.pointers import parameter
from b2b.api.requests import Request
from b2b.api.views import Endpoint
from b2b.errors import Fault, Invalid
from b2b.uploads.api.serializers import FieldChangeSerializer
from b2b.uploads.formats import format_of
from b2b.uploads.models import Upload, UploadRow
from b2b.uploads.queries.changes import changes_in_force
from b2b.uploads.showing import changes_shown

MOST = 200


class UploadChangeSerializer(serializers.Serializer):
    """One row of one upload that is in force."""

    upload = serializers.UUIDField()
    filename = serializers.CharField()
    row = serializers.IntegerField()
    outcome = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()
    changes = FieldChangeSerializer(many=True)


class UploadChangesSerializer(serializers.Serializer):
    results = UploadChangeSerializer(many=True)


class UploadChangeViewSet(ViewSetMixin, Endpoint, APIView):
    DOCUMENT: ClassVar = "document"

    @extend_schema(
        parameters=[OpenApiParameter("document", UUID, description="Only this one's; else of all.")],
        responses=forced_singular_serializer(UploadChangesSerializer),  # type: ignore[no-untyped-call]
        summary="What uploads changed, the latest first",
    )
    def list(self, request: Request) -> Response:
        text = request.query_params.get(self.DOCUMENT, "")
        found = changes_in_force(request.actor, _key(text) if text else None, most=MOST)
        return Response({"results": [said for upload, rows in found for said in _said(upload, rows, request)]})


def _key(text: str) -> UUID:
    """Raises ``Invalid``."""
    try:
        return UUID(text)
    except ValueError:
        detail = gettext("Say which document: its key.")
        raise Invalid(faults=[Fault(parameter("document"), "target-missing", detail)]) from None


def _said(upload: Upload, rows: Sequence[UploadRow], request: Request) -> Iterator[dict[str, object]]:
    session = format_of(upload.format).session(upload, request.actor)
    labels = session.labels([side for row in rows for side in (row.before, row.after) if side])
    for row in rows:
        yield {
            "upload": upload.pk,
            "filename": upload.filename,
            "row": row.number,
            "outcome": row.outcome,
            "by": str(upload.applied_by) if upload.applied_by else None,
            "at": upload.applied_at,  # type: ignore[attr-defined]  # as ``changes_in_force`` finds it
            "changes": list(changes_shown(row, session, labels)),
        }
