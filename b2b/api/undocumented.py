"""Classes whose docstrings speak to programmers of the platform, not to readers of the OpenAPI schema."""

from __future__ import annotations

from typing import Any

from drf_spectacular.plumbing import get_lib_doc_excludes
from rest_framework.viewsets import ViewSetMixin

from b2b.api.documents import DocumentViewSet
from b2b.api.idempotency import Once
from b2b.api.serializers import (
    DocumentSerializer,
    ModelSerializer,
    RowSerializer,
    Serializer,
    ShownSerializer,
    Strict,
)
from b2b.api.views import Endpoint, EndpointSet

OURS = (Strict, Serializer, ModelSerializer, ShownSerializer, RowSerializer, DocumentSerializer)
VIEWS = (Once, Endpoint, EndpointSet, DocumentViewSet, ViewSetMixin)


def classes() -> list[type]:
    theirs: Any = get_lib_doc_excludes
    return [*theirs(), *OURS, *VIEWS]
