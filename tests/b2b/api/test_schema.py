"""The OpenAPI schema is complete, true and has an example for everything."""

from __future__ import annotations

import re
from copy import deepcopy

import jsonschema
import pytest
from django.urls import get_resolver

from b2b.api.examples import example
from b2b.api.schema_view import written
from tests.openapi import breaches

METHODS = ("get", "post", "patch", "put", "delete")


@pytest.fixture(scope="session")
def operations(schema):
    return {
        f"{method} {path}": operation
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def media_of(operation):
    yield from operation.get("requestBody", {}).get("content", {}).items()
    for response in operation["responses"].values():
        yield from response.get("content", {}).items()


def test_it_is_openapi_3_1_and_valid(schema):
    assert schema["openapi"].startswith("3.1")
    assert breaches(schema) == []


def test_one_wrong_word_among_many_alike_is_found(schema):
    memos = {path: item for path, item in schema["paths"].items() if path.startswith("/api/v1/memos/")}
    spoilt = deepcopy({**schema, "paths": memos, "components": {}})
    assert breaches(spoilt) == []

    spoilt["paths"]["/api/v1/memos/{id}/"]["get"]["responses"]["401"]["wrong"] = 1

    place = "$.paths['/api/v1/memos/{id}/'].get.responses['401']"
    assert breaches(spoilt) == [f"{place}: Unevaluated properties are not allowed ('wrong' was unexpected)"]


def test_it_is_generated_without_a_warning(generated):
    assert generated[1] == []


def test_every_body_of_every_operation_has_an_example(operations):
    bare = [
        f"{name} {media_type}"
        for name, operation in operations.items()
        for media_type, media in media_of(operation)
        if "example" not in media and "examples" not in media
    ]

    assert operations
    assert not bare


def test_every_example_is_one(schema, operations):
    """What stands as an example satisfies its own schema."""
    components = {"components": schema["components"]}
    wrong = []
    for name, operation in operations.items():
        for media_type, media in media_of(operation):
            if "example" in media and media_type == "application/json":
                checker = jsonschema.Draft202012Validator({**media["schema"], **components})
                wrong += [f"{name}: {error.message}" for error in checker.iter_errors(media["example"])]

    assert not wrong


def test_every_operation_says_how_it_refuses(operations):
    for name, operation in operations.items():
        assert {"401", "403", "429"} <= operation["responses"].keys(), name
        assert ("404" in operation["responses"]) == ("{" in name), name


def test_every_post_takes_a_key_and_every_patch_of_a_document_its_version(operations):
    def headers(name):
        parameters = operations[name].get("parameters", ())
        return {one["name"]: one.get("required", False) for one in parameters if one["in"] == "header"}

    assert all("Idempotency-Key" in headers(name) for name in operations if name.startswith("post"))
    assert headers("patch /api/v1/memos/{id}/")["If-Match"] is True
    assert headers("post /api/v1/memos/{id}/submit/")["If-Match"] is False


def test_a_step_is_described_by_its_declaration(operations):
    cancel, submit = (operations[f"post /api/v1/memos/{{id}}/{step}/"] for step in ("cancel", "submit"))

    assert (cancel["operationId"], cancel["summary"]) == ("memos_cancel", "Cancel")
    assert cancel["description"].startswith("From draft, submitted to cancelled. For: buyer and")
    assert cancel["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/ReasonInputRequest")
    assert "requestBody" not in submit


def test_every_route_of_the_api_is_in_it(schema):
    def routes(patterns, prefix=""):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            yield from routes(pattern.url_patterns, route) if hasattr(pattern, "url_patterns") else [route]

    served = {"/" + re.sub(r"<(?:uuid:)?pk>", "{id}", route) for route in routes(get_resolver().url_patterns)}
    described = {re.sub(r"\{\w+\}", "{id}", path) for path in schema["paths"]}

    ours = {re.sub(r"<\w+:\w+>", "{id}", route) for route in served if route.startswith("/api/v1/")}
    assert ours - described == {"/api/v1/schema/"}


@pytest.mark.parametrize(
    ("described", "value"),
    [
        ({"type": "string", "format": "decimal"}, "12.50"),
        ({"type": ["string", "null"], "format": "date"}, "2026-03-02"),
        ({"type": "string", "maxLength": 2}, "Te"),
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "array", "items": {"type": "boolean"}}, [True]),
        ({"enum": ["draft", "sent"]}, "draft"),
        ({"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}, {"a": 1}),
        ({"allOf": [{"$ref": "#/components/schemas/A"}], "readOnly": True}, {"a": 1}),
        ({}, None),
    ],
)
def test_an_example_is_made_from_what_a_schema_says(described, value):
    assert example(described, {"A": {"type": "object", "properties": {"a": {"type": "integer"}}}}) == value


def test_an_example_of_what_contains_itself_ends():
    node = {"type": "object", "properties": {"inner": {"$ref": "#/components/schemas/Node"}}}

    assert example(node, {"Node": node})


@pytest.mark.django_db
def test_it_is_served_to_everybody_in_their_language_and_generated_once(client):
    written.cache_clear()

    first, second = (client.get("/api/v1/schema/", headers={"Accept-Language": "zh-CN"}) for _ in range(2))

    assert first["Content-Type"] == "application/vnd.oai.openapi+json"
    assert first.json()["paths"]["/api/v1/memos/{id}/submit/"]["post"]["summary"] == "提交"
    assert second.content == first.content
    assert (written.cache_info().misses, written.cache_info().hits) == (1, 1)


@pytest.mark.django_db
def test_it_is_browsable_without_a_foreign_address_or_inline_script(client):
    page = client.get("/api/docs/")
    html = page.content.decode()

    assert page.status_code == 200
    sources = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert sources
    assert all(source.startswith("/") and not source.startswith("//") for source in sources)
    assert not re.findall(r"<script[^>]*>[^<]+</script>|<[^>]+ on\w+=", html)
    assert (
        client.get(next(source for source in sources if "script=" in source).replace("&amp;", "&")).status_code == 200
    )
