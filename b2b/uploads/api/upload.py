"""Uploads: bring a table, say which column is which, look at what it would change, apply it, undo it."""

from __future__ import annotations

from io import BytesIO
from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.response import Response

from b2b.api.attachments import BINARY, download
from b2b.api.documents import DocumentViewSet
from b2b.api.filters import FilterSet
from b2b.api.pointers import parameter
from b2b.api.requests import Request
from b2b.api.versions import expected_version, tag
from b2b.api.workbooks import XLSX
from b2b.errors import Fault, Invalid, NotAllowed
from b2b.uploads.api import serializers as said
from b2b.uploads.api.columns import ColumnsSerializer, columns_said
from b2b.uploads.api.pages import PAGE_PARAMETERS, page
from b2b.uploads.api.rows import OF_CONVERSIONS, OF_ROWS, conversion_filter, page_of_rows
from b2b.uploads.formats import format_of
from b2b.uploads.mending import mend
from b2b.uploads.models import Outcome, Upload
from b2b.uploads.policy import uploader
from b2b.uploads.queries.conversions import kinds_of_conversions
from b2b.uploads.queries.faults import kinds_of_faults
from b2b.uploads.returning import annotated_copy
from b2b.uploads.showing import conversions_shown, rows_shown, taken_out_shown
from b2b.uploads.starting import bring, choose_columns, pasted, send_again

LONGEST_ROW_NUMBER = 7
SHOWN_OTHERS = 200
"""Of the rows that a mended one changed."""


class UploadFilters(FilterSet):
    class Meta:
        model = Upload
        fields: ClassVar = ["state", "format", "target_id"]


