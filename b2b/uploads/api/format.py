"""The kinds of tables one may bring: what they hold, an empty one to fill in, and what is there now."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.utils.translation import gettext
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from b2b.api.attachments import BINARY
from b2b.api.pointers import parameter
from b2b.api.requests import Request
from b2b.api.views import Endpoint
from b2b.api.workbooks import XLSX, template_download, workbook_download
from b2b.errors import Fault, Invalid, NotAllowed, NotFound
from b2b.uploads.api.columns import FormatColumnSerializer, format_column
from b2b.uploads.format import Format
from b2b.uploads.formats import UnknownFormat, format_of, formats
from b2b.uploads.policy import require_scope
from b2b.uploads.targets import formats_into, is_open, may_bring, open_targets

TARGET = OpenApiParameter("target", UUID, description="The document, for formats that go into one.")
INTO = OpenApiParameter("target", UUID, description="Only those whose rows go into this document.")
TEXT = OpenApiParameter("text", str, description="Only with this text in the number or the title.")
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
    open = serializers.BooleanField(help_text="Whether you may bring one now: into `target`, where that was named.")
    key = serializers.ListField(child=serializers.CharField())
    columns = FormatColumnSerializer(many=True)


class FormatsSerializer(serializers.Serializer):
    results = FormatSerializer(many=True)


class TargetSerializer(serializers.Serializer):
    """A document that rows go into."""

    id = serializers.UUIDField()
    type = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField()
    state_label = serializers.CharField()


class TargetsSerializer(serializers.Serializer):
    results = TargetSerializer(many=True)


class FormatViewSet(ViewSetMixin, Endpoint, APIView):
    lookup_field = "code"
    lookup_value_converter = "slug"

    @extend_schema(
        parameters=[INTO],
        responses=forced_singular_serializer(FormatsSerializer),  # type: ignore[no-untyped-call]
        summary="The kinds of tables you may bring",
    )
    def list(self, request: Request) -> Response:
        actor = request.actor
        if "target" in request.query_params:
            into = formats_into(_key(request), actor)
            found = [_said(declared, is_open=is_open(declared, target, actor)) for declared, target in into]
        else:
            found = [_said(declared) for declared in formats().values() if may_bring(actor, declared)]
        return Response({"results": found})

    @extend_schema(responses=FormatSerializer, summary="One kind of table")
    def retrieve(self, request: Request, code: str) -> Response:
        declared = _known(code)
        return Response(_said(declared, is_open=may_bring(request.actor, declared)))

    @extend_schema(
        parameters=[TEXT],
        responses=TargetsSerializer,
        summary="The documents into which you may bring such a table now",
    )
    @action(detail=True)
    def targets(self, request: Request, code: str) -> Response:
        text = request.query_params.get("text", "").strip()
        return Response({"results": [asdict(one) for one in open_targets(_known(code), request.actor, text)]})

    @extend_schema(responses=WORKBOOK, summary="An empty workbook to fill in")
    @action(detail=True)
    def template(self, request: Request, code: str) -> FileResponse:
        declared = _known(code)
        choices = declared.choices(organisation_id=request.actor.acts_for)
        return template_download(declared.sheet, name=f"{code}-template", choices=choices)

    @extend_schema(parameters=[TARGET], responses=WORKBOOK, summary="What is there now, to change and bring again")
    @action(detail=True)
    def export(self, request: Request, code: str) -> FileResponse:
        declared = _known(code)
        require_scope(declared, request.actor, "read")
        if not may_bring(request.actor, declared):
            raise NotAllowed(gettext("This is for: %(who)s.") % {"who": declared.by.name})
        target = _target(declared, request)
        rows = declared.rows(organisation_id=request.actor.acts_for, target=target, actor=request.actor)
        return workbook_download(
            declared.sheet,
            rows,
            name=code,
            unlocked=declared.open_columns,
            metadata=declared.metadata(target),
            notes=declared.notes(organisation_id=request.actor.acts_for, target=target),
        )


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
    key = _key(request)
    found = declared.target._default_manager.visible_to(request.actor).filter(pk=key).first()  # type: ignore[attr-defined]
    if found is None:
        raise NotFound
    return found


def _key(request: Request) -> UUID:
    """Raises ``Invalid``."""
    try:
        return UUID(request.query_params.get("target", ""))
    except ValueError:
        detail = gettext("Say which document: its key.")
        raise Invalid(faults=[Fault(parameter("target"), "target-missing", detail)]) from None


def _said(declared: Format, *, is_open: bool = True) -> dict[str, Any]:
    target = declared.target
    return {
        "code": declared.code,
        "title": str(declared.title),
        "about": str(declared.sheet.about),
        "target": target._meta.label_lower if target else None,
        "target_required": target is not None and declared.target_required,
        "needs_currency": declared.needs_currency,
        "can_delist": declared.can_delist,
        "open": is_open,
        "key": list(declared.sheet.key),
        "columns": [format_column(name, column) for name, column in declared.sheet.columns.items()],
    }
