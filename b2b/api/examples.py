"""An example for every operation, made from what its schema says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

METHODS = ("get", "post", "patch", "put", "delete")

BY_NAME: Mapping[str, str] = {
    "code": "stale-version",
    "country": "CN",
    "currency": "CNY",
    "email": "li.wei@example.com",
    "language": "zh-hans",
    "name": "Ningbo Haitian Fasteners",
    "native_name": "宁波海天紧固件有限公司",
    "number": "RFQ-2026-000042",
    "pointer": "#/lines/0/quantity",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "reason": "The specification has changed.",
    "time_zone": "Asia/Shanghai",
    "type": "/problems/stale-version",
    "unit": "KGM",
}
BY_FORMAT: Mapping[str, str] = {
    "binary": "(the file's bytes)",
    "date": "2026-03-02",
    "date-time": "2026-03-02T09:00:00Z",
    "decimal": "12.50",
    "email": "li.wei@example.com",
    "time": "09:00:00",
    "uri": "https://hanse.example/",
    "uri-reference": "/api/v1/rfqs/?cursor=WyItaWQiXQ",
    "uuid": "0198c5b0-7a3e-7cc1-9f4e-2b6d1a0c9e57",
}
PLAINER = ("0.05", "1", "A", "a")
"""Tried in turn where a pattern refuses the usual text."""
BY_TYPE: Mapping[str, Any] = {"boolean": True, "integer": 1, "number": 1, "null": None}


def add_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """A hook of the schema generator: give each body without an example one of its own."""
    schemas = result.get("components", {}).get("schemas", {})
    for operation in operations(result):
        for media in bodies(operation):
            if "example" not in media and "examples" not in media and "schema" in media:
                media["example"] = example(media["schema"], schemas)
    return result


def operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in result["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def bodies(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every media type an operation reads or writes; problems are described once for all."""
    yield from operation.get("requestBody", {}).get("content", {}).values()
    for response in operation["responses"].values():
        yield from response.get("content", {}).values()


def example(
    schema: Mapping[str, Any], schemas: Mapping[str, Any], *, name: str = "", within: frozenset[str] = frozenset()
) -> Any:
    """A value the schema describes; ``schemas`` are the components it may refer to, ``within`` those it stands in."""
    if "$ref" in schema:
        known = schema["$ref"].rpartition("/")[2]
        return None if known in within else example(schemas[known], schemas, name=name, within=within | {known})
    if (given := _given(schema)) is not None:
        return given
    if alternatives := schema.get("oneOf") or schema.get("anyOf"):
        return example(alternatives[0], schemas, name=name, within=within)
    if parts := schema.get("allOf"):
        return _merged([example(part, schemas, name=name, within=within) for part in parts])
    return _typed(schema, schemas, name, within)


def _given(schema: Mapping[str, Any]) -> Any:
    if examples := schema.get("examples"):
        return examples[0]
    if choices := schema.get("enum"):
        return choices[0]
    return schema.get("example") or schema.get("default") or None


def _merged(parts: list[Any]) -> Any:
    objects = [part for part in parts if isinstance(part, dict)]
    return {key: value for part in objects for key, value in part.items()} if objects else parts[0]


def _typed(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str, within: frozenset[str]) -> Any:
    match _type(schema):
        case "object":
            members = schema.get("properties", {})
            return {key: example(inner, schemas, name=key, within=within) for key, inner in members.items()}
        case "array":
            items = schema.get("items", {})
            inside_itself = items.get("$ref", "").rpartition("/")[2] in within
            return [] if inside_itself else [example(items, schemas, name=name, within=within)]
        case "string":
            return _text(schema, name)
        case "integer" | "number":
            return schema.get("minimum", 1)
        case kind:
            return BY_TYPE.get(kind)


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "null")
    return next((one for one in kind if one != "null"), "null") if isinstance(kind, list) else kind


def _text(schema: Mapping[str, Any], name: str) -> str:
    """The likeliest text that the schema's own pattern lets pass."""
    usual = BY_FORMAT.get(schema.get("format", "")) or BY_NAME.get(name, "Text")
    pattern = schema.get("pattern", "")
    text = next((one for one in (usual, *PLAINER) if re.search(pattern, one)), usual)
    return text[: schema.get("maxLength", len(text))]
