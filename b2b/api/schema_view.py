"""The OpenAPI schema over HTTP, generated once for each language and media type."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language, override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request

MINUTES_5 = "public, max-age=300"


class Schema(SpectacularAPIView):
    """JSON unless YAML is asked for. It takes seconds to describe, so nobody may have it done again and again."""

    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer]
    api_version = "v1"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer: Any = type(request.accepted_renderer)
        content = written(get_language() or "en", renderer=renderer)
        return HttpResponse(content, content_type=renderer.media_type, headers={"Cache-Control": MINUTES_5})


@cache
def written(language: str, renderer: Any) -> bytes:
    generator: Any = SchemaGenerator
    with override(language):
        described = generator(api_version="v1").get_schema(request=None, public=True)
        return renderer().render(described, renderer_context={})
