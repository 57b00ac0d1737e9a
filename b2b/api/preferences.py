"""``Prefer: return=minimal`` (RFC 7240): a machine that acts and does not look saves both sides the document."""

from __future__ import annotations

from rest_framework import status
from rest_framework.response import Response

from b2b.api import headers
from b2b.api.requests import Request

MINIMAL = "return=minimal"


def wants_minimal(request: Request) -> bool:
    preferences = request.headers.get(headers.PREFER, "").lower().split(",")
    return MINIMAL in {preference.strip() for preference in preferences}


def minimal(code: int, tag: str) -> Response:
    """An answer without a body: where something was made it stays 201, otherwise it becomes 204."""
    code = status.HTTP_204_NO_CONTENT if code == status.HTTP_200_OK else code
    return Response(None, status=code, headers={"ETag": tag, "Preference-Applied": MINIMAL})
