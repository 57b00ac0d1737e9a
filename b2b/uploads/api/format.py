"""The kinds of tables one may bring: what they hold, an empty one to fill in, and what is there now."""

from __future__ import annotations

from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.utils.translation import get_language, gettext
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from b2b.api.attachments import BINARY, download
from b2b.api.pointers import parameter
from b2b.api.requests import Request
from b2b.api.views import Endpoint
from b2b.errors import Fault, Invalid, NotAllowed, NotFound
from b2b.policy import Actor
from b2b.sheets.exporting import export_to
from b2b.sheets.template import template
from b2b.uploads.api.columns import FormatColumnSerializer, format_column
from b2b.uploads.api.upload import XLSX
from b2b.uploads.format import Format
from b2b.uploads.formats import UnknownFormat, format_of, formats
from b2b.uploads.models import Upload

IN_MEMORY_BYTES = 8 * 1024 * 1024
TARGET = OpenApiParameter("target", UUID, description="The document, for formats that go into one.")
WORKBOOK = {(200, XLSX): OpenApiResponse(BINARY, description="A workbook.")}


class FormatSerializer(serializers.Serializer):
    """A kind of table."""

    code = serializers.CharField()
    title = serializers.CharField()
    about = serializers.CharField()
    target = serializers.CharField(allow_null=True, help_text="The kind of document its rows go into.")
    target_required = serializers.BooleanField(help_text="Whether it must be named; else the rows may make their own.")
    needs_currency = serializers.BooleanField()
    can_delist = serializers.BooleanField()
    key = serializers.ListField(child=serializers.CharField())
    columns = FormatColumnSerializer(many=True)


class FormatsSerializer(serializers.Serializer):
    results = FormatSerializer(many=True)


class FormatViewSet(ViewSetMixin, Endpoint, APIView):
    lookup_field = "code"
    lookup_value_converter = "slug"

    @extend_schema(responses=forced_singular_serializer(FormatsSerializer), summary="The kinds of tables you may bring")  # type: ignore[no-untyped-call]
    def list(self, request: Request) -> Response:
        return Response(
            {"results": [_said(declared) for declared in formats().values() if _may(request.actor, declared)]}
        )

    @extend_schema(responses=FormatSerializer, summary="One kind of table")
    def retrieve(self, request: Request, code: str) -> Response:
        return Response(_said(_known(code)))

    @extend_schema(responses=WORKBOOK, summary="An empty workbook to fill in")
    @action(detail=True)
    def template(self, request: Request, code: str) -> FileResponse:
        declared = _known(code)
        choices = declared.choices(organisation_id=request.actor.acts_for)
        content = template(declared.sheet, get_language() or "en", choices=choices)
        return download(BytesIO(content), name=f"{code}-template.xlsx", media_type=XLSX)

    @extend_schema(parameters=[TARGET], responses=WORKBOOK, summary="What is there now, to change and bring again")
    @action(detail=True)
    def export(self, request: Request, code: str) -> FileResponse:
        declared = _known(code)
        if not _may(request.actor, declared):
            raise NotAllowed(gettext("This is for: %(who)s.") % {"who": declared.by.name})
        target = _target(declared, request)
        rows = declared.rows(organisation_id=request.actor.acts_for, target=target, actor=request.actor)
        file: Any = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 — the response closes it
        export_to(
            file,
            declared.sheet,
            rows,
            language=get_language(),
            unlocked=declared.open_columns,
            metadata=declared.metadata(target),
        )
        file.seek(0)
        return download(file, name=f"{code}.xlsx", media_type=XLSX)


def _may(actor: Actor, declared: Format) -> bool:
    if actor.organisation_id is None:
        return False
    return declared.by(actor, Upload(organisation_id=actor.acts_for, format=declared.code))


def _known(code: str) -> Format:
    try:
        return format_of(code)
    except UnknownFormat:
        raise NotFound from None


def _target(declared: Format, request: Request) -> Any:
    if declared.target is None:
        return None
    text = request.query_params.get("target", "")
    if not text and not declared.target_required:
        return None
    try:
        key = UUID(text)
    except ValueError:
        detail = gettext("Say which document: its key.")
        raise Invalid(faults=[Fault(parameter("target"), "target-missing", detail)]) from None
    found = declared.target._default_manager.visible_to(request.actor).filter(pk=key).first()  # type: ignore[attr-defined]
    if found is None:
        raise NotFound
    return found


def _said(declared: Format) -> dict[str, Any]:
    target = declared.target
    return {
        "code": declared.code,
        "title": str(declared.title),
        "about": str(declared.sheet.about),
        "target": target._meta.label_lower if target else None,
        "target_required": target is not None and declared.target_required,
        "needs_currency": declared.needs_currency,
        "can_delist": declared.can_delist,
        "key": list(declared.sheet.key),
        "columns": [format_column(name, column) for name, column in declared.sheet.columns.items()],
    }
