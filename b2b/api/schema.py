"""The OpenAPI schema: what the framework infers, and what all our operations have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from b2b.api import headers
from b2b.api.problem_serializers import ProblemSerializer

CREATE = "_create"

ALWAYS = {401, 403, 429}
OF_ONE = {404}
OF_READING = {422}
OF_WRITING = {400, 409, 412, 413, 422}
OF_REQUIRED_VERSION = {428}


class HanseSchema(AutoSchema):
    """Adds the headers we read and the problems we answer with."""

    def get_operation_id(self) -> str:
        """Steps and other actions are verbs already: ``rfqs_publish``, not ``rfqs_publish_create``."""
        name = str(super().get_operation_id())
        action = getattr(self.view, "action", None)
        return name.removesuffix(CREATE) if self.method == "POST" and action != "create" else name

    def get_override_parameters(self) -> list[Any]:
        return [*super().get_override_parameters(), *self._headers()]

    def _headers(self) -> Iterator[OpenApiParameter]:
        if any(getattr(permission, "needs_organisation", False) for permission in self.view.permission_classes):
            yield _header(headers.ORGANISATION, OpenApiTypes.UUID, "For which of your organisations you act.")
        if self.method == "POST":
            yield _header(headers.KEY, OpenApiTypes.STR, "The same key gives the first answer again.")
        if self.method in {"PATCH", "POST"} and self._is_of_document():
            yield _header(
                headers.MATCH,
                OpenApiTypes.STR,
                'The ETag of the version you saw, such as "v3".',
                required=self.method == "PATCH",
            )
        if self.method in {"PATCH", "POST"} and getattr(self.view, "is_versioned", False):
            yield _header(headers.PREFER, OpenApiTypes.STR, "“return=minimal” for an answer without the document.")

    def _is_of_document(self) -> bool:
        return getattr(self.view, "is_versioned", False) and "{" in self.path

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        responses = super()._get_response_bodies(direction)
        self.resolve_serializer(ProblemSerializer, direction)
        for status in self._problems():
            responses.setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
        return dict(sorted(responses.items()))

    def _problems(self) -> set[int]:
        of_method = OF_READING if self.method == "GET" else OF_WRITING
        of_row = OF_ONE if "{" in self.path else set()
        of_version = OF_REQUIRED_VERSION if self.method == "PATCH" and self._is_of_document() else set()
        return ALWAYS | of_method | of_row | of_version


def _header(name: str, kind: OpenApiTypes, description: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, required=required, description=description)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "b2b.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A personal token."}


class BrowserScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "b2b.api.authentication.BrowserAuthentication"
    name = "browser"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "With X-CSRFToken on writes."}
