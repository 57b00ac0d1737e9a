"""An example for every operation, made from what its schema says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from b2b.api.media_types import PROBLEM

DEEPEST = 8
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
    "uri-reference": "/api/v1/memos/?cursor=WyItaWQiXQ",
    "uuid": "0198c5b0-7a3e-7cc1-9f4e-2b6d1a0c9e57",
}
BY_TYPE: Mapping[str, Any] = {"boolean": True, "integer": 1, "number": 1, "null": None}


def add_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """The schema generator's last hook: give each body without an example one of its own."""
    schemas = result.get("components", {}).get("schemas", {})
    for operation in operations(result):
        for _media_type, media in bodies(operation):
            if "example" not in media and "examples" not in media and "schema" in media:
                media["example"] = example(media["schema"], schemas)
    return result


def operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in result["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def bodies(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every media type an operation reads or writes, with its description."""
    yield from operation.get("requestBody", {}).get("content", {}).items()
    for status, response in operation["responses"].items():
        for media_type, media in response.get("content", {}).items():
            yield media_type, media
            if media_type == PROBLEM:
                media.setdefault("example", problem_example(int(status)))


def problem_example(status: int) -> dict[str, Any]:
    code, title = PROBLEMS.get(status, ("unexpected", "Something went wrong on our side."))
    return {"type": f"/problems/{code}", "title": title, "status": status, "request_id": "5f0c9a7e2b6d4c1f"}


PROBLEMS: Mapping[int, tuple[str, str]] = {
    400: ("malformed", "The request cannot be read."),
    401: ("not-signed-in", "Sign in first."),
    403: ("not-allowed", "You may not do this."),
    404: ("not-found", "There is nothing here for you."),
    409: ("wrong-state", "The document is not in a state that allows this."),
    412: ("stale-version", "Somebody changed this since you read it."),
    413: ("body-too-large", "The request is too large."),
    422: ("invalid", "What you sent is not valid."),
    428: ("version-required", "Say which version you saw."),
    429: ("too-many-requests", "Too many requests."),
}


def example(schema: Mapping[str, Any], schemas: Mapping[str, Any], *, name: str = "", depth: int = 0) -> Any:
    """A value the schema describes; ``schemas`` are the components it may refer to."""
    if depth > DEEPEST:
        return None
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas, name=name, depth=depth + 1)
    if (given := _given(schema)) is not None:
        return given
    if alternatives := schema.get("oneOf") or schema.get("anyOf"):
        return example(alternatives[0], schemas, name=name, depth=depth + 1)
    if parts := schema.get("allOf"):
        return _merged([example(part, schemas, name=name, depth=depth + 1) for part in parts])
    return _typed(schema, schemas, name, depth)


def _given(schema: Mapping[str, Any]) -> Any:
    if examples := schema.get("examples"):
        return examples[0]
    if choices := schema.get("enum"):
        return choices[0]
    return schema.get("example", schema.get("default"))


def _merged(parts: list[Any]) -> Any:
    objects = [part for part in parts if isinstance(part, dict)]
    return {key: value for part in objects for key, value in part.items()} if objects else parts[0]


def _typed(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str, depth: int) -> Any:
    match _type(schema):
        case "object":
            members = schema.get("properties", {})
            return {key: example(inner, schemas, name=key, depth=depth + 1) for key, inner in members.items()}
        case "array":
            return [example(schema.get("items", {}), schemas, name=name, depth=depth + 1)]
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
    text = BY_FORMAT.get(schema.get("format", "")) or BY_NAME.get(name, "Text")
    return text[: schema.get("maxLength", len(text))]
