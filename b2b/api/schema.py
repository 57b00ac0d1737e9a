"""The OpenAPI schema: what the framework infers, and what all our operations have in common."""

from __future__ import annotations

from drf_spectacular.openapi import AutoSchema


class HanseSchema(AutoSchema):
    pass
