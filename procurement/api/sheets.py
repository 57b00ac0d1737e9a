"""A document's lines as a spreadsheet, without a review: brought and applied in one request, and taken away."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from b2b.api.requests import Request
from b2b.api.serializers import Serializer
from b2b.api.versions import required_version
from b2b.api.workbooks import XLSX, workbook_download
from b2b.sheets.sheet import Sheet
from b2b.uploads.at_once import import_at_once
from b2b.workflow.editing import require_editable
from procurement.policy import oversees

WORKBOOK = {(200, XLSX): OpenApiTypes.BINARY}


class SheetInput(Serializer):
    file = serializers.FileField(help_text="xlsx, xlsm, xls, ods, csv or tsv.")


class WithSheet:
    """Mixed in before ``DocumentViewSet``: two addresses under ``lines``.

    ``sheet`` is that of the format whose target the documents are; the viewset says how lines become its rows.
    """

    sheet: ClassVar[type[Sheet]]

    def sheet_rows(self, document: Any, *, as_buyer: bool) -> Any:
        raise NotImplementedError

    @extend_schema(responses=WORKBOOK, summary="All its lines as a workbook")
    @action(detail=True, url_path="lines/download", filter_backends=[], filterset_class=None, pagination_class=None)
    def lines_download(self: Any, request: Request, pk: UUID) -> FileResponse:
        document = self.get_document()
        as_buyer = oversees(request.actor) or request.actor.organisation_id == document.buyer_id
        rows = self.sheet_rows(document, as_buyer=as_buyer)
        return workbook_download(self.sheet, rows, name=document.number or self.sheet.code)

    @extend_schema(
        request={"multipart/form-data": SheetInput},
        summary="Bring a table of its lines and apply it, all rows or none; lines it does not name stay",
    )
    @action(detail=True, methods=["post"], url_path="lines/upload", parser_classes=[MultiPartParser])
    def lines_upload(self: Any, request: Request, pk: UUID) -> Response:
        document = self.get_document()
        version = required_version(request)
        require_editable(document, request.actor)
        sent = SheetInput(data=request.data)
        sent.is_valid(raise_exception=True)
        with transaction.atomic():
            document.lock()
            document.expect(version)
            import_at_once(
                sent.validated_data["file"], format=self.sheet.code, actor=request.actor, target_id=document.pk
            )
        return self.told(self.get_document())
