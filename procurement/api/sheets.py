"""A document's lines as a spreadsheet: template, download, upload, and the uploaded file with its faults marked."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from b2b.api.attachments import disposition
from b2b.api.requests import Request
from b2b.api.serializers import Serializer
from b2b.api.versions import required_version
from b2b.sheets.exporting import export
from b2b.sheets.sheet import Row, Sheet
from b2b.sheets.template import template
from b2b.workflow import editing
from b2b.workflow.editing import require_editable
from procurement.policy import oversees
from procurement.sheets.uploads import Upload

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOK = {(200, XLSX): OpenApiTypes.BINARY}


class SheetInput(Serializer):
    file = serializers.FileField(help_text="xlsx, xls, ods or csv.")


class WithSheet:
    """Mixed in before ``DocumentViewSet``: four addresses under ``lines``.

    The viewset says how rows become lines (``write_rows``) and lines rows (``sheet_rows``).
    """

    sheet: ClassVar[type[Sheet]]

    def write_rows(self, document: Any, rows: list[Row]) -> None:
        """Inside ``editing``. Raises ``Invalid``."""
        raise NotImplementedError

    def sheet_rows(self, document: Any, *, as_buyer: bool) -> Any:
        raise NotImplementedError

    @extend_schema(responses=WORKBOOK, summary="An empty workbook to fill in")
    @action(detail=False, url_path="lines/template", filter_backends=[], filterset_class=None, pagination_class=None)
    def lines_template(self: Any, request: Request) -> HttpResponse:
        return xlsx(template(self.sheet, get_language() or "en"), self.sheet.code)

    @extend_schema(responses=WORKBOOK, summary="All its lines as a workbook")
    @action(detail=True, url_path="lines/download", filter_backends=[], filterset_class=None, pagination_class=None)
    def lines_download(self: Any, request: Request, pk: UUID) -> HttpResponse:
        document = self.get_document()
        as_buyer = oversees(request.actor) or request.actor.organisation_id == document.buyer_id
        rows = self.sheet_rows(document, as_buyer=as_buyer)
        return xlsx(export(self.sheet, rows), document.number or self.sheet.code)

    @extend_schema(
        request={"multipart/form-data": SheetInput}, summary="Take its lines from a spreadsheet, all of them or none"
    )
    @action(detail=True, methods=["post"], url_path="lines/upload", parser_classes=[MultiPartParser])
    def lines_upload(self: Any, request: Request, pk: UUID) -> Response:
        document = self.get_document()
        version = required_version(request)
        upload = self._upload(request, document)

        def write(rows: list[Row]) -> None:
            with editing(document, actor=request.actor, expected_version=version):
                self.write_rows(document, rows)

        require_editable(document, request.actor)
        upload.apply(write)
        return self.told(document)

    @extend_schema(
        request={"multipart/form-data": SheetInput}, responses=WORKBOOK, summary="The file back, with its faults marked"
    )
    @action(detail=True, methods=["post"], url_path="lines/annotate", parser_classes=[MultiPartParser])
    def lines_annotate(self: Any, request: Request, pk: UUID) -> HttpResponse:
        document = self.get_document()
        require_editable(document, request.actor)
        upload = self._upload(request, document)

        def judge(rows: list[Row]) -> None:
            with transaction.atomic():
                self.write_rows(document, rows)
                transaction.set_rollback(True)

        return xlsx(upload.annotated(judge), upload.filename.rpartition(".")[0] or self.sheet.code)

    def _upload(self: Any, request: Request, document: Any) -> Upload:
        sent = SheetInput(data=request.data)
        sent.is_valid(raise_exception=True)
        file = sent.validated_data["file"]
        return Upload(self.sheet, file.read(), file.name, document.currency)


def xlsx(content: bytes, name: str) -> HttpResponse:
    """A download nobody keeps."""
    headers = {"Content-Disposition": disposition(f"{name}.xlsx"), "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=XLSX, headers=headers)
