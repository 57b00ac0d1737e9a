"""What every endpoint of ours is."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django_filters import FilterSet
from rest_framework.generics import GenericAPIView
from rest_framework.viewsets import ViewSetMixin

from b2b.api.idempotency import Once
from b2b.api.pointers import parameter
from b2b.api.requests import Request
from b2b.errors import Fault, Invalid


class Endpoint(Once):
    """A view whose POSTs honour ``Idempotency-Key``; ``request.actor`` says who asks."""

    request: Request
    http_method_names = ["get", "post", "patch", "head"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        require_storable_parameters(request)
        super().initial(request, *args, **kwargs)


class EndpointSet(ViewSetMixin, Endpoint, GenericAPIView):
    """A viewset of rows reached by their key; what the actor may not see is not there."""

    lookup_value_converter = "uuid"
    filterset_class: type[FilterSet] | None = None

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.request.actor)


def require_storable_parameters(request: Request) -> None:
    """PostgreSQL takes no NUL in text, so nothing can match one."""
    faulty = [name for name, values in request.query_params.lists() if "\x00" in name or "\x00" in "".join(values)]
    if faulty:
        detail = gettext("Text may hold neither NUL nor half a surrogate pair.")
        raise Invalid(faults=[Fault(parameter(name), "unstorable-character", detail) for name in faulty])
