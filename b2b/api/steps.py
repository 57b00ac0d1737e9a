"""From the declared steps of a document to the addresses they are taken at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b import policy
from b2b.api import step_inputs
from b2b.api.requests import Request
from b2b.api.serializers import NoInput
from b2b.api.versions import expected_version
from b2b.together import together
from b2b.workflow import Step

if TYPE_CHECKING:
    from b2b.api.documents import DocumentViewSet


def expose(viewset: type[DocumentViewSet]) -> None:
    """Give a viewset an endpoint for every step that has an address, and for the hooks it defines."""
    steps = addressed(viewset)
    unknown = viewset.inputs.keys() - steps.keys()
    if unknown:
        raise TypeError(f"{viewset.__name__}.inputs names {sorted(unknown)}, which are no steps with an address.")
    for taken in viewset.inputs.values():
        step_inputs.remember(taken)
    for name, declared in steps.items():
        _add(viewset, f"step_{name}", step_endpoint(declared, viewset))
    viewset.exposed_steps = frozenset(steps)
    if hasattr(viewset, "build"):
        _add(viewset, "create", create_endpoint(viewset))
    if hasattr(viewset, "change"):
        viewset.editable = True
        _add(viewset, "partial_update", edit_endpoint(viewset))


def addressed(viewset: type[DocumentViewSet]) -> dict[str, Step]:
    """The steps somebody other than the clock may take."""
    steps = viewset.document_class().steps()
    hidden = viewset.hidden_steps
    if hidden is None:
        hidden = frozenset(name for name, declared in steps.items() if declared.by is policy.clock)
    return {name: declared for name, declared in steps.items() if name not in hidden}


def _add(viewset: type[DocumentViewSet], name: str, endpoint: Any) -> None:
    """What the class itself defines stays."""
    if name not in vars(viewset):
        setattr(viewset, name, endpoint)


def step_endpoint(declared: Step, viewset: type[DocumentViewSet]) -> Any:
    inputs: type[serializers.BaseSerializer] = viewset.inputs.get(declared.name, NoInput)

    def take(self: DocumentViewSet, request: Request, pk: UUID) -> Response:
        with together():
            document = self.hold_document()
            sent = inputs(data=request.data, context=self.get_serializer_context())
            sent.is_valid(raise_exception=True)
            step = getattr(document, declared.name)
            step(actor=request.actor, expected_version=expected_version(request), **sent.validated_data)
        return self.told(document)

    take.__name__ = f"step_{declared.name}"
    hyphenated = declared.name.replace("_", "-")
    routed = action(detail=True, methods=["post"], url_path=hyphenated, url_name=hyphenated)(take)
    # Applied last: ``action`` would overwrite it, and every step would document the whole document as its body.
    return extend_schema(
        request=None if inputs is NoInput else inputs,
        responses=viewset.serializer_class,
        summary=declared.label,
        description=format_lazy(
            _("From {sources} to {targets}. For: {who}."),
            sources=", ".join(declared.sources),
            targets=", ".join(declared.targets),
            who=declared.by.name,
        ),
    )(routed)


def create_endpoint(viewset: type[DocumentViewSet]) -> Any:
    def create(self: DocumentViewSet, request: Request) -> Response:
        return self.create_document(request)

    return extend_schema(request=viewset.content_serializer_class, responses={201: viewset.serializer_class})(create)


def edit_endpoint(viewset: type[DocumentViewSet]) -> Any:
    def partial_update(self: DocumentViewSet, request: Request, pk: UUID) -> Response:
        return self.change_document(request, pk)

    return extend_schema(request=viewset.content_serializer_class, responses=viewset.serializer_class)(partial_update)
