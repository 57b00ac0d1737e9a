"""Files: uploaded loose, hung on a document, and downloaded by whoever may read that."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import quote
from uuid import UUID

from django.http import FileResponse
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, parsers, serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b import policy
from b2b.api.requests import Request
from b2b.api.serializers import Serializer, ShownSerializer
from b2b.api.views import EndpointSet
from b2b.attachments import attach, open_attachment, store
from b2b.errors import NotAllowed
from b2b.models import Attachment

BINARY = {"type": "string", "format": "binary"}


class AttachmentSerializer(ShownSerializer):
    class Meta:
        model = Attachment
        fields: ClassVar = [
            "id", "name", "size", "media_type", "sha256", "document_type", "document_id", "uploaded_by", "created_at",
        ]  # fmt: skip


class AttachmentUpload(Serializer):
    file = serializers.FileField(allow_empty_file=True)


class AttachInput(Serializer):
    attachment = serializers.UUIDField(help_text="A file of your organisation that hangs on nothing yet.")


class AttachmentViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, EndpointSet):
    queryset = Attachment.objects.all()
    serializer_class = AttachmentSerializer

    @extend_schema(
        request={"multipart/form-data": AttachmentUpload},
        responses={201: AttachmentSerializer},
        summary="Upload a file",
    )
    def create(self, request: Request) -> Response:
        sent = AttachmentUpload(data=request.data)
        sent.is_valid(raise_exception=True)
        attachment = store(sent.validated_data["file"], request.actor)
        return Response(AttachmentSerializer(attachment).data, status=status.HTTP_201_CREATED)

    def get_parsers(self) -> list[Any]:
        return [parsers.MultiPartParser()]

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiResponse(BINARY, description="The file.")},
        summary="Download the file",
    )
    @action(detail=True, filter_backends=[], filterset_class=None, pagination_class=None)
    def content(self, request: Request, pk: UUID) -> FileResponse:
        attachment, content = open_attachment(pk, request.actor)
        return download(content, name=attachment.name, media_type=attachment.media_type)


def download(content: Any, *, name: str, media_type: str) -> FileResponse:
    """A file that a browser saves and never opens on our own origin, whatever it holds."""
    response = FileResponse(content, content_type=media_type)
    response["Content-Disposition"] = disposition(name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def disposition(name: str) -> str:
    """RFC 6266 with both forms of the name: plain for old readers, RFC 8187 for every script."""
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\%' else "_" for letter in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


class WithAttachments:
    """Mixed in before ``DocumentViewSet``: the files of one document. ``may_attach`` says who adds to them.

    The model must be registered with ``b2b.readers.read_through``.
    """

    may_attach: ClassVar[policy.Rule]

    @extend_schema(responses=AttachmentSerializer(many=True), summary="Its files, first attached first")
    @action(detail=True, filter_backends=[], filterset_class=None)
    def attachments(self: Any, request: Request, pk: UUID) -> Response:
        self.ordering = "id"
        visible = Attachment.objects.visible_to(request.actor)
        page = self.paginate_queryset(visible.of(self.get_document()))
        return self.get_paginated_response(AttachmentSerializer(page, many=True).data)

    @extend_schema(request=AttachInput, responses={201: AttachmentSerializer}, summary="Hang an uploaded file on it")
    @attachments.mapping.post
    def attach(self: Any, request: Request, pk: UUID) -> Response:
        document = self.get_document()
        if not self.may_attach(request.actor, document):
            raise NotAllowed(gettext("Adding files is for: %(who)s.") % {"who": self.may_attach.name})
        sent = AttachInput(data=request.data)
        sent.is_valid(raise_exception=True)
        attachment = attach(sent.validated_data["attachment"], document, actor=request.actor)
        return Response(AttachmentSerializer(attachment).data, status=status.HTTP_201_CREATED)
