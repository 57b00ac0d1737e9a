"""The OpenAPI schema as the tests look at it: generated once a process, since that takes seconds, and checked quickly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from drf_spectacular import validation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from jsonschema import Draft202012Validator, ValidationError, validators

STANDARD = Path(validation.__file__).with_name("openapi_3_1_schema.json")


@cache
def generated() -> tuple[dict[str, Any], list[str]]:
    """The schema, and what its generator complained of."""
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        schema = SchemaGenerator(api_version="v1").get_schema(request=None, public=True)
    return schema, [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]


def breaches(schema: dict[str, Any]) -> list[str]:
    """Where the schema breaks the standard of OpenAPI 3.1, and how."""
    written = json.loads(OpenApiJsonRenderer().render(schema))
    once = {name: _once(Draft202012Validator.VALIDATORS[name]) for name in ("$ref", "$dynamicRef")}
    checker = validators.extend(Draft202012Validator, once)(json.loads(STANDARD.read_text()))
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(written)]


def _once(keyword: Callable[..., Iterator[ValidationError] | None]) -> Callable[..., Iterator[ValidationError]]:
    """What is right in one place is not looked at again where the same is written: an API says most things often."""
    right: set[tuple[str, str]] = set()

    def check(validator: Any, reference: str, part: Any, within: Any) -> Iterator[ValidationError]:
        asked = (reference, json.dumps(part))
        if asked not in right:
            found = list(keyword(validator, reference, part, within) or ())
            if not found:
                right.add(asked)
            yield from found

    return check
