"""What every endpoint of ours is."""

from __future__ import annotations

from django.utils.translation import gettext
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from b2b.api.idempotency import Once
from b2b.api.pointers import parameter
from b2b.errors import Fault, Invalid


class Endpoint(Once):
    """A view whose POSTs honour ``Idempotency-Key``; ``request.actor`` says who asks."""

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        require_storable_parameters(request)
        super().initial(request, *args, **kwargs)


class EndpointSet(Endpoint, GenericViewSet):
    """A viewset of rows reached by their key; what the actor may not see is not there."""

    lookup_value_converter = "uuid"
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return super().get_queryset().visible_to(self.request.actor)


def require_storable_parameters(request: Request) -> None:
    """PostgreSQL takes no NUL in text, so nothing can match one."""
    faulty = [name for name, values in request.query_params.lists() if "\x00" in name or "\x00" in "".join(values)]
    if faulty:
        detail = gettext("Text may hold neither NUL nor half a surrogate pair.")
        raise Invalid(faults=[Fault(parameter(name), "unstorable-character", detail) for name in faulty])
