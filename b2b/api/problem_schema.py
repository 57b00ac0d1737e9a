"""The problems every operation may answer with, described once in the OpenAPI schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b2b.api import media_types

KINDS: Mapping[int, tuple[str, str, str]] = {
    400: ("malformed", "The request cannot be read.", "The body is not JSON, or its type is not what it says."),
    401: ("not-signed-in", "Sign in first.", "Nobody is signed in, or the token opens nothing."),
    403: ("not-allowed", "You may not do this.", "You may not."),
    404: ("not-found", "There is nothing here for you.", "Not there, or not for you."),
    409: ("wrong-state", "The document is not in a state that allows this.", "Not now."),
    412: ("stale-version", "Somebody changed this since you read it.", "You saw an old version."),
    413: ("body-too-large", "The request is too large.", "The body is too large."),
    422: ("invalid", "What you sent is not valid.", "Not like this."),
    428: ("version-required", "Say which version you saw.", "The header If-Match is missing."),
    429: ("too-many-requests", "Too many requests.", "Wait as long as Retry-After says."),
}
"""Status to the code and title of a typical one, and what all with this status have in common."""


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """A hook of the schema generator: the responses that ``HanseSchema`` refers to."""
    result["components"]["responses"] = {f"Problem{status}": described(status) for status in KINDS}
    return result


def described(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": KINDS[status][2],
        "content": {media_types.PROBLEM: {"schema": schema, "example": problem_example(status)}},
    }


def problem_example(status: int) -> dict[str, Any]:
    code, title, _ = KINDS[status]
    return {"type": f"/problems/{code}", "title": title, "status": status, "request_id": "5f0c9a7e2b6d4c1f"}