class UploadViewSet(DocumentViewSet):
    queryset = Upload.objects.select_related("job", "created_by", "applied_by").defer("survey", "basis")
    serializer_class = said.UploadSerializer
    row_serializer_class = said.UploadRowsSerializer
    filterset_class = UploadFilters
    editable = True
    """Cell by cell, at ``rows/<number>/``."""
    inputs: ClassVar = {
        "apply": said.ApplyInput,
        "confirm_mapping": said.LayoutInput,
        "replace_file": said.MendedFileInput,
    }

    def get_parsers(self) -> list[Any]:
        return [JSONParser(), MultiPartParser(), FormParser()]

    @extend_schema(
        request={"multipart/form-data": said.TableInput, "application/json": said.TableInput},
        responses={201: said.UploadSerializer},
        summary="Bring a table",
    )
    def create(self, request: Request) -> Response:
        sent = said.TableInput(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        file = values["file"] if "file" in values else pasted(values["text"])
        upload = bring(
            file,
            format=values["format"],
            actor=request.actor,
            target_id=values.get("target"),
            currency=values.get("currency", ""),
        )
        response = self.told(upload, code=status.HTTP_201_CREATED)
        response["Location"] = self.document_url(upload)
        return response

    @extend_schema(
        request={"multipart/form-data": said.MendedFileInput},
        responses=said.UploadSerializer,
        summary="Send a mended file",
    )
    @action(detail=True, methods=["post"], url_path="replace-file", url_name="replace-file")
    def step_replace_file(self, request: Request, pk: UUID) -> Response:
        upload = self.get_document()
        sent = said.MendedFileInput(data=request.data)
        sent.is_valid(raise_exception=True)
        version = expected_version(request)
        return self.told(send_again(upload, sent.validated_data["file"], actor=request.actor, expected_version=version))

    @extend_schema(request=said.LayoutInput, responses=said.UploadSerializer, summary="Confirm the columns")
    @action(detail=True, methods=["post"], url_path="confirm-mapping", url_name="confirm-mapping")
    def step_confirm_mapping(self, request: Request, pk: UUID) -> Response:
        upload = self.get_document()
        sent = said.LayoutInput(data=request.data)
        sent.is_valid(raise_exception=True)
        version = expected_version(request)
        chosen = choose_columns(upload, sent.validated_data["layout"], actor=request.actor, expected_version=version)
        return self.told(chosen)

    @extend_schema(
        parameters=[
            OpenApiParameter("table", str, description="The table whose headings are said to stand elsewhere."),
            OpenApiParameter("header_rows", str, description="Where: row numbers between commas; empty for nowhere."),
        ],
        responses=ColumnsSerializer,
        summary="The file's tables, and which column seems to be which",
    )
    @action(detail=True, filter_backends=[], filterset_class=None, pagination_class=None)
    def columns(self, request: Request, pk: UUID) -> Response:
        table = request.query_params.get("table", "")
        return Response(columns_said(self.get_document(), table=table, header_rows=_header_rows(request)))

    @extend_schema(
        parameters=[
            *OF_ROWS,
            *PAGE_PARAMETERS,
        ],
        responses=said.ReviewedRowsSerializer,
        summary="Its rows",
    )
    @action(detail=True, filter_backends=[], filterset_class=None, pagination_class=None)
    def rows(self, request: Request, pk: UUID) -> Response:
        upload = self.get_document()
        found = page_of_rows(request, upload)
        session = format_of(upload.format).session(upload, request.actor)
        return Response({**found, "results": rows_shown(upload, session, found["results"])})

    @extend_schema(
        parameters=PAGE_PARAMETERS,
        responses=said.MissingRowsSerializer,
        summary="What is there and not in the file",
    )
    @action(detail=True, filter_backends=[], filterset_class=None, pagination_class=None)
    def missing(self, request: Request, pk: UUID) -> Response:
        upload = self.get_document()
        gone = upload.rows.filter(outcome=Outcome.MISSING).order_by("number")
        if upload.state == "applied" and gone.exists():
            found = page(request, gone)
            return Response({**found, "results": taken_out_shown(found["results"])})
        session = format_of(upload.format).session(upload, request.actor)
        # Without the rows that were forgotten, all that they left as it was would seem to be missing.
        missing = None if upload.forgotten_at else session.missing()
        return Response(page(request, missing if missing is not None else Upload.objects.none()))

    @extend_schema(responses=said.FaultCountSerializer(many=True), summary="Which faults, and in how many rows")
    @action(detail=True, filter_backends=[], filterset_class=None, pagination_class=None)
    def faults(self, request: Request, pk: UUID) -> Response:
        return Response(kinds_of_faults(self.get_document()))

    @extend_schema(
        parameters=[*OF_CONVERSIONS, *PAGE_PARAMETERS],
        responses=said.ConversionCountsSerializer,
        summary="What was read otherwise than written, by column and kind",
    )
    @action(detail=True, filter_backends=[], filterset_class=None, pagination_class=None)
    def conversions(self, request: Request, pk: UUID) -> Response:
        upload = self.get_document()
        found = page(request, kinds_of_conversions(upload, conversion_filter(request)))
        return Response({**found, "results": conversions_shown(upload, found["results"])})

    @extend_schema(
        request=said.MendInput,
        responses=said.MendedRowSerializer,
        parameters=[OpenApiParameter("number", OpenApiTypes.INT, "path")],
        summary="Mend cells of a row",
    )
    @action(detail=True, methods=["patch"], url_path="rows/<int:number>", url_name="row")
    def row(self, request: Request, pk: UUID, number: int) -> Response:
        upload = self.get_document()
        sent = said.MendInput(data=request.data)
        sent.is_valid(raise_exception=True)
        cells = sent.validated_data["cells"]
        others = mend(upload, number, cells, actor=request.actor, expected_version=expected_version(request))
        upload = self.get_document()
        session = format_of(upload.format).session(upload, request.actor)
        wanted = [number, *others[:SHOWN_OTHERS]]
        shown = {row["number"]: row for row in rows_shown(upload, session, list(upload.rows.filter(number__in=wanted)))}
        answer = {**shown.pop(number), "others": list(shown.values()), "others_count": len(others)}
        return Response(answer, headers={"ETag": tag(upload)})

    @extend_schema(
        responses={(200, XLSX): OpenApiResponse(BINARY, description="The file with its faults marked.")},
        summary="The file back, with its faults marked",
    )
    @action(detail=True, filter_backends=[], filterset_class=None, pagination_class=None)
    def annotated(self, request: Request, pk: UUID) -> FileResponse:
        upload = self.get_document()
        self._require_uploader(upload)
        return download(annotated_copy(upload), name=f"{upload.filename.rpartition('.')[0]}.xlsx", media_type=XLSX)

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiResponse(BINARY, description="The file as it was sent.")},
        summary="The file as it was sent",
    )
    @action(detail=True, filter_backends=[], filterset_class=None, pagination_class=None)
    def file(self, request: Request, pk: UUID) -> FileResponse:
        upload = self.get_document()
        self._require_uploader(upload)
        return download(BytesIO(upload.content()), name=upload.filename, media_type="application/octet-stream")

    def _require_uploader(self, upload: Upload) -> None:
        if not uploader(self.request.actor, upload):
            raise NotAllowed(gettext("This is for: %(who)s.") % {"who": uploader.name})


def _header_rows(request: Request) -> tuple[int, ...] | None:
    """``None`` where nobody said. Raises ``Invalid`` for what is no row number."""
    text = request.query_params.get("header_rows")
    if text is None:
        return None
    numbers = [number.strip() for number in text.split(",") if number.strip()]
    if not all(number.isascii() and number.isdecimal() and 0 < len(number) <= LONGEST_ROW_NUMBER for number in numbers):
        detail = gettext("Write row numbers between commas.")
        raise Invalid(faults=[Fault(parameter("header_rows"), "not-a-number", detail)])
    return tuple(sorted({int(number) for number in numbers} - {0}))
