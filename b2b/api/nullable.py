"""A hook of the schema generator: what may be anything may be null already."""

from __future__ import annotations

from typing import Any

NULL = {"type": "null"}


def simplify_nullable(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """``oneOf`` of anything and null is satisfied by nothing, since null is both; take the alternatives out."""
    _simplify(result["components"])
    return result


def _simplify(node: Any) -> None:
    if isinstance(node, dict):
        if node.get("oneOf") in ([{}, NULL], [NULL, {}]):
            del node["oneOf"]
        for inner in node.values():
            _simplify(inner)
    elif isinstance(node, list):
        for inner in node:
            _simplify(inner)
