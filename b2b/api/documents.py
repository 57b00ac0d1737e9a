"""Viewsets for documents: scoped to the reader, with one POST for every declared step.

    class RFQViewSet(DocumentViewSet):
        queryset = RFQ.objects.select_related("buyer").prefetch_related("lines")
        serializer_class = RFQSerializer            # the document, on DocumentSerializer
        row_serializer_class = RFQRowSerializer     # a row of the list, on RowSerializer
        content_serializer_class = RFQContent       # what POST and PATCH take
        filterset_class, ordering_fields = RFQFilters, ("created_at", "deadline")
        inputs = {"extend": ExtendInput}            # steps that take something
        may_create = policy.buyer | policy.requester

        def build(self, validated, actor): ...      # there: POST on the list creates
        def change(self, document, validated, actor): ...   # there: PATCH edits

Steps only the clock takes have no address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b import policy
from b2b.api import step_inputs
from b2b.api.preferences import minimal, wants_minimal
from b2b.api.requests import Request
from b2b.api.serializers import DocumentSerializer, NoInput, ReasonInput, RowSerializer
from b2b.api.steps import expose
from b2b.api.timeline import JournalEntrySerializer, TimelinePaging
from b2b.api.versions import required_version, tag
from b2b.api.views import EndpointSet
from b2b.errors import NotAllowed
from b2b.models import JournalEntry
from b2b.policy import Actor
from b2b.together import together
from b2b.workflow import Document, create, editing
from b2b.workflow.seen import found

__all__ = ["DocumentSerializer", "DocumentViewSet", "NoInput", "ReasonInput", "RowSerializer"]


class DocumentViewSet(EndpointSet):
    row_serializer_class: ClassVar[type[serializers.BaseSerializer]]
    content_serializer_class: ClassVar[type[serializers.BaseSerializer]]
    inputs: ClassVar[Mapping[str, type[serializers.BaseSerializer]]] = {}
    """Step to the serializer of what it takes; a step that is not named takes nothing."""
    hidden_steps: ClassVar[frozenset[str] | None] = None
    """Steps without an address; by default those whose rule is exactly ``policy.clock``."""
    may_create: ClassVar[policy.Rule]
    row_prefetch: ClassVar[tuple[Any, ...]] = ()
    """What a row shows beyond its own columns and joins; the document's own prefetches are not for lists."""
    ordering_fields: ClassVar[tuple[str, ...]] = ("created_at",)
    exposed_steps: ClassVar[frozenset[str]] = frozenset()
    editable: ClassVar[bool] = False
    is_versioned = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.queryset is not None:
            expose(cls)

    if TYPE_CHECKING:
        build: Callable[[dict[str, Any], Actor], Document]
        change: Callable[[Any, dict[str, Any], Actor], None]

    @classmethod
    def read_queryset(cls) -> Any:
        """Documents of everybody, with what their answers show."""
        rows: Any = cls.queryset
        return rows.all()

    @classmethod
    def document_class(cls) -> type[Document]:
        return cls.read_queryset().model

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return self.row_serializer_class if self.action == "list" else super().get_serializer_class()

    def list(self, request: Request, **kwargs: Any) -> Response:
        rows = self.get_queryset().prefetch_related(None).prefetch_related(*self.row_prefetch)
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        return self._told(get_object_or_404(self.get_queryset(), pk=pk))

    @extend_schema(
        responses=JournalEntrySerializer(many=True), summary="Everything that happened to it, first entry first"
    )
    @action(detail=True, pagination_class=TimelinePaging, filter_backends=[], filterset_class=None)
    def journal(self, request: Request, pk: UUID) -> Response:
        entries = self.journal_entries(self.get_document()).select_related("user", "organisation")
        context = {**self.get_serializer_context(), "steps": self.document_class().steps()}
        page = self.paginate_queryset(entries)
        return self.get_paginated_response(JournalEntrySerializer(page, many=True, context=context).data)

    def journal_entries(self, document: Document) -> Any:
        """Which entries this reader may know of; a viewset narrows it where existence itself is a secret."""
        return JournalEntry.objects.of(document)

    def get_document(self) -> Any:
        """The document alone, for a writer who locks and reloads it anyway."""
        document = found(self.document_class(), self.kwargs["pk"], seen_by=self.request.actor)
        if document is None:
            raise Http404
        return document

    def hold_document(self) -> Any:
        """The document alone, for a step, which locks it: locked already, where it can be found and locked at once."""
        model = self.document_class()
        try:
            return model.found_and_held(self.kwargs["pk"], seen_by=self.request.actor)
        except model.DoesNotExist:
            raise Http404 from None

    def told(self, document: Document, *, code: int = status.HTTP_200_OK) -> Response:
        """The document as it now stands, read anew with all its answer shows, unless the client said it needs none.

        It is read without ``visible_to``: who takes a step may learn what became of it, even when it
        is the last they see.
        """
        if wants_minimal(self.request):
            return minimal(code, tag(document))
        return self._told(self.read_queryset().get(pk=document.pk), code=code)

    def _told(self, document: Document, *, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(document).data, status=code, headers={"ETag": tag(document)})

    def create_document(self, request: Request) -> Response:
        """POST on the list, where the viewset has ``build``."""
        self._require_creator()
        validated = self._content(data=request.data)
        with together():
            document = self.build(validated, request.actor)
            if document._state.adding:
                create(document, actor=request.actor, inputs=validated)
        response = self.told(document, code=status.HTTP_201_CREATED)
        response["Location"] = self.document_url(document)
        return response

    def change_document(self, request: Request, pk: UUID) -> Response:
        """PATCH, where the viewset has ``change``; ``If-Match`` is required."""
        with together():
            document = self.hold_document()
            version = required_version(request)
            validated = self._content(document, data=request.data, partial=True)
            with editing(document, actor=request.actor, expected_version=version):
                self.change(document, validated, request.actor)
        return self.told(document)

    def _require_creator(self) -> None:
        if not self.may_create(self.request.actor, None):
            raise NotAllowed(gettext("Creating is for: %(who)s.") % {"who": self.may_create.name})

    def _content(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        sent = self.content_serializer_class(*args, **kwargs, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return sent.validated_data

    def document_url(self, document: Document, name: str = "detail") -> str:
        return reverse(f"{self.request.version}:{self.basename}-{name}", kwargs={"pk": document.pk})

    def step_url(self, document: Document, step: str) -> str:
        return self.document_url(document, step.replace("_", "-"))

    def input_schema(self, step: str) -> str | None:
        """The name the OpenAPI schema gives to what the step takes."""
        serializer = self.inputs.get(step)
        return step_inputs.name_of(serializer) if serializer else None
