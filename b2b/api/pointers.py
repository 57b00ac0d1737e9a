"""Where in a request something is wrong.

A value of the body is named by its JSON pointer (RFC 6901, as a URI fragment: ``#/lines/3/quantity``), a query
parameter as ``?limit``, a header as ``If-Match:``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework.exceptions import ErrorDetail

from b2b.errors import Fault

BODY = "#"


def below(pointer: str, key: object) -> str:
    """The pointer of one member or item of what ``pointer`` names."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def parameter(name: str) -> str:
    return f"?{name}"


def header(name: str) -> str:
    return f"{name}:"


def faults_in(details: Any, pointer: str = BODY) -> Iterator[Fault]:
    """One fault for every leaf of a REST framework error's ``detail``."""
    if isinstance(details, ErrorDetail):
        yield Fault(pointer, str(details.code or "invalid").replace("_", "-"), str(details))
    elif isinstance(details, Mapping):
        for key, inner in details.items():
            yield from faults_in(inner, pointer if key == "non_field_errors" else below(pointer, key))
    else:
        for index, inner in enumerate(details):
            yield from faults_in(inner, pointer if isinstance(inner, ErrorDetail) else below(pointer, index))
